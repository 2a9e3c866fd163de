"""Measure how many neighbours a resting map keeps."""

from __future__ import annotations

from collections.abc import Generator

from .in_metric import InMetric
from .status import Layout


class AtRest:
    """Measures each resting layout once, in steps, so that a command can interrupt it."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._steps: Generator[None, None, float] | None = None
        self._kept: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a measurement is under way."""
        return self._steps is not None

    def look_at(self, layout: Layout | None, data: InMetric | None) -> None:
        """Begin to measure a layout, if the data's neighbours are known; None if the map is not at rest."""
        if layout is None:
            if self.busy:
                self._steps = self._layout = None
        elif layout is not self._layout:
            self._layout, self._kept = layout, None  # even if beginning fails: we try a layout once
            self._steps = None if data is None else data.kept_share(layout.points)
            if not self.busy:
                self._layout = None

    def work(self) -> None:
        """Advance the measurement by one step."""
        try:
            next(self._steps)  # type: ignore[arg-type]
        except StopIteration as measured:
            self._steps, self._kept = None, measured.value

    def stop(self) -> None:
        """Abandon the measurement; the same layout is not measured again."""
        self._steps = None

    def kept(self, layout: Layout | None) -> float | None:
        """Return the share of neighbours that a layout keeps, or None if unknown."""
        return self._kept if layout is self._layout else None
