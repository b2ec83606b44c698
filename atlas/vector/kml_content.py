"""What KML has beside placemarks, and what GDAL makes of it: links, pictures on the ground, models, moments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from atlas.geojson.path import shown
from atlas.vector.layer import FileFault

if TYPE_CHECKING:
    from atlas.vector.chosen_source import Source

_PREFIX = rb"<(?:[A-Za-z_][\w.-]*+:)?+"
_LINK = re.compile(_PREFIX + rb"NetworkLink(?=[\s/>])")
_HREF = re.compile(_PREFIX + rb"href\s*+>\s*+(?:<!\[CDATA\[)?+([^<>\]]{1,2000})")
_PICTURE = re.compile(_PREFIX + rb"GroundOverlay(?=[\s/>])")
_MODEL = re.compile(_PREFIX + rb"Model(?=[\s/>])")
_TRACK = re.compile(_PREFIX + rb"Track(?=[\s/>])")
_WHEN = re.compile(_PREFIX + rb"when\s*+>\s*+[^<>\s]")
_COMMENT = re.compile(rb"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)")
_MOST_BYTES = 500_000_000
_NAMED, _LONGEST = 3, 80


def kml_faults(source: Source) -> list[FileFault]:
    """What of a KML file no layer has, or has in another way."""
    if source.path.stat().st_size > _MOST_BYTES:
        return []
    data = _COMMENT.sub(b"", source.path.read_bytes())
    faults = _of_links(source, data)
    if count := len(_PICTURE.findall(data)):
        pictures = "1 picture is" if count == 1 else f"{count:,} pictures are"
        message = (
            f"{pictures} laid over the ground (GroundOverlay): the area that each covers is read as a feature, without "
            "the picture."
        )
        faults.append(FileFault("picture-outline", message, before="pictures", after="the areas that they cover"))
    if count := len(_MODEL.findall(data)):
        models = "1 placemark is a model" if count == 1 else f"{count:,} placemarks are models"
        message = (
            f"{models} of a thing in three dimensions (Model), which has no shape here: give its place as a point."
        )
        faults.append(FileFault("shape-lost", message))
    track = _TRACK.search(data)
    if track is not None and _WHEN.search(data, track.end()):
        message = "The points of tracks (gx:Track) have times, which the lines lack: keep the KML file for them."
        faults.append(FileFault("measures-lost", message, before="points with times", after="lines without"))
    return faults


def _of_links(source: Source, data: bytes) -> list[FileFault]:
    """Of links to other files or servers, unless what they lead to was in the same KMZ."""
    links = [one for one in _links(data) if not _is_inside(source, one)]
    if not links:
        return []
    targets = list(dict.fromkeys(one for one in links if one))
    listed = ", ".join(shown(one[:_LONGEST], quoted=False) for one in targets[:_NAMED])
    more = " …" if len(targets) > _NAMED else ""
    where = f" ({listed}{more})" if targets else ""
    count = "1 link leads" if len(links) == 1 else f"{len(links):,} links lead"
    message = (
        f"{count} elsewhere{where} and {'was' if len(links) == 1 else 'were'} not followed: what programs show from "
        "there is not in this file; save it as a file and give that."
    )
    return [FileFault("link-unfollowed", message)]


def _links(data: bytes) -> Iterator[str]:
    """Where each NetworkLink leads."""
    for match in _LINK.finditer(data):
        end = data.find(b"NetworkLink>", match.end())
        if end < 0:
            return
        href = _HREF.search(data, match.end(), end)
        yield href[1].decode("utf-8", "replace").strip() if href else ""


def _is_inside(source: Source, target: str) -> bool:
    if source.path == source.named or "://" in target:
        return False
    name = PurePosixPath(target.replace("\\", "/")).name
    folders: list[Path] = [one for one in source.path.parent.parent.iterdir() if one.is_dir()]
    return bool(name) and any((folder / name).is_file() for folder in folders)
