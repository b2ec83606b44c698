"""What has parts, such as members and streams, and what finds them, by the form of the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType

from atlas.disclosure import archives, compressed, documents, vector_tiles
from atlas.disclosure.byte_view import Budget

PARTS: Mapping[str, Callable[[bytes, Budget], Iterator[compressed.Part]]] = MappingProxyType(
    {
        **{form: partial(compressed.runs, form=form) for form in compressed.STREAMS},
        "zip": archives.members,
        "tar": archives.tar_members,
        "pdf": documents.pdf_parts,
        "pmtiles": vector_tiles.pmtiles_parts,
        "git pack": lambda data, _: documents.pack_parts(data),
        "git bundle": lambda data, _: documents.pack_parts(data),
    }
)
