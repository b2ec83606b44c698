"""`python -m atlas.cli`."""

from atlas.cli import main

main()
