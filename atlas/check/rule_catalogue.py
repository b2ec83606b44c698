"""Every rule that a file is held against, by theme: what ``atlas check --rules`` prints and the docs are made from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from atlas.check.model import Rule, Severity
from atlas.vector.file_rules import FILE_RULES as _FILE_RULES

_E, _W, _I = Severity.ERROR, Severity.WARNING, Severity.INFO

_JSON = (
    Rule("json-syntax", _E, "Not JSON", "The text breaks the grammar of JSON; nothing after that place was read."),
    Rule("json-truncated", _E, "Cut off", "The file ends in the middle: a copy or a download stopped."),
    Rule("json-trailing", _E, "More after the end", "Something follows the JSON value, such as a second one."),
    Rule("json-sequence", _I, "Text sequence", "Features one after the other (RFC 8142), which few programs read."),
    Rule("encoding-bom", _W, "Byte order mark", "The file starts with EF BB BF, which JSON forbids and some refuse."),
    Rule("encoding-utf16", _E, "UTF-16 or UTF-32", "GeoJSON is UTF-8 only."),
    Rule("encoding-not-utf8", _E, "Not UTF-8", "Some bytes are not UTF-8, mostly because the file is Windows-1252."),
    Rule("key-twice", _E, "Key twice", "An object has one key twice; each program keeps another of the values."),
    Rule("number-nan", _E, "NaN or Infinity", "These words are not JSON."),
    Rule("number-huge", _E, "Number out of range", "A number is greater than a double can hold."),
    Rule("number-unsafe", _W, "Whole number over 2⁵³", "Programs round it: identifiers like this belong in quotes."),
    Rule("nesting-deep", _E, "Nested too deeply", "More than 64 levels: no data looks like that, and readers crash."),
    Rule("feature-large", _W, "Feature not read", "One feature is longer than 32 million characters; it was skipped."),
)

_STRUCTURE = (
    Rule("root-type", _E, "Not GeoJSON", "The outermost value is none of the nine GeoJSON types."),
    Rule("features-missing", _E, "No list of features", "A FeatureCollection needs an array features."),
    Rule("feature-type", _E, "Not a feature", "An element of features is not an object of type Feature."),
    Rule("feature-members", _E, "Member missing", "A feature needs geometry and properties, each may be null."),
    Rule("properties-type", _E, "Properties not an object", "Properties are an object or null."),
    Rule("id-type", _E, "Id neither text nor number", "A feature's id is text or a number."),
    Rule("geometry-type", _E, "Unknown geometry", "A geometry is null or one of the seven types, spelt exactly."),
    Rule("geometry-members", _E, "Geometry incomplete", "A geometry needs coordinates, a collection geometries."),
    Rule("geometry-null", _I, "No place", "The feature has no geometry, which is allowed: it stays off every map."),
    Rule("geometry-empty", _W, "Empty geometry", "A geometry without positions; null says the same to more readers."),
    Rule("geometry-mixed", _I, "Kinds mixed", "Points, lines and areas in one file: most formats hold one kind."),
    Rule("collection-nested", _W, "Collection in collection", "RFC 7946 advises against nested collections."),
    Rule("member-forbidden", _E, "Member of another type", "Such as coordinates beside a feature's geometry (7.1)."),
    Rule("member-foreign", _I, "Foreign member", "Allowed outside properties, but most programs drop it."),
    Rule("crs-member", _W, "Member crs", "RFC 7946 took it out: it is ignored, the file counts as WGS 84."),
    Rule("crs-nested", _W, "Member crs inside", "A crs in a feature or geometry, as some web services write it."),
    Rule("bbox-form", _E, "Box malformed", "A bbox is four or six finite numbers."),
    Rule("bbox-order", _E, "Box out of order", "A bbox is west, south, east, north; only 180° lets west pass east."),
    Rule("bbox-false", _E, "Box too small", "Positions lie outside the bbox that claims to hold them."),
    Rule("schema", _E, "Not as the schema says", "A field is missing, unknown, or not of its type (--schema)."),
)

_POSITIONS = (
    Rule("position-form", _E, "Malformed coordinates", "Arrays nested wrongly, or a position that isn't two numbers."),
    Rule("position-3d", _I, "Third dimension", "Positions have a height; most 2-D programs drop it."),
    Rule("position-extra", _I, "More than three numbers", "RFC 7946 gives no meaning to a fourth element."),
    Rule("position-mixed", _W, "Dimensions mixed", "Some positions of a geometry have a height, others none."),
    Rule("position-range", _E, "Off the globe", "Longitude beyond ±180 or latitude beyond ±90 degrees."),
    Rule("axes-swapped", _E, "Axes swapped", "Latitude stands before longitude."),
    Rule("crs-projected", _E, "Projected metres", "The numbers are metres of a projection, not degrees."),
    Rule("null-island", _W, "At 0, 0", "A point at exactly 0, 0 is mostly an empty cell made into numbers."),
    Rule("precision-excessive", _W, "Too many decimals", "Over 7 decimals: finer than a centimetre, only weight."),
    Rule("precision-mixed", _I, "Decimals differ", "Some features are a thousand times coarser than others."),
    Rule(
        "antimeridian",
        _W,
        "Crosses 180°",
        "A step of over 180° of longitude, perhaps across 180°: cut it there (3.1.9).",
    ),
)

_SHAPES = (
    Rule("line-short", _E, "Line of one position", "A line needs two positions or more."),
    Rule("line-zero-length", _E, "Line without length", "All positions of a line are the same."),
    Rule("ring-short", _E, "Ring too short", "A ring needs four positions or more."),
    Rule("ring-open", _E, "Ring not closed", "The last position of a ring is the first one again."),
    Rule("ring-flat", _E, "Ring without area", "A ring encloses nothing."),
    Rule("ring-winding", _W, "Ring turns the wrong way", "Outer rings run anticlockwise, holes clockwise (3.1.6)."),
    Rule("vertex-repeated", _W, "Position repeated", "The same position twice in a row."),
    Rule("spike", _W, "Spike", "A ring goes out and straight back, more than a metre; a line may well do so."),
    Rule("self-intersection", _E, "Crosses itself", "The rings of a polygon cross or touch along a stretch."),
    Rule("hole-outside", _E, "Hole outside its shell", "A hole is not inside the outer ring of its polygon."),
    Rule("polygon-invalid", _E, "Invalid area", "Holes in holes, parts in parts, or an inside cut in two."),
    Rule("overlap-parts", _E, "Parts overlap", "Two parts of one area overlap, or share a stretch of their edges."),
    Rule("sliver", _W, "Sliver", "A polygon less than a metre wide on average and far longer than wide."),
)

_NEIGHBOURS = (
    Rule("id-twice", _E, "Id twice", "Two features have the same id."),
    Rule("feature-twice", _W, "Feature twice", "Two features have the same geometry and the same properties."),
    Rule("gap", _W, "Gap", "A gap narrower than 200 m between neighbouring areas, closed or open at its ends."),
    Rule("overlap", _W, "Overlap", "Neighbouring areas overlap by a strip narrower than 200 m."),
    Rule("edge-mismatch", _W, "Edges differ", "Neighbours meet, but a vertex of one is missing on the other's edge."),
)

_TEXT = (
    Rule("text-mojibake", _W, "Mojibake", "UTF-8 read as Windows-1252 and saved again, such as Ã³ for ó."),
    Rule("text-lost", _W, "Letters lost", "Replacement characters (U+FFFD): restore the text from its source."),
    Rule("text-not-nfc", _W, "Not NFC", "Accents as characters of their own: searches and joins miss the text."),
    Rule("text-control", _W, "Control character", "Invisible characters that break tables and terminals."),
    Rule("text-bidi", _W, "Direction override", "Invisible characters that make text read other than it is."),
    Rule("text-empty", _W, "Empty text for null", "Empty text, or a word such as NULL, where null is meant."),
    Rule("code-zero-lost", _W, "Leading zero lost", "A code such as cvegeo has become a number or is too short."),
    Rule("type-mixed", _W, "Types mixed", "A field has text in one feature and a number in another."),
    Rule("date-not-iso", _W, "Date not ISO 8601", "Write dates as 2024-05-31, months 2024-05, spans with a slash."),
    Rule("personal-data", _W, "Personal data?", "Something like a telephone number, address, CURP, RFC or name."),
)

THEMES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "JSON": _JSON,
        "GeoJSON": _STRUCTURE,
        "coordinates": _POSITIONS,
        "shapes": _SHAPES,
        "features together": _NEIGHBOURS,
        "fields and text": _TEXT,
    }
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.id: rule for theme in THEMES.values() for rule in theme})

# what only files of other formats than GeoJSON can have
FILE_THEME = "other formats"
FILE_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        name: Rule(name, Severity(severity), title, description)
        for name, (severity, title, description) in _FILE_RULES.items()
    }
)
EVERY_RULE: Mapping[str, Rule] = MappingProxyType({**FILE_RULES, **RULES})
