"""The view's code: a page and a saved notebook hold it once, however many widgets there are."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

_STATIC = Path(__file__).parent.parent / "static"
#: What each widget brings along: it finds the bundle (`js/src/index.ts`). Its text and not its path, of which
#: anywidget makes an object that tells of changes, and keeps every widget for that.
STUB = (_STATIC / "widget.js").read_text(encoding="utf-8")


class Bundle(ipywidgets.Widget):
    """A model that holds the code; ipywidgets sends and saves it once for all that refer to it."""

    text = traitlets.Unicode().tag(sync=True)


class _Shared:
    """The bundle's model, made anew where it was closed, as `Widget.close_all()` does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: Bundle | None = None

    def model(self) -> Bundle:
        with self._lock:
            if self._model is None or self._model.comm is None:
                self._model = Bundle(text=text())
            return self._model


_SHARED = _Shared()


@cache
def text() -> str:
    """Return the code: a module in JavaScript."""
    return (_STATIC / "bundle.js").read_text(encoding="utf-8")


@cache
def digest() -> str:
    """Return what tells this code from that of other versions."""
    return hashlib.sha256(text().encode()).hexdigest()


def bundle_trait(own: str) -> dict[str, Any]:
    """Tell a widget which code it needs, the model that holds it, and the id of its own model."""
    return {"hash": digest(), "model": _SHARED.model(), "own": own}
