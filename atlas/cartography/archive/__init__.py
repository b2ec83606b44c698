"""Points that are too many for a page: an archive beside it, of which the page reads parts."""
