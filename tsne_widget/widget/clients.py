"""What clients want of a widget: wishes that its parts carry out, questions that they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..data import Source
from ..maps.grid import Spec
from ..maps.methods import METHODS
from ..wire import protocol
from .choosing import Choosing
from .colors import Colors
from .driver import Driver
from .filtering import Filtering
from .luck import Repeating
from .map_set import MapSet
from .queries import Queries
from .row_set import RowSet
from .suggesting import Suggesting


class Clients:
    """The host of a `Connection`: `shown` is the widget, whose traits and messages the clients get."""

    def __init__(
        self,
        shown: Any,
        source: Source,
        driver: Driver,
        maps: MapSet,
        rows: RowSet,
        colors: Colors,
        queries: Queries,
        repeating: Repeating,
        suggesting: Suggesting,
        choosing: Choosing,
        filtering: Filtering,
    ):
        self._shown, self._driver = shown, driver
        self._maps, self._rows, self._colors = maps, rows, colors
        self._repeating, self._suggesting = repeating, suggesting
        self._choosing, self._filtering = choosing, filtering
        self.n_rows, self.lock, self.save_state = source.n, driver.lock, maps.given.save_state
        self.send, self.wake = shown.send, driver.wake
        self.answer, self.measure, self.read = queries.answer, queries.measure, queries.read
        self.density = queries.density
        self.line_up, self.find_clumps = queries.line_up, suggesting.find_for_client

    @property
    def asleep(self) -> bool:
        """Whether maps rest because no client shows them."""
        return self._driver.asleep

    @property
    def run_ids(self) -> list[int]:
        """The runs in the order of their panels."""
        return self._maps.grid.runs

    def show_snapshots(self, snapshots: list[dict[str, Any]]) -> None:
        """Put maps at rest into the trait that a notebook saves."""
        self._shown._snapshot = snapshots

    def carry_out(self, wish: protocol.Wish) -> None:
        """Do what the user asked for in a view; settings change as traits, so that Python sees them.

        A name may stand for what was given. Nothing warns: the view itself says which perplexity is doubtful.
        """
        names = self._maps.facts.names
        with self.lock:
            match wish:
                case protocol.SetTrait(name, value):
                    setattr(self._shown, name, value)
                    self._shown.send_state(name)  # the client may have been told the old value meanwhile
                case protocol.Color(mode, column, kind):
                    self._colors.take(mode, column, kind, maps=len(self._maps.grid.runs))
                case protocol.Change(run, name, value):
                    self._maps.change(run, name, names[name].named(value), quiet=True)
                case protocol.Compare(values, beside):
                    given = {name: tuple(map(names[name].named, some)) for name, some in values.items()}
                    self._maps.compare(given, self._beside(beside), quiet=True)
                case protocol.Repeat(count, kind):
                    self._repeating.repeat(count, kind)
                case _ if isinstance(wish, protocol.SuggestionWish):
                    self._suggesting.do(wish)
                case protocol.MapSelection(without, perplexity):
                    self._choosing.map(None, {"perplexity": perplexity}, without=without)
                case _ if isinstance(wish, protocol.FilterWish):
                    self._filtering.do(wish)
                case _ if isinstance(wish, protocol.RowWish):
                    self._rows.do(wish)
                case _:
                    self._maps.do(wish, in_cell=False)

    def _beside(self, names: Sequence[str] | None) -> dict[str, Spec | str] | None:
        """Return what stands beside t-SNE by the names of maps, or else the labels of methods."""
        if names is None:
            return None
        known: dict[str, Spec | str] = {
            method.label: method.name for method in METHODS.values() if method.offered
        }
        known |= self._maps.beside
        return {name: known.get(name, name) for name in names}
