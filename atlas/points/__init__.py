"""Points of any number put to places, and counted: the same functions in one process and on a cluster."""
