"""No secret of an exact record is in any byte of what is published, wherever in the record it was planted."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from atlas.api import Atlas
from atlas.pipeline.publish_options import PublishOptions, Sealing
from atlas.project import Project
from atlas.release.ground import Ground

pytestmark = pytest.mark.slow

Record = dict[str, Any]
SECRET = "Zacarías Ficticio"  # noqa: S105 - a name, of nobody
PHRASE = "correct horse battery staple"
PHONE = "+52 962 555 0123"
MAIL = "zacarias@ficticio.example"
WORDS = (SECRET, "Zacarías", "Ficticio", PHONE, "9625550123", "555 0123", MAIL, "ficticio.example", "IMG_2077")


def _planted(ground: Ground, number: int) -> Record:
    """A record with secrets in every member that it has, at a place of its own."""
    on_line = ground.border.at(12 + number / 40)
    lon, lat = on_line[0] + 0.00123457, on_line[1] + 0.00076543
    return {
        "type": "Feature",
        "id": f"{SECRET}-{number}",
        "bbox": [lon, lat, lon, lat],
        SECRET: {"lon": lon, "lat": lat, "phone": PHONE},
        "geometry": {"type": "Point", "coordinates": [lon, lat, 411.5], SECRET: PHONE, "bbox": [lon, lat, lon, lat]},
        "properties": {
            "category": "shelter" if number % 4 else f"shelter {SECRET}",
            "note": f"Ask {SECRET}, {PHONE}, {MAIL}, at {lat:.5f}, {lon:.5f}",
            "note_reviewed": True,
            "observed_at": f"2024-05-{number % 28 + 1:02d}T23:47:{number % 60:02d}-06:00"
            if number % 3
            else f"2024-05-03 {PHONE}",
            "sensitivity": "generalised",
            "confidence": "high" if number % 2 else SECRET,
            "coordinateUncertaintyInMeters": 9625550123,
            "photos": ["IMG_2077.jpg"],
            "photos_reviewed": True,
            "reach": PHONE,
            "place": SECRET,
            "municipality_name": SECRET,
            PHONE: MAIL,
            "policy": SECRET,
        },
    }


def _forms(secret: str) -> Iterator[bytes]:
    """A secret as it may be written: in several encodings, escaped, and in base 64 and 16."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "latin-1"):
        data = secret.encode(encoding)
        yield data
        yield base64.b64encode(data)[:-4]
        yield data.hex().encode()
    yield json.dumps(secret).strip('"').encode()
    yield secret.lower().encode()


def _exact(records: list[Record]) -> Iterator[bytes]:
    """Positions as they may be written, to a metre and finer; the border's own are farther off."""
    for record in records:
        lon, lat = record["geometry"]["coordinates"][:2]
        for decimals in (5, 6, 8):
            yield f"{lon:.{decimals}f},{lat:.{decimals}f}".encode()
        yield from (repr(value)[:10].encode() for value in (lon, lat))


@pytest.fixture
def published(
    project: Project, ground: Ground, write: Callable[..., Path], tmp_path: Path
) -> tuple[Path, list[Record]]:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E] = SECRET
    Image.new("RGB", (8, 8)).save(tmp_path / "IMG_2077.jpg", exif=exif)
    records = [_planted(ground, number) for number in range(120)]
    hidden = [{**record, "id": f"{record['id']}-x"} for record in records[:20]]
    for number, record in enumerate(hidden):
        record["properties"] = {
            **record["properties"],
            "sensitivity": ["withheld", "restricted", None, SECRET][number % 4],
        }
    path = write([*records, *hidden], f"{SECRET}.geojson", title=SECRET, bbox=[0, 0, 1, 1])
    (tmp_path / "allow.toml").write_text(_all_fields(), encoding="utf-8")
    Atlas(project).release([path], tmp_path / "out", PublishOptions(policy=tmp_path / "allow.toml"))
    return tmp_path / "out", records


def _all_fields() -> str:
    from atlas.release.terms_reader import default_policy_text

    return default_policy_text().replace('"sensitivity"]', '"sensitivity", "note", "photos"]')


def test_no_planted_secret_is_in_any_published_byte(published: tuple[Path, list[Record]]) -> None:
    folder, records = published
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert set(files) == {"records.geojson", "counts.csv", "ledger.json", "release.json"}
    assert len(json.loads(files["records.geojson"])["features"]) > 0
    forms = {form for word in WORDS for form in _forms(word)} | set(_exact(records))
    forms |= {b"23:47", b"2024-05-0", b"411.5"}
    leaks = [(name, form) for name, data in files.items() for form in forms if form in data or form in data.lower()]
    assert not leaks
    assert not [name for name in files if any(word.lower() in name.lower() for word in WORDS)]


def test_every_number_of_a_class_is_a_step_and_the_table_adds_them_up(published: tuple[Path, list[Record]]) -> None:
    folder, _ = published
    features = json.loads((folder / "records.geojson").read_bytes())["features"]
    numbers = [feature["properties"]["reports_at_least"] for feature in features]
    assert all(number >= 5 and number % 5 == 0 for number in numbers)
    rows = [line.split(",") for line in (folder / "counts.csv").read_text(encoding="utf-8").splitlines()[1:]]
    assert sum(int(row[-1]) for row in rows) == sum(numbers)


def test_the_id_of_a_record_is_not_made_of_its_own(
    project: Project, ground: Ground, write: Callable[..., Path], tmp_path: Path
) -> None:
    records = [_planted(ground, number) for number in range(30)]
    once = Atlas(project).release([write(records)], tmp_path / "a")
    renamed = [{**record, "id": f"another {number}"} for number, record in enumerate(records)]
    Atlas(project).release([write(renamed)], tmp_path / "b")
    assert once.count > 0
    assert (tmp_path / "a" / "records.geojson").read_bytes() == (tmp_path / "b" / "records.geojson").read_bytes()


def test_a_sealed_copy_opens_again_and_lies_where_nothing_is_published(
    project: Project, ground: Ground, write: Callable[..., Path], tmp_path: Path
) -> None:
    from atlas.errors import InputError, PolicyError, UsageError
    from atlas.release import sealed
    from atlas.release.boundary import refuse_exact_output

    path = write([_planted(ground, number) for number in range(6)])
    sealing = Sealing(tmp_path / "team.age", passphrase=PHRASE)
    Atlas(project).release([path], tmp_path / "out", PublishOptions(sealing=sealing))
    data = (tmp_path / "team.age").read_bytes()
    assert SECRET.encode() not in data
    assert (tmp_path / "team.age").stat().st_mode & 0o077 == 0
    assert sealed.unseal(data, passphrase=PHRASE) == path.read_bytes()
    with pytest.raises(InputError, match="does not open"):
        sealed.unseal(data, passphrase=PHRASE[1:])
    for place in (tmp_path / "out" / "x.age", tmp_path / "maps" / "x.age", tmp_path / "GeoData" / "a" / "x.age"):
        with pytest.raises(PolicyError, match="exact records do not go into"):
            Atlas(project).release([path], tmp_path / "out", PublishOptions(sealing=Sealing(place, passphrase=PHRASE)))
        assert not place.exists()
    (tmp_path / "link").symlink_to(project.maps)
    with pytest.raises(PolicyError, match="exact records do not go into"):
        refuse_exact_output(tmp_path / "link" / "x.age", project)
    for wrong in ({"recipients": ["age1nonsense"]}, {"passphrase": ""}, {}):
        with pytest.raises(UsageError, match=r"recipient|passphrase"):
            sealed.seal(b"", **wrong)


def test_a_copy_opens_though_the_machine_seemed_too_slow_for_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import pyrage

    from atlas.release import sealed

    data, real = sealed.seal(b"exact", passphrase=PHRASE), pyrage.passphrase.decrypt
    answers = iter([pyrage.DecryptError("Excessive work parameter for passphrase.\nIt would take 60 seconds.")])

    def decrypt(*arguments: object) -> bytes:
        for error in answers:
            raise error
        return bytes(real(*arguments))

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    assert sealed.unseal(data, passphrase=PHRASE) == b"exact"


def test_a_copy_that_asks_for_too_much_work_is_not_called_damaged() -> None:
    from atlas.errors import InputError
    from atlas.release import sealed

    data = re.sub(rb"(?<=\n)(-> scrypt \S+) [0-9]+", rb"\1 30", sealed.seal(b"exact", passphrase=PHRASE), count=1)
    with pytest.raises(InputError, match=r"Excessive work .* when this machine has less to do"):
        sealed.unseal(data, passphrase=PHRASE)


def test_a_copy_sealed_for_a_key_opens_with_it(tmp_path: Path) -> None:
    import pyrage

    from atlas.release import sealed

    identity = pyrage.x25519.Identity.generate()
    data = sealed.seal(b"exact", recipients=[str(identity.to_public())])
    (tmp_path / "key.txt").write_text(f"# a key\n{identity}\n", encoding="utf-8")
    assert sealed.unseal(data, identities=[tmp_path / "key.txt"]) == b"exact"


def test_a_photo_of_an_open_record_is_drawn_anew(
    project: Project, ground: Ground, write: Callable[..., Path], tmp_path: Path
) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x010E], exif[0x8825] = SECRET, {1: "N", 2: (14.0, 30.0, 12.3)}
    Image.new("RGB", (64, 48), "green").save(tmp_path / "p.jpg", exif=exif, comment=SECRET.encode())
    records = _planted(ground, 1)
    records["geometry"]["coordinates"] = [-92.25, 14.9]
    records["properties"] |= {"category": "formal_crossing", "sensitivity": "open", "note": "Paso cerrado por lluvias."}
    records["properties"]["photos"] = ["p.jpg", "../p.jpg", "/etc/hostname", "missing.jpg"]
    listed = _all_fields().replace('formal_crossing = "generalised"\ncheck', 'formal_crossing = "open"\ncheck')
    (tmp_path / "open.toml").write_text(listed, encoding="utf-8")
    made = Atlas(project).release([write([records])], tmp_path / "out", PublishOptions(policy=tmp_path / "open.toml"))
    (feature,) = json.loads((tmp_path / "out" / "records.geojson").read_bytes())["features"]
    (name,) = feature["properties"]["photos"]
    assert feature["properties"]["note"] == "Paso cerrado por lluvias."
    assert "3 photographs could not be read and were left out." in made.notes
    with Image.open(tmp_path / "out" / name) as picture:
        assert picture.size == (64, 48)
        assert not picture.getexif()
        assert "comment" not in picture.info
    data = (tmp_path / "out" / name).read_bytes()
    assert not [form for form in _forms(SECRET) if form in data]
    # withdrawn, its photo goes as well
    Atlas(project).release([write([])], tmp_path / "out", PublishOptions(policy=tmp_path / "open.toml"))
    assert not (tmp_path / "out" / name).exists()
