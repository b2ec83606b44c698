"""What a ledger of counts knows a source again by, without its name or its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from atlas.points.addresses import Part, filesystem_of, is_remote

_EDGE_BYTES = 1 << 20


def sources_of(parts: Sequence[Part]) -> set[str]:
    """Hashes that know a file again: of its length, its beginning and its end."""
    known = set()
    for address in dict.fromkeys(part.address for part in parts):
        system, path = filesystem_of(address)
        with system.open_input_file(path.partition("?")[0]) as stream:
            size = stream.size()
            head = stream.read(min(size, _EDGE_BYTES))
            stream.seek(max(0, size - _EDGE_BYTES))
            digest = hashlib.sha256(b"%d\n" % size + head + stream.read())
        known.add(digest.hexdigest())
        # a file that grew or was mended is the same source by its name
        known.add(hashlib.sha256(_plain(address).encode()).hexdigest())
    return known


def _plain(address: str) -> str:
    return address.partition("?")[0] if is_remote(address) else str(Path(address).expanduser().resolve())
