"""Any border from its project file: outlines of both sides, the line between them, its layers; new projects."""
