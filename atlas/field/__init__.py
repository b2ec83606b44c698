"""Field notes: one record, its history, the stores that keep it, and the ways in and out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from atlas.field.change import Json
    from atlas.field.store import Store

__all__ = ["exact_records", "open_store"]


def open_store(address: str | Path) -> Store:
    """The store at a path that ends in .gpkg, or at a ``postgresql://`` address.

    Parameters
    ----------
    address
        A path, or an address of PostgreSQL.

    Returns
    -------
    Store
        The store; it need not be there yet (`Store.create`).

    Raises
    ------
    UsageError
        The address is neither.
    """
    from atlas.field import store  # noqa: PLC0415 - the page's and the readers' parts stay light

    return store.open_store(address)


def exact_records(store: Store | Path | str) -> Iterator[dict[str, Json]]:
    """The accepted records of a store as GeoJSON features with exact positions, for the release gate and for it only.

    Parameters
    ----------
    store
        An open store, or its address.

    Yields
    ------
    dict
        A feature: id, geometry in longitude and latitude, properties.

    Raises
    ------
    UsageError
        The address is not one of a store.
    InputError
        There is no store, or it cannot be used.
    """
    from atlas.field import exact_records as exact  # noqa: PLC0415 - as above

    yield from exact.exact_records(store)
