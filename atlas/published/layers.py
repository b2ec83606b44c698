"""Opens a project's layers for publication: only listed layers, only listed fields, only allowed features."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from atlas.border_project import BorderProject
from atlas.errors import InputError, UsageError, listed
from atlas.evidence import Evidence, project_evidence
from atlas.files import sha256_of_file
from atlas.geojson.collection import read_collection, read_json
from atlas.geojson.meridian_features import turned_features
from atlas.layers.project_schema import project_specs
from atlas.layers.schema import layer_spec
from atlas.project import Project, embedded_geodata
from atlas.published import publishable

_REMEDY = "run `atlas refresh` or restore the file"
ANNOTATION = "schema/annotation.json"
NOTES = "released/records.geojson"


# what pages and tables read of a layer's record
_RECORDED = (
    "file",
    "title",
    "description",
    "geometry_types",
    "feature_count",
    "unplaced_count",
    "sensitivity",
    "licence",
    "licence_es",
    "attribution",
    "attribution_es",
    "accuracy_m",
    "inputs",
    "source_ids",
    "fields",
    "bytes",
    "sha256",
)


@dataclass(frozen=True, slots=True)
class PublishedLayers:
    """The layers of a project as they may be published."""

    project: Project
    registry: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the layers, in their order."""
        return tuple(record["name"] for record in self.registry["layers"])

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """The sources cited by the layers, by id."""
        sources: Mapping[str, Mapping[str, Any]] = self.registry["sources"]
        return sources

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The records of the packages or files that geometry was read from."""
        inputs: Mapping[str, Mapping[str, Any]] = self.registry["inputs"]
        return inputs

    @property
    def evidence(self) -> Evidence:
        """The fact tables behind the layers: claims, cards and lengths, which pages show as they are.

        Raises
        ------
        EvidenceError
            A table is missing or breaks its rules.
        """
        return project_evidence(self.project)

    @property
    def border(self) -> BorderProject | None:
        """The border that the project describes; None for the atlas' own."""
        return self.project.border

    @property
    def annotation(self) -> Mapping[str, Any]:
        """The JSON Schema of a field note, of which the page makes its form.

        Raises
        ------
        InputError
            The file is damaged, or no schema.
        """
        schema = read_json(self._annotation_path)
        if isinstance(schema, dict):
            return schema
        msg = f"{self._annotation_path} is not a JSON Schema; restore it, or take it away: the atlas has its own"
        raise InputError(msg)

    @property
    def _annotation_path(self) -> Path:
        """The project's own schema, else the one that came with the atlas."""
        project_file = self.project.geodata / ANNOTATION
        return project_file if project_file.is_file() else embedded_geodata() / ANNOTATION

    def hashes(self) -> Mapping[str, str]:
        """What the pages are made from: sha256 of registry, layers, fact tables and form, by path in ``geodata``.

        Raises
        ------
        InputError
            A layer's file is missing.
        """
        folder = self.project.geodata
        paths = [self.project.registry_path, *(self.project.layers_dir / f"{name}.geojson" for name in self.names)]
        try:
            files = [*paths, *sorted(self.project.evidence_dir.glob("*.csv"))]
            named = {path.relative_to(folder).as_posix(): sha256_of_file(path) for path in files}
            notes = {
                path.relative_to(folder).as_posix(): sha256_of_file(path) for path in [folder / NOTES] if path.is_file()
            }
            return {**named, **notes, ANNOTATION: sha256_of_file(self._annotation_path)}
        except OSError as error:
            msg = f"{error.filename} cannot be read ({error.strerror}); {_REMEDY}"
            raise InputError(msg) from error

    def record(self, name: str) -> Mapping[str, Any]:
        """The registry's record of a layer.

        Raises
        ------
        UsageError
            The registry has no such layer.
        """
        for record in self.registry["layers"]:
            if record["name"] == name:
                described: Mapping[str, Any] = record
                return described
        msg = f"there is no layer {name!r}; the layers are {', '.join(self.names)}"
        raise UsageError(msg)

    def features(self, name: str) -> list[dict[str, Any]]:
        """A layer's features with the fields of its schema and no others, each in one piece.

        Where the border crosses 180°, longitudes go on beyond that; `written_features` has them as the file does.

        Raises
        ------
        InputError
            The layer's file is missing or damaged.
        PolicyError
            A feature must not be published.
        """
        return turned_features(self.written_features(name), self.project.frame_start)

    def written_features(self, name: str) -> list[dict[str, Any]]:
        """The same as the layer's file has them, within 180° of longitude.

        Raises
        ------
        InputError
            The layer's file is missing or damaged.
        PolicyError
            A feature must not be published.
        """
        allowed = [described.name for described in layer_spec(name).fields]
        path = self.project.layers_dir / f"{self.record(name)['name']}.geojson"
        published = []
        for feature in read_collection(path):
            if not _is_feature(feature):
                msg = f"{path} holds something that is not a GeoJSON feature with id and properties; {_REMEDY}"
                raise InputError(msg)
            publishable.refuse(name, [feature])
            properties = {key: feature["properties"].get(key) for key in allowed}
            published.append(
                {"type": "Feature", "id": feature["id"], "geometry": feature.get("geometry"), "properties": properties},
            )
        return published


def _is_feature(feature: object) -> bool:
    return (
        isinstance(feature, dict)
        and isinstance(feature.get("id"), str)
        and isinstance(feature.get("properties"), dict)
        and isinstance(feature.get("geometry"), dict | None)
    )


def open_published_layers(project: Project) -> PublishedLayers:
    """Open a project's registry for publication.

    Parameters
    ----------
    project
        Where the layers are.

    Returns
    -------
    PublishedLayers
        The registry, and each layer's features when they are asked for, held against its hash and its class.

    Raises
    ------
    InputError
        The registry is missing, damaged, or does not list the layers that the atlas has.

    Examples
    --------
    >>> from atlas.project import find_project
    >>> from atlas.published import open_published_layers
    >>> layers = open_published_layers(find_project())
    >>> layers.features("border")[0]["geometry"]["type"]
    'LineString'
    """
    path = project.registry_path
    registry = read_json(path)
    try:
        faults = _faults(registry, project)
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"{path} is not a registry of layers ({error!r}); {_REMEDY}"
        raise InputError(msg) from error
    if faults:
        raise InputError(listed(f"{path} is incomplete; {_REMEDY}:", faults))
    return PublishedLayers(replace(project, border=_measured(project.border, registry)), registry)


def _measured(border: BorderProject | None, registry: Mapping[str, Any]) -> BorderProject | None:
    """A project's border with what its layers show of both sides, where its file does not say."""
    beside = registry.get("border")
    if border is None or not isinstance(beside, Mapping):
        return border
    people = MappingProxyType({row["code"]: int(row["people"]) for row in beside["people"]})
    return replace(border, here=replace(border.here, lies=border.here.lies or beside["lies"]), people=people)


def _faults(registry: Mapping[str, Any], project: Project) -> list[str]:
    records = {record["name"]: record for record in registry["layers"]}
    faults = [f"no layer {name!r}" for name in project_specs(project.border) if name not in records]
    faults += [f"{name}: no {key!r}" for name, record in records.items() for key in _RECORDED if key not in record]
    for kind, key in (("inputs", "inputs"), ("sources", "source_ids")):
        known = dict(registry[kind])
        for name, record in records.items():
            faults += [
                f"{name}: {named_id!r} is not in its {kind}"
                for named_id in record.get(key, ())
                if named_id not in known
            ]
    return faults
