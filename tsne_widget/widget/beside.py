"""The maps that stand beside those of t-SNE, by name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any, Protocol

from ..errors import UnknownMapError
from ..maps.grid import Grid
from .handle import RunHandle


class Owner(Protocol):
    """Who has the maps."""

    grid: Grid

    def handle_of(self, run: int) -> RunHandle:
        """Return the handle of a run."""

    def set_beside(self, beside: Any) -> None:
        """Have other maps beside those of t-SNE."""


class Beside(MutableMapping[str, Any]):
    """The maps beside those of t-SNE, in the order of their panels: set to a method, read as a map.

    >>> w.beside["PCA"] = "pca"
    >>> w.beside["PCA"].embedding_
    >>> del w.beside["PCA"]
    """

    def __init__(self, owner: Owner):
        self._owner = owner

    def __getitem__(self, name: str) -> RunHandle:
        try:
            return self._owner.handle_of(self._owner.grid.beside[name].run)
        except KeyError:
            raise self._unknown(name) from None

    def __setitem__(self, name: str, method: Any) -> None:
        self._owner.set_beside({**self._methods, name: method})

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise self._unknown(name)
        self._owner.set_beside({other: method for other, method in self._methods.items() if other != name})

    def __iter__(self) -> Iterator[str]:
        return iter(self._owner.grid.beside)

    def __len__(self) -> int:
        return len(self._owner.grid.beside)

    def __repr__(self) -> str:
        return f"Beside({', '.join(self) or 'no maps'})"

    @property
    def _methods(self) -> dict[str, Any]:
        return {name: entry.spec.method for name, entry in self._owner.grid.beside.items()}

    def _unknown(self, name: Any) -> UnknownMapError:
        return UnknownMapError(f"beside t-SNE stands no map {name!r}: there are {', '.join(self) or 'none'}")
