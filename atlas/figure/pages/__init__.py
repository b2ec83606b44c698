"""One module a figure: which map, which legend, which lists."""
