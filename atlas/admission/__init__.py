"""What reaches a page beside the atlas' own layers: users' layers and released notes, once they are shown to be fit."""
