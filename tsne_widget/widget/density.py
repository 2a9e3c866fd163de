"""The density of all rows below the map of a sample."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from ..data.placed_rows import Overview, PlacedRows, Tile
from ..export.shade import Shade
from ..maps.status import Layout
from ..tsne.steps import result_of
from ..wire import news, protocol, traits
from ..wire.desk import ToldSteps
from .driver import Driver

#: The tile of the whole map.
_WHOLE = Tile(0, 0, 0)
#: What the shade is.
_SHADE = "the shade is the density of all"
#: The level of pictures.
_DRAWN_LEVEL = 1


class Density:
    """How densely all rows lie on one of the maps, as it was when it began.

    Parameters
    ----------
    driver : Driver
        The widget's.
    placed : PlacedRows
        All rows.
    run, iteration : int
        The map, and the iteration at which it began.
    """

    def __init__(self, driver: Driver, placed: PlacedRows, run: int, iteration: int):
        self._driver, self._placed = driver, placed
        self._run, self._iteration = run, iteration

    @property
    def tree(self) -> dict[str, Any]:
        """What a saved widget says of it."""
        return {"run": self._run, "iteration": self._iteration, "map": self._placed.map}

    @property
    def in_words(self) -> str:
        """What there is to see."""
        return f"{self._sampled}; {_SHADE}"

    @property
    def _sampled(self) -> str:
        return f"a sample of {self._placed.sampled:,} of {self._placed.rows:,} rows"

    @property
    def told(self) -> dict[str, Any]:
        """The trait."""
        elsewhere = f"the density of {self._placed.rows:,} rows belongs to the map as it was fitted"
        return traits.density_trait(
            self._placed, self._run, self._iteration, (self._sampled, _SHADE), elsewhere
        )

    @property
    def told_in_a_page(self) -> dict[str, Any]:
        """The trait in a saved page, which has the coarsest tile alone."""
        return {**self.told, "levels": 0}

    def steps(self, query: protocol.Density) -> ToldSteps:
        """Count rows in tiles, and tell each percent of progress; stop once the widget closes."""
        overview: Overview = yield from self._open(self._placed.read_all())
        counted = {}
        for tile in query.tiles:
            counted[tile] = yield from self._open(self._placed.read(tile))
        return news.density_result(counted, overview.full, *self._unlike(overview))

    def in_a_page(self) -> dict[str, Any]:
        """Return what the model of a saved page answers."""
        overview = result_of(self._placed.read_all())
        counted = {_WHOLE: result_of(self._placed.read(_WHOLE))}
        result, buffers = news.density_result(counted, overview.full, *self._unlike(overview))
        return {"result": result, "buffers": buffers}

    def below(self, run: int, layout: Layout | None) -> Shade | None:
        """Return what a picture has below a map; None unless the density belongs to its layout."""
        here = (run, layout and layout.epoch, layout and layout.iteration)
        if here != (self._run, 0, self._iteration):
            return None
        overview = result_of(self._placed.read_all())
        counts, full = overview.at(_DRAWN_LEVEL)
        return Shade(counts, full, self._placed.corner, self._placed.side)

    def _open(self, steps: Generator[float, None, Any]) -> Generator[float | None, None, Any]:
        told = 0.0
        while True:
            self._driver.require_open()
            try:
                share = next(steps)
            except StopIteration as found:
                return found.value
            yield share if share >= told + 0.01 else None
            told = max(told, share)

    def _unlike(self, overview: Overview) -> tuple[str, str]:
        """Say how many rows are unlike the sample, and what that means; empty if nobody knows."""
        threshold = self._placed.threshold
        if overview.unlike is None or threshold is None:
            return "", ""
        are = "row is" if overview.unlike == 1 else "rows are"
        far = f"farther than {threshold:.3g} from the nearest row of the sample"
        return f"{overview.unlike:,} {are} unlike the sample", far
