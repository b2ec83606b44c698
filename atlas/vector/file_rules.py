"""What is looked for in map files of other formats than GeoJSON, before GDAL hides it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

FILE_RULES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "crs-missing": ("warning", "No coordinate system", "The file does not say what its numbers are."),
        "crs-other": ("warning", "Not in degrees", "The file is in another system than WGS 84; clean reprojects it."),
        "crs-disagrees": ("warning", "Systems disagree", "A file names a system that its numbers are not in, or two."),
        "file-encoding": ("warning", "Encoding not as stated", "Texts are in another encoding than the file says."),
        "file-incomplete": ("warning", "Part missing", "A part of a shapefile, or rows of its table, are not there."),
        "name-cut": ("info", "Names may be cut", "Columns have names of ten letters, the most a shapefile holds."),
        "name-twice": ("warning", "Column twice", "Two columns have one name, of which programs keep one."),
        "text-cut": ("warning", "Text may be cut", "Texts fill the whole width of their column."),
        "value-lost": ("warning", "Value not readable", "A date, number or other value that programs make empty."),
        "shape-lost": ("warning", "Shape not readable", "A shape that is damaged, or a curve, which GeoJSON lacks."),
        "measures-lost": ("info", "Measures", "Positions have measures (M), for which GeoJSON has no place."),
        "curve-straight": ("info", "Curves", "Shapes have curves, which are read as short straight pieces."),
        "link-unfollowed": ("warning", "Leads elsewhere", "Links of KML to other files or servers are not followed."),
        "picture-outline": ("info", "Pictures", "Pictures that KML lays over the ground are read as areas."),
        "shape-second": ("info", "Second shape", "A column holds another shape of each feature, and is read as text."),
        "code-meaning": (
            "info",
            "Meanings of codes",
            "A field has codes whose meanings stand apart from the features.",
        ),
        "row-deleted": ("info", "Deleted rows", "Rows that are marked as deleted are still in the file."),
        "row-blank": ("info", "Blank rows", "Rows of a table that have neither a place nor a value are no features."),
        "cells-hidden": ("warning", "Hidden cells", "Rows, columns or sheets of a workbook are hidden, and read."),
        "cells-merged": ("warning", "Merged cells", "Of merged cells of a workbook only the first has the value."),
        "date-serial": (
            "warning",
            "Days for dates",
            "A column of dates has the numbers by which workbooks count days.",
        ),
        "zeros-shown": ("info", "Zeros by format", "Cells show numbers with leading zeros, and are read so."),
        "row-hashtags": ("info", "Row of hashtags", "The second row has HXL's hashtags, which programs take for data."),
        "decimal-comma": (
            "info",
            "Decimal commas",
            "Coordinates with a comma for the point, which programs take for text.",
        ),
        "reader-warning": ("info", "GDAL warns", "The library that reads the file says something about it."),
        "axis-order": ("info", "Order of axes", "The file leaves open whether longitude or latitude comes first."),
        "layer-table": ("info", "Table without shapes", "The file also has tables without shapes, which are not read."),
    }
)
