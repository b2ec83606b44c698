"""Field notes: one record, its history, the stores that keep it, and the ways in and out."""
