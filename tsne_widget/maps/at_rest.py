"""Measure how many neighbours a resting map keeps."""

from __future__ import annotations

from functools import partial

from ..measures.kept import kept_in_steps, kept_in_words, neighbors_kept
from .in_metric import InMetric
from .status import Layout
from .work import Work


class AtRest:
    """Measures each resting layout once, in steps, so that a command can interrupt it."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        self._data: InMetric | None = None
        self._work: Work | None = None

    @property
    def busy(self) -> bool:
        """Whether a measurement is under way."""
        return self._work is not None and not self._work.done

    def look_at(self, layout: Layout | None, data: InMetric | None) -> None:
        """Begin to measure a layout, if the data's neighbours are known; None if the map is not at rest."""
        if layout is None:
            if self.busy:
                self._work = self._layout = None
        elif layout is not self._layout or data is not self._data:
            known = None if data is None else data.neighbors
            self._layout, self._data = (None if known is None else layout), data
            self._work = None if known is None else Work(partial(kept_in_steps, known, layout.points))

    def work(self) -> None:
        """Advance the measurement by one step."""
        assert self._work is not None
        self._work.step()

    def stop(self) -> None:
        """Abandon the measurement; the same layout is not measured again."""
        self._work = None

    def kept(self, layout: Layout | None) -> float | None:
        """Return the share of neighbours that a layout keeps, or None if unknown."""
        work = self._work
        if layout is None or layout is not self._layout or work is None or not work.done:
            return None
        return float(work.result.mean())

    def kept_in_words(self, layout: Layout | None, metric: str) -> str:
        """Say the same, naming the metric unless it is empty; empty if the share is unknown."""
        share = self.kept(layout)
        if share is None or self._data is None:
            return ""
        return kept_in_words(share, neighbors_kept(self._data.neighbors), metric)
