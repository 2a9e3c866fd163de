"""The public names of the widget: signatures, docstrings, and one line that asks a part of it."""
