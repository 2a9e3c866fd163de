"""The maps that stand beside those of t-SNE, by name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from ..errors import UnknownMapError
from ..maps.grid import Entry
from .handle import RunHandle
from .map_set import MapSet


class Beside(MutableMapping[str, Any]):
    """The maps beside those of t-SNE, in panel order: you set a method, and get a map.

    >>> w.beside["PCA"] = "pca"
    >>> w.beside["PCA"].embedding_
    >>> del w.beside["PCA"]
    """

    def __init__(self, maps: MapSet):
        self._maps = maps

    def __getitem__(self, name: str) -> RunHandle:
        return RunHandle(self._maps, self._known(name).run)

    def __setitem__(self, name: str, method: Any) -> None:
        self._maps.set_beside({**self._methods, name: method})

    def __delitem__(self, name: str) -> None:
        gone = self._known(name)
        kept = {other: method for other, method in self._methods.items() if other != gone.spec.name}
        self._maps.set_beside(kept)

    def __iter__(self) -> Iterator[str]:
        return iter(self._maps.grid.beside)

    def __len__(self) -> int:
        return len(self._maps.grid.beside)

    def __repr__(self) -> str:
        return f"Beside({', '.join(self) or 'no maps'})"

    @property
    def _methods(self) -> dict[str, Any]:
        return {name: entry.spec.method for name, entry in self._maps.grid.beside.items()}

    def _known(self, name: Any) -> Entry:
        try:
            return self._maps.grid.beside[name]
        except KeyError:
            there = ", ".join(self) or "none"
            raise UnknownMapError(f"there is no map {name!r} beside those of t-SNE: found {there}") from None
