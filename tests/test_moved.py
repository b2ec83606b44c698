"""What version 0.1.0 gave at its doors is still there, with a warning that names the new place."""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings

import pytest

import atlas
from atlas import moved

# the doors of version 0.1.0 that are elsewhere now, with all that they gave
DOORS = {
    "atlas.audit": ("MEASURED", "Finding", "Verdict", "audit_claims"),
    "atlas.build": ("Built", "build"),
    "atlas.exchange": ("dumps", "feature", "read_collection", "read_json"),
    "atlas.exchange.check": (
        [
            "RULES",
            "THEMES",
            "Finding",
            "Report",
            "Rule",
            "Severity",
            "check_file",
            "check_files",
            "failed",
            "read_schema",
            "render",
            "rules_text",
        ]
    ),
    "atlas.exchange.clean": [
        "ACTIONS",
        "Action",
        "Cleaned",
        "CleanedFiles",
        "Options",
        "Way",
        "clean",
        "clean_files",
        "options",
        "rules_text",
    ],
    "atlas.exchange.export": ("FORMATS", "Exported", "Layer", "Material", "export"),
    "atlas.listing": ("print_layer", "print_layers"),
    "atlas.mapview": ("MapView", "make_map"),
    "atlas.refresh": ("Refreshed", "derive", "refresh"),
    "atlas.release": ("Release", "Sensitivity", "open_release"),
    "atlas.release.audit": (
        [
            "Attack",
            "Finding",
            "Report",
            "Severity",
            "audit",
            "audit_features",
            "audit_published",
            "audit_release",
            "refuse_findings",
            "render",
        ]
    ),
    "atlas.release.gate": ("Release", "open_release"),
    "atlas.release.procedure": ("Sealing", "Terms", "run_release"),
    "atlas.release.publication": ("Published",),
    "atlas.verify": ("Verified", "verify"),
}
# the same names at the same doors as then
KEPT = {
    "atlas": ("AtlasError", "open"),
    "atlas.evidence": ("Evidence", "PartialCount", "ReportedTotal", "Source", "UnsourcedRow", "load_evidence"),
    "atlas.field": ("exact_records", "open_store"),
    "atlas.field.forms": ("write_qfield", "write_xlsform"),
    "atlas.field.readers": ("DateOrder", "ReadOptions", "read_file"),
    "atlas.figure": ("PAGES", "draw_figure"),
    "atlas.release": ("Restricted",),
    "atlas.render": ("PAGES", "Publishable", "build_pages", "render_field_page", "render_layer", "render_page"),
    "atlas.sources": ("REGION", "SOUTHERN_STATES", "SourceRecord", "Sources", "pinned_records", "read_sources"),
}


@pytest.mark.parametrize("door", DOORS)
def test_an_old_door_leads_to_the_new_one(door: str) -> None:
    module = importlib.import_module(door)
    for name in DOORS[door]:
        with pytest.warns(DeprecationWarning, match=rf"{door}\.{name} is atlas\.[\w.]+ now; .* version 2\.0\.0"):
            assert getattr(module, name) is not None


@pytest.mark.parametrize("door", KEPT)
def test_what_has_not_moved_says_nothing(door: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in KEPT[door]:
            assert getattr(importlib.import_module(door), name) is not None


def test_the_old_name_is_the_new_thing_and_the_warning_is_at_the_importer() -> None:
    code = "from atlas.audit import audit_claims\nimport atlas.claims\nassert audit_claims is atlas.claims.audit_claims"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "<string>:1: DeprecationWarning: atlas.audit.audit_claims is atlas.claims.audit_claims now" in run.stderr


@pytest.mark.parametrize("door", ["atlas.audit", "atlas.exchange.clean"])
def test_all_of_an_old_door_can_be_imported(door: str) -> None:
    code = f"from {door} import *; print(*sorted(name for name in globals() if not name.startswith('_')))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(DOORS[door]) <= set(run.stdout.split())
    assert "DeprecationWarning" in run.stderr


def test_no_other_name_is_invented() -> None:
    with pytest.raises(ModuleNotFoundError, match="exchanges"):
        importlib.import_module("atlas.exchanges")
    for door in ("atlas.audit", "atlas.release"):
        with pytest.raises(AttributeError, match="no_such"):
            _ = importlib.import_module(door).no_such


def test_an_old_name_is_gone_when_its_time_has_come() -> None:
    current = tuple(int(part) for part in atlas.__version__.split(".")[:2])
    assert current < tuple(int(part) for part in moved.GONE_IN.split(".")[:2]), "remove atlas/moved.py and this test"
