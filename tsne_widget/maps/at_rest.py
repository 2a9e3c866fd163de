"""How many neighbours a map keeps, measured where it rests."""

from __future__ import annotations

from collections.abc import Generator

from .in_metric import InMetric
from .status import Layout


class AtRest:
    """Measures each layout at which a map rests once, in steps that a command may end."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._steps: Generator[None, None, float] | None = None
        self._kept: float | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being measured."""
        return self._steps is not None

    def look_at(self, layout: Layout | None, data: InMetric | None) -> None:
        """Begin to measure a layout, once the data's neighbours are known; None: the map does not rest."""
        if layout is None:
            if self.busy:
                self._steps = self._layout = None
        elif layout is not self._layout:
            self._layout, self._kept = layout, None  # also where to begin with it fails
            self._steps = None if data is None else data.kept_share(layout.points)
            if not self.busy:
                self._layout = None

    def work(self) -> None:
        """Do one step."""
        try:
            next(self._steps)  # type: ignore[arg-type]
        except StopIteration as measured:
            self._steps, self._kept = None, measured.value

    def stop(self) -> None:
        """Give up what is being measured, and do not begin with that layout again."""
        self._steps = None

    def kept(self, layout: Layout | None) -> float | None:
        """Return the share of neighbours that a layout keeps; None while it is not known."""
        return self._kept if layout is self._layout else None
