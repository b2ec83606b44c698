"""Two editions of one layer told apart: what stayed, moved, was split, merged, renamed or recoded, came or went."""
