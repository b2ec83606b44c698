"""The officer's sheet on the terminal."""

from __future__ import annotations

import typer

from atlas.release.risk import BookRisk, Sheet


def print_sheet(sheet: Sheet) -> None:
    """Print what a release would tell, and what of it to look at."""
    typer.echo("For the team alone; the exact map stays sealed with the team. Nothing was written.")
    for reason, count in sheet.held.items():
        typer.echo(f"  not counted, {reason}: {count:,}")
    for book in sheet.books:
        _print_book(book)


def _print_book(book: BookRisk) -> None:
    terms = ", ".join(f"{key} = {value}" for key, value in book.terms.items())
    typer.echo(f"Book {book.book}{' (closed)' if book.closed else ''}: {terms}")
    new = f"new since the last release: {len(book.fresh):,}"
    typer.echo(f"  shown    {len(book.classes):,} classes, at least {book.shown_total:,} days; {new}")
    typer.echo(f"  counted  {book.days:,} different days in a place")
    typer.echo(
        f"  waiting  {book.below:,} below a step, {book.beyond:,} beyond the last step, {book.not_due:,} not due"
    )
    typer.echo(f"  closing  at least {book.rest:,} days")
    looks = (("one observer", book.few_observers), ("one category", book.one_category))
    for what, classes in (*looks, ("fewer public candidates than k", book.few_candidates)):
        for each in classes:
            typer.echo(f"  look at  {each.place}, {each.group}, {each.period}: {what}")
    others = ", ".join(
        f"{each.level}/{each.groups}/{each.period}/{each.k} {each.shown_share:.0%}" for each in book.other_terms
    )
    typer.echo(f"  other terms would show, for the next book: {others}")
