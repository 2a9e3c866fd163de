"""The maps that stand beside those of t-SNE, by name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from ..errors import UnknownMapError
from ..maps.grid import Entry
from .handle import RunHandle
from .map_set import MapSet


class Beside(MutableMapping[str, Any]):
    """The maps beside those of t-SNE, in panel order: you set what makes a map, and get the map.

    >>> w.beside["PCA"] = "pca"
    >>> w.beside["PCA"].embedding_
    >>> w.beside["dof 0.5"] = openTSNE.TSNE(dof=0.5)
    >>> w.beside["dof 0.5"].estimator_
    >>> del w.beside["PCA"]
    """

    def __init__(self, maps: MapSet):
        self._maps = maps

    def __getitem__(self, name: str) -> RunHandle:
        return RunHandle(self._maps, self._known(name).run)

    def __setitem__(self, name: str, method: Any) -> None:
        self._maps.set_beside({**self._maps.beside, name: method})

    def __delitem__(self, name: str) -> None:
        gone = self._known(name)
        kept = {other: spec for other, spec in self._maps.beside.items() if other != gone.spec.name}
        self._maps.set_beside(kept)

    def __iter__(self) -> Iterator[str]:
        return iter(self._maps.grid.beside)

    def __len__(self) -> int:
        return len(self._maps.grid.beside)

    def __repr__(self) -> str:
        return f"Beside({', '.join(self) or 'no maps'})"

    def _known(self, name: Any) -> Entry:
        try:
            return self._maps.grid.beside[name]
        except KeyError:
            there = ", ".join(self) or "none"
            raise UnknownMapError(f"there is no map {name!r} beside those of t-SNE: found {there}") from None
