"""Projects that come with the atlas, each with its project file, its words, and what only it has."""
