"""The public face: the widget, its parts, and what users hold of its maps."""
