"""The view's code, held once by a client or a saved notebook, however many widgets they show."""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from pathlib import Path
from typing import Any

import ipywidgets
import traitlets

_STATIC = Path(__file__).parent.parent / "static"
#: The small module that each widget carries; it finds the bundle (`js/src/index.ts`). We pass its text: given
#: a path, anywidget would watch the file and keep every widget alive for that.
STUB = (_STATIC / "widget.js").read_text(encoding="utf-8")


class Bundle(ipywidgets.Widget):
    """A model that holds the code; ipywidgets sends and saves it once for all widgets that refer to it."""

    text = traitlets.Unicode().tag(sync=True)


class _Shared:
    """The bundle's model, recreated after `Widget.close_all()` or the like has closed it."""

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
    """Return the code, a JavaScript module."""
    return (_STATIC / "bundle.js").read_text(encoding="utf-8")


@cache
def digest() -> str:
    """Return a hash that distinguishes this code from that of other versions."""
    return hashlib.sha256(text().encode()).hexdigest()


def bundle_trait(own: str) -> dict[str, Any]:
    """Return the hash of the code, the model that holds it, and the id of the widget's own model."""
    return {"hash": digest(), "model": _SHARED.model(), "own": own}
