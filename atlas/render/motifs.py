"""Cards of pages without a map: small drawings out of the page's own figures, in a box of 400 by 300."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from atlas.claims import Verdict
from atlas.evidence.historical_records import EVENT_KINDS
from atlas.render.build_context import BuildContext
from atlas.render.chronology import Part, axis_of, marks
from atlas.render.thumbnail import Stroke

LEFT, RIGHT, TOP, BOTTOM = 48, 352, 48, 252
FAR_LEFT, FAR_RIGHT = 26, 374


def verdicts(edition: BuildContext) -> Sequence[Stroke]:
    """A square for each claim, by what became of it."""
    ordered = sorted(list(Verdict).index(finding.verdict) for finding in edition.findings)
    across = 12
    step = (RIGHT - LEFT) / across
    down = (BOTTOM - TOP) / max(1, -(-len(ordered) // across))
    squares: dict[int, str] = defaultdict(str)
    for place, verdict in enumerate(ordered):
        row, column = divmod(place, across)
        x, y = LEFT + column * step, TOP + row * down
        squares[verdict] += f"M{x:.1f} {y:.1f}h{step - 4:.1f}v{down - 4:.1f}h{4 - step:.1f}z"
    codes = [verdict.value.replace("_", "-") for verdict in Verdict]
    return [Stroke(f"t-verdict-{codes[verdict]}", d) for verdict, d in sorted(squares.items())]


def bookshelf(edition: BuildContext) -> Sequence[Stroke]:
    """A line for each source, as books on shelves, those of a kind together; the taller the later."""
    sources = sorted(edition.evidence.sources.values(), key=lambda source: (source.kind, source.year or 0))
    shelves, across = 4, -(-len(sources) // 4)
    step = (RIGHT - LEFT) / max(1, across)
    board = (BOTTOM - TOP) / shelves
    kinds = list(dict.fromkeys(source.kind for source in sources))
    books: dict[int, str] = defaultdict(str)
    for place, source in enumerate(sources):
        shelf, at = divmod(place, across)
        x, y = LEFT + (at + 0.5) * step, TOP + (shelf + 1) * board - 2
        tall = board * (0.45 + 0.35 * max(0, min(25, (source.year or 2000) - 2000)) / 25)
        books[kinds.index(source.kind) % 2] += f"M{x - step / 3:.0f} {y:.0f}v{-tall:.0f}h{step / 1.5:.0f}v{tall:.0f}z"
    boards = "".join(f"M{LEFT - 8} {TOP + shelf * board:.1f}H{RIGHT + 8}" for shelf in range(1, shelves + 1))
    classes = ("t-bar-regional-visitor", "t-bar-border-worker")
    return [*(Stroke(classes[odd], d) for odd, d in sorted(books.items())), Stroke("t-axis", boards)]


def straightened(edition: BuildContext) -> Sequence[Stroke]:
    """The line as a strip: nature, municipalities, formal crossings and named informal stretches by kilometre."""
    border = edition.features.get("border", ())
    length = max((feature["properties"]["chainage_to_km"] for feature in border), default=1.0)

    def x(km: float) -> float:
        return FAR_LEFT + (FAR_RIGHT - FAR_LEFT) * km / length

    def stretch(span: Sequence[float], y: int) -> str:
        return f"M{x(span[0]):.1f} {y}H{x(span[1]):.1f}"

    ticks = "".join(f"M{x(km):.1f} 62v{-14 if km % 500 == 0 else -8}" for km in range(0, int(length) + 1, 100))
    strokes = [Stroke("t-axis", f"M{FAR_LEFT} 62H{FAR_RIGHT}{ticks}")]
    for nature, straight in (("river", False), ("straight", True)):
        parts = [
            feature["properties"] for feature in border if (feature["properties"]["nature"] != "river") == straight
        ]
        d = "".join(stretch((part["chainage_from_km"], part["chainage_to_km"]), 94) for part in parts)
        strokes.append(Stroke(f"t-strip-{nature}", d))
    blocks = sorted(tuple(span) for feature in edition.features.get("municipalities", ()) for span in _spans(feature))
    strokes += [Stroke(f"t-strip-block-{odd}", "".join(stretch(b, 134) for b in blocks[odd::2])) for odd in (0, 1)]
    informal = [span for feature in edition.features.get("crossings_informal", ()) for span in _spans(feature)]
    strokes.append(Stroke("t-strip-informal", "".join(dict.fromkeys(stretch(span, 222) for span in informal))))
    formal = [feature["properties"].get("chainage_km") for feature in edition.features.get("crossings_formal", ())]
    dots = "".join(f"M{x(km):.1f} 180h0" for km in formal if km is not None)
    strokes += [Stroke("t-axis", f"M{FAR_LEFT} 180H{FAR_RIGHT}"), Stroke("t-dot-edge", dots)]
    return [stroke for stroke in (*strokes, Stroke("t-dot t-crossings-formal", dots)) if stroke.d]


def _spans(feature: Mapping[str, Any]) -> Sequence[Sequence[float]]:
    return feature["properties"].get("chainage_intervals") or ()


# two kinds that stand beside each other
PAIR = ("t-bar-border-worker", "t-bar-regional-visitor")


def cards_by_year(edition: BuildContext) -> Sequence[Stroke]:
    """Bars of a year side by side: cards of each kind, those of the states together."""
    sums: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for row in edition.evidence.visitor_cards:
        # the printed total of a table stands beside its states
        if row.state.lower() != "total":
            sums[row.card][row.year] += row.cards or 0
    years = sorted({year for by_year in sums.values() for year in by_year})
    most = max((value for by_year in sums.values() for value in by_year.values()), default=1)
    step = (RIGHT - LEFT) / max(1, len(years))
    strokes = [Stroke("t-axis", f"M{LEFT - 6} {BOTTOM}H{RIGHT}")]
    for number, (_, by_year) in enumerate(sorted(sums.items())):
        width = step * 0.72 / len(sums)
        bars = "".join(
            f"M{LEFT + step * years.index(year) + number * width:.1f} {BOTTOM}"
            f"v{-(BOTTOM - TOP) * value / most:.1f}h{width - 1:.1f}V{BOTTOM}z"
            for year, value in sorted(by_year.items())
        )
        strokes.append(Stroke(PAIR[number % 2], bars))
    return strokes


def lanes_of_time(edition: BuildContext) -> Sequence[Stroke]:
    """A lane for each kind of event: points for days, bars for what is dated to a year or lasted."""
    axis = axis_of(edition.evidence.events)
    # from here on the lanes are full
    since = axis.place(date(2000, 1, 1))
    step = (BOTTOM - TOP + 24) / len(EVENT_KINDS)
    across = (FAR_RIGHT - FAR_LEFT) / (100 - since)

    def bar(part: Part, y: float) -> str:
        x = FAR_LEFT + (part.x - since) * across
        return f"M{x:.1f} {y - 5:.1f}h{max(part.width * across, 6):.1f}v10h-{max(part.width * across, 6):.1f}z"

    bars: dict[int, str] = defaultdict(str)
    rails = ""
    for lane, kind in enumerate(EVENT_KINDS):
        y = TOP - 12 + (lane + 0.5) * step
        rails += f"M{FAR_LEFT} {y:.1f}H{FAR_RIGHT}"
        for event in edition.evidence.events:
            if event.kind == kind:
                bars[lane % 3] += "".join(bar(part, y) for part in marks(event, axis) if part.x >= since)
    roles = ("t-bar-regional-visitor", "t-bar-border-worker", "t-verdict-differs")
    return [Stroke("t-rail", rails), *(Stroke(roles[lane], d) for lane, d in sorted(bars.items()) if d)]


def lanes_of_figures(edition: BuildContext) -> Sequence[Stroke]:
    """A line for each indicator, with a square for each of its figures by year."""
    rows = [row for row in edition.evidence.observations if row.period and row.unconfirmed is None]
    keys = list(dict.fromkeys(row.indicator for row in rows))[:9]
    step = (BOTTOM - TOP) / max(1, len(keys))
    since, until = 2014, 2026
    squares, rails = "", ""
    for lane, key in enumerate(keys):
        y = TOP + (lane + 0.5) * step
        rails += f"M{LEFT} {y:.1f}H{RIGHT}"
        years = {int(str(row.period)[:4]) for row in rows if row.indicator == key}
        for year in sorted(year for year in years if since <= year < until):
            x = LEFT + (RIGHT - LEFT) * (year - since) / (until - since)
            squares += f"M{x:.1f} {y - 5:.1f}h14v10h-14z"
    return [Stroke("t-rail", rails), Stroke("t-bar-regional-visitor", squares)]


def field_notes(_: BuildContext) -> Sequence[Stroke]:
    """A sheet with lines of writing, and a pin on it."""
    lines = "".join(
        f"M{LEFT + 34} {y}H{RIGHT - end}" for y, end in ((100, 150), (128, 170), (156, 140), (184, 60), (212, 96))
    )
    return [
        Stroke("t-note-sheet", f"M{LEFT} {TOP - 12}H{RIGHT}V{BOTTOM + 12}H{LEFT}z"),
        Stroke("t-note-line", lines),
        Stroke(
            "t-note-pin", "M288 168C264 136 254 122 254 104a34 34 0 0 1 68 0c0 18-10 32-34 64zM288 92a12 12 0 1 0 .1 0z"
        ),
    ]
