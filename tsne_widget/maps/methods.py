"""What can make a map: one line a method."""

from __future__ import annotations

from .method import Method
from .tsne_method import TSNEMethod

#: By name; the first is the one that a widget is about.
METHODS: dict[str, type[Method]] = {method.name: method for method in (TSNEMethod,)}
