"""The public names of the widget: signatures, docstrings, and one line that delegates to a part."""
