"""What an open project holds: its layers, their sources, the fact tables, and what these say of published claims."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from atlas.project import Project
from atlas.published import open_published_layers

if TYPE_CHECKING:
    import geopandas

    from atlas.claims import Finding as ClaimFinding
    from atlas.deposit import Citable, Citation
    from atlas.evidence import Evidence


class Contents:
    """The words of a project that have to do with reading it; a part of `atlas.api.Atlas`."""

    __slots__ = ()
    project: Project

    @property
    def layers(self) -> Mapping[str, Mapping[str, Any]]:
        """The registry's records of the layers, by name: title, fields, bbox, licence, sha256 and more.

        Raises
        ------
        InputError
            The registry or a layer is missing or damaged.
        PolicyError
            A layer holds something that must not be published.

        Examples
        --------
        >>> import atlas
        >>> border = atlas.open().layers["border"]
        >>> border["title"]["en"], border["geometry_types"]
        ('Border line', ['LineString'])
        """
        release = open_published_layers(self.project)
        return {name: release.record(name) for name in release.names}

    @property
    def sources(self) -> Mapping[str, Mapping[str, Any]]:
        """The sources that the layers cite, by id.

        Raises
        ------
        InputError, PolicyError
            As for ``layers``.
        """
        return open_published_layers(self.project).sources

    @property
    def inputs(self) -> Mapping[str, Mapping[str, Any]]:
        """The packages or files that the geometry was read from: version, sha256, licence, accuracy in metres.

        Raises
        ------
        InputError, PolicyError
            As for ``layers``.
        """
        return open_published_layers(self.project).inputs

    @property
    def evidence(self) -> Evidence:
        """The fact tables, typed: one tuple a table, in the order of the file.

        Raises
        ------
        EvidenceError
            A table breaks its own rules; the message names the line and the column.
        """
        from atlas.evidence import project_evidence  # noqa: PLC0415 - opening a project must stay light

        return project_evidence(self.project)

    def claims(self) -> list[ClaimFinding]:
        """Hold every published claim against what the layers measure.

        Returns
        -------
        list of ClaimFinding
            One for each claim in the order of the table, each with verdict, figure, unit and difference.

        Raises
        ------
        EvidenceError
            A fact table breaks its own rules.
        InputError, PolicyError
            As for ``layers``.

        Examples
        --------
        >>> import atlas
        >>> finding = atlas.open().claims()[0]
        >>> finding.claim.claim_id, finding.verdict.value, finding.unit
        ('C01', 'differs', 'km')
        """
        from atlas.claims import MEASURED, audit_claims  # noqa: PLC0415 - opening a project must stay light

        release = open_published_layers(self.project)
        # a project of another border has not every layer
        return audit_claims(self.evidence, {name: release.features(name) for name in MEASURED if name in release.names})

    def cite(self, name: str) -> Citation:
        """How a layer, a claim, a source or a row of facts is cited, with what it rests on.

        Parameters
        ----------
        name
            Its permanent id, such as ``layers/border`` or ``observations/monuments_deviation``, or the part after
            the stroke where only one thing has it.

        Returns
        -------
        Citation
            With ``text``, ``bibtex``, ``csl`` (CSL-JSON) and ``prov`` (PROV-JSON).

        Raises
        ------
        UsageError
            Nothing, or more than one thing, has that name.
        EvidenceError
            A fact table breaks its own rules.
        InputError, PolicyError
            As for ``layers``.

        Examples
        --------
        >>> import atlas
        >>> print(atlas.open().cite("C42").cited.name)
        claims/C42
        """
        from atlas.deposit import Citation, find  # noqa: PLC0415 - opening a project must stay light

        cited = find(self.citables, name)
        known = self.evidence.sources
        inputs = self.inputs
        return Citation(
            cited,
            {key: known[key] for key in cited.source_ids if key in known},
            {key: inputs[key] for key in cited.input_ids},
            self.project.described,
        )

    @property
    def citables(self) -> Mapping[str, Citable]:
        """Everything that can be cited, by its permanent id: layers, sources, claims and all other rows of facts.

        Raises
        ------
        EvidenceError, InputError, PolicyError
            As for ``cite``.
        """
        from atlas.deposit import citables  # noqa: PLC0415 - opening a project must stay light

        return citables(self.evidence, self.layers)

    def layer(self, name: str) -> geopandas.GeoDataFrame:
        """A layer as GeoDataFrame in EPSG:4326 (longitude, latitude in degrees).

        Parameters
        ----------
        name
            Name of a layer, as in ``layers``.

        Returns
        -------
        geopandas.GeoDataFrame
            One row a feature, indexed by feature id (``id``), one column a field; the geometry of features without a
            place is ``None``. Its ``attrs`` have ``name``, ``title`` and ``description`` by language, ``licence``,
            ``attribution``, ``accuracy_m``, ``units`` and ``titles`` by field, ``sources`` as citations in English by
            id, and ``edition``, the hash of the layer's file.

        Raises
        ------
        UsageError
            There is no such layer.
        InputError, PolicyError
            As for ``layers``.

        Examples
        --------
        >>> import atlas
        >>> frame = atlas.open().layer("municipalities")
        >>> len(frame), frame.crs.to_epsg(), round(frame["border_km"].sum())
        (23, 4326, 1158)
        """
        import geopandas  # noqa: PLC0415 - opening a project must stay light

        features = open_published_layers(self.project).written_features(name)
        frame = geopandas.GeoDataFrame.from_features(features, crs="EPSG:4326")
        frame.index = [str(feature["id"]) for feature in features]
        frame = frame.rename_axis("id")
        frame.attrs.update(self._described(name))
        return frame

    def _described(self, name: str) -> dict[str, Any]:
        """What the registry says of a layer, in plain types that pandas can copy."""
        release = open_published_layers(self.project)
        record = release.record(name)
        plain = ("name", "title", "description", "licence", "attribution", "accuracy_m")
        fields = {field["name"]: field for field in record["fields"]}
        return {
            **{key: _copied(record[key]) for key in plain if key in record},
            "units": {key: field["unit"] for key, field in fields.items() if field.get("unit")},
            "titles": {key: dict(field["title"]) for key, field in fields.items()},
            "sources": {
                key: str(release.sources[key]["citation"]["en"])
                for key in record["source_ids"]
                if key in release.sources
            },
            "edition": str(record["sha256"]),
        }


def _copied(value: Any) -> Any:  # noqa: ANN401 - a text, a number, or texts by language
    return dict(value) if isinstance(value, Mapping) else value
