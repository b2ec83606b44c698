"""What a map is: layers, styles by field, classes, legend, texts and extent; drawn by `render` and by `figure`."""
