"""`atlas field page` and `atlas field serve`: a team's own page, as a file and at an address of this machine."""

from __future__ import annotations

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from atlas.admission.published_atlas import PublishedAtlas, open_published_atlas
from atlas.errors import InputError, OutputError, PolicyError
from atlas.field.serve import PageServer
from atlas.project import find_project
from atlas.render import render_field_page

pytestmark = pytest.mark.slow

POLICY = "default-src 'none'"


@pytest.fixture(scope="module")
def release(repo: Path) -> PublishedAtlas:
    return open_published_atlas(find_project(repo))


@pytest.fixture
def server() -> Iterator[PageServer]:
    with PageServer(b"<p>page</p>", policy=POLICY, port=0) as running:
        thread = Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def asked(server: PageServer, path: str, method: str = "GET", host: str | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.request(method, path, headers={"Host": host} if host else {})
    return connection.getresponse()


def test_the_page_comes_with_its_policy_and_is_never_stored(server: PageServer) -> None:
    answer = asked(server, "/")
    assert answer.status == 200
    assert answer.read() == b"<p>page</p>"
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Content-Security-Policy") == f"{POLICY}; frame-ancestors 'none'"
    assert answer.getheader("Content-Type") == "text/html; charset=utf-8"
    assert asked(server, "/annotate.html?x=1", "HEAD").getheader("Content-Length") == "11"


@pytest.mark.parametrize("path", ["/etc/passwd", "/../annotate.html", "/geodata/registry.json", "/%2e%2e/"])
def test_nothing_else_is_served(server: PageServer, path: str) -> None:
    answer = asked(server, path)
    assert answer.status == 404
    assert answer.read() == b""


def test_other_methods_and_other_names_for_this_machine_are_refused(server: PageServer) -> None:
    assert asked(server, "/", "POST").status == 501
    assert asked(server, "/", host="elsewhere.example:80").status == 403
    assert asked(server, "/", host=f"localhost:{server.server_port}").status == 200


def test_only_this_machine_is_listened_to(server: PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_one_clear_error(server: PageServer) -> None:
    with pytest.raises(OutputError, match=rf"port {server.server_port} .* choose another with --port"):
        PageServer(b"", policy=POLICY, port=server.server_port)


def _layer(folder: Path, **properties: object) -> Path:
    path = folder / "villages.geojson"
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-92, 15]}, "properties": properties}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return path


def test_a_team_takes_its_layers_along_by_name_and_shape_only(release: PublishedAtlas, tmp_path: Path) -> None:
    html = render_field_page(release, layers=[_layer(tmp_path, name="Synthetic", phone="555-0100")]).decode()
    block = re.search(r'id="atlas-reference">(.*?)</script>', html)
    assert block is not None
    assert json.loads(block[1]) == [
        {"name": "villages", "features": [["Synthetic", {"type": "Point", "coordinates": [-92.0, 15.0]}]]}
    ]
    assert "555-0100" not in html
    assert 'href="index.html"' not in html


def test_a_layer_that_calls_itself_restricted_is_refused(release: PublishedAtlas, tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"sensitivity is 'restricted', which is not drawn"):
        render_field_page(release, layers=[_layer(tmp_path, sensitivity="restricted")])
    with pytest.raises(PolicyError, match="Sensibilidad is 'confidencial', which is no class"):
        render_field_page(release, layers=[_layer(tmp_path, Sensibilidad="confidencial")])
    layer = _layer(tmp_path, Sensibilidad=3)
    assert render_field_page(release, layers=[layer], sensitivity_field="none")


def test_a_layer_with_endless_numbers_or_half_signs_is_no_traceback(
    release: PublishedAtlas, tmp_path: Path, repo: Path
) -> None:
    with pytest.raises(InputError, match="of 311 digits is larger than programs can hold"):
        render_field_page(release, layers=[repo / "tests" / "data" / "layers" / "int-too-large.geojson"])
    assert "a\ufffdb" in render_field_page(release, layers=[_layer(tmp_path, name="a\ud800b")]).decode()


def test_a_team_has_its_own_form(release: PublishedAtlas, tmp_path: Path) -> None:
    schema = json.loads(json.dumps(release.annotation))
    words = {"en": "Water level", "es": "Nivel del agua"}
    schema["properties"]["properties"]["properties"]["water"] = {
        "type": "number",
        "titles": words,
        "descriptions": words,
    }
    form_path = tmp_path / "form.json"
    form_path.write_text(json.dumps(schema), encoding="utf-8")
    assert "Nivel del agua" in render_field_page(release, form=form_path).decode()
    form_path.write_text('{"properties": {}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"start from geodata/schema/annotation\.json"):
        render_field_page(release, form=form_path)


@pytest.mark.slow
@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_there_is_not_is_refused(repo: Path, port: str) -> None:
    command = [sys.executable, "-m", "atlas.cli", "field", "serve", "--port", port, "--project", str(repo)]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (run.returncode, run.stderr) == (2, f"Error: --port {port}: expected 0 to 65535; 0 takes any that is free\n")


@pytest.mark.slow
def test_the_command_serves_until_ctrl_c(repo: Path) -> None:
    command = [sys.executable, "-m", "atlas.cli", "field", "serve", "--port", "0", "--project", str(repo)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        port = re.search(r"http://127\.0\.0\.1:(\d+)/", running.stdout.readline())
        assert port is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(port[1]), timeout=20)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert b'data-page="annotate"' in answer.read()
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0
