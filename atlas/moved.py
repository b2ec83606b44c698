"""Where the doors of version 0.1.0 are now: what was imported from them still is, with a warning, until 2.0.0.

A finder at the end of the import system's list answers for the old names alone, so that no folder or file of them is
left in the package. What it makes is an empty module that asks the new one for each name.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import MappingProxyType, ModuleType
from typing import Any

GONE_IN = "2.0.0"
MOVED: Mapping[str, str] = MappingProxyType(
    {
        "atlas.audit": "atlas.claims",
        "atlas.build": "atlas.pipeline.build",
        "atlas.exchange": "atlas.geojson.collection",
        "atlas.exchange.check": "atlas.check",
        "atlas.exchange.clean": "atlas.clean",
        "atlas.exchange.export": "atlas.export",
        "atlas.listing": "atlas.cli.listing",
        "atlas.mapview": "atlas.pipeline.notebook",
        "atlas.refresh": "atlas.pipeline.refresh",
        "atlas.release.audit": "atlas.disclosure",
        "atlas.release.gate": "atlas.published",
        "atlas.release.procedure": "atlas.pipeline.publish",
        "atlas.release.publication": "atlas.release.release_files",
        "atlas.verify": "atlas.pipeline.verify",
    }
)
# what is called otherwise now, by old module and name
RENAMED: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("atlas.exchange.clean", "Way"): "Strategy",
        ("atlas.release.gate", "Release"): "PublishedLayers",
        ("atlas.release.gate", "open_release"): "open_published_layers",
        ("atlas.release.procedure", "Terms"): "PublishOptions",
        ("atlas.release.procedure", "run_release"): "publish_records",
    }
)


class MovedFinder(MetaPathFinder, Loader):
    """Finds the old doors, and nothing else."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of an old door; nothing for any other name.

        Parameters
        ----------
        fullname
            The dotted name of a module.

        Returns
        -------
        ModuleSpec or None
            A package where other old doors are below it.
        """
        if fullname not in MOVED:
            return None
        return ModuleSpec(fullname, self, is_package=any(name.startswith(f"{fullname}.") for name in MOVED))

    def exec_module(self, module: ModuleType) -> None:
        """Give the empty module the names of the new one, each with a warning when it is used.

        Parameters
        ----------
        module
            The module that the import system has made of the spec.
        """
        old = module.__name__

        def name_of(name: str) -> Any:  # noqa: ANN401 - whatever a module holds
            target = import_module(MOVED[old])
            if name == "__all__":
                return [*getattr(target, "__all__", ()), *(name for door, name in RENAMED if door == old)]
            current = RENAMED.get((old, name), name)
            if name.startswith("_") or not hasattr(target, current):
                msg = f"module {old!r} has no attribute {name!r}"
                raise AttributeError(msg)
            message = f"{old}.{name} is {target.__name__}.{current} now; the old name goes with version {GONE_IN}"
            warnings.warn(message, DeprecationWarning, stacklevel=2)
            return getattr(target, current)

        module.__getattr__ = name_of  # type: ignore[method-assign]  # PEP 562


def install() -> None:
    """Let the import system ask for the old doors, once, after all others."""
    if not any(isinstance(finder, MovedFinder) for finder in sys.meta_path):
        sys.meta_path.append(MovedFinder())
