"""Tables on the terminal: all layers, or one with its fields and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

Record = Mapping[str, Any]


def print_layers(layers: Mapping[str, Record]) -> None:
    """A line a layer: what it is, how much of it, how sensitive."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("layer", no_wrap=True)
    table.add_column("what")
    for column in ("features", "kB"):
        table.add_column(column, justify="right")
    table.add_column("sensitivity", no_wrap=True)
    for name, record in layers.items():
        kilobytes = f"{record['bytes'] / 1000:,.0f}"
        count = str(record["feature_count"])
        table.add_row(name, record["title"]["en"], count, kilobytes, record["sensitivity"])
    Console().print(table)


def print_layer(record: Record, sources: Mapping[str, Record], inputs: Mapping[str, Record]) -> None:
    """One layer's description, fields, inputs and cited sources."""
    console = Console()
    console.print(f"[bold]{record['name']}[/bold]  {escape(record['title']['en'])} · {escape(record['title']['es'])}")
    console.print(escape(record["description"]["en"]))
    unplaced = f", {record['unplaced_count']} not placed" if record["unplaced_count"] else ""
    shapes = ", ".join(record["geometry_types"])
    console.print(f"{record['feature_count']} features{unplaced}; {shapes}; {record['sensitivity']}")
    console.print(f"accuracy {record['accuracy_m']:.0f} m; {record['file']}")
    console.print(f"Licence: {escape(record['licence'])}")
    console.print(f"Attribution: {escape(record['attribution'])}\n")
    console.print(_fields(record))
    console.print("\n[bold]Geometry from[/bold]")
    for key in record["inputs"]:
        origin = f"{inputs[key]['package'] or 'own file'} {inputs[key]['version'] or ''}".strip()
        console.print(f"  {key}: {escape(inputs[key]['publisher'])}, {escape(inputs[key]['edition'])} ({origin})")
    console.print("\n[bold]Sources cited[/bold]")
    for source_id in record["source_ids"]:
        console.print(f"  {source_id}: {escape(sources[source_id]['citation']['en'])}")


def _fields(record: Record) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("field", "type", "unit", "empty", "meaning"):
        table.add_column(column)
    for described in record["fields"]:
        unit, empty = described["unit"] or "", "yes" if described["nullable"] else ""
        about = f": {described['description']['en']}" if "description" in described else ""
        table.add_row(described["name"], described["type"], unit, empty, escape(described["title"]["en"] + about))
    return table
