"""What the clients of a widget want of it: wishes that its parts carry out, questions that they answer."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ..data import Source
from ..wire import protocol
from .colors import Colors
from .driver import Driver
from .map_set import MapSet
from .queries import Answer, Queries
from .row_set import RowSet


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
    ):
        self._shown, self._driver, self._maps, self._queries = shown, driver, maps, queries
        self._rows, self._colors = rows, colors
        self.n_rows, self.lock, self.save_state = source.n, driver.lock, maps.given.save_state

    @property
    def asleep(self) -> bool:
        """Whether a map rests because nobody looks."""
        return self._driver.asleep

    @property
    def run_ids(self) -> list[int]:
        """The runs in the order of their panels."""
        return self._maps.grid.runs

    def wake(self) -> None:
        """Go on: somebody looks."""
        self._driver.wake()

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        """Send a message to the clients."""
        self._shown.send(content, buffers)

    def show_snapshots(self, snapshots: list[dict[str, Any]]) -> None:
        """Keep maps at rest where a notebook saves them."""
        self._shown._snapshot = snapshots

    def carry_out(self, wish: protocol.Wish) -> None:
        """Do what the user asked for in a view; settings change as traits, so that Python sees them."""
        with self.lock:
            match wish:
                case protocol.SetTrait(name, value):
                    setattr(self._shown, name, value)
                    self._shown.send_state(name)  # the client may have been told the old value meanwhile
                case protocol.Color(mode, column, kind):
                    self._colors.take(mode, column, kind, maps=len(self._maps.grid.runs))
                case _ if isinstance(wish, protocol.RowWish):
                    self._rows.do(wish)
                case _:
                    self._maps.do_for_client(wish)

    def answer(self, query: protocol.Lookup) -> Answer:
        """Return what a client asks of the rows."""
        return self._queries.answer(query)

    def measure(self, query: protocol.MeasureRows) -> Generator[None, None, Answer]:
        """Do the same for a measure, in steps."""
        return self._queries.measure(query)
