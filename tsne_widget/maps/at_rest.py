"""Measure how many neighbours a resting map keeps."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from ..measures.kept import kept_in_steps, kept_in_words, neighbors_kept
from ..measures.measure import Steps
from ..tsne.nearest import Neighbors
from .status import Layout
from .work import Work


def _kept(neighbors: Neighbors, layout: Layout, rows: np.ndarray | None) -> Steps:
    """Return the share of each row's nearest rows that a layout keeps; only maps by others may have gaps."""
    ours = layout.points if rows is None else layout.points[rows]
    if layout.as_given is None and not np.isfinite(ours).all():
        raise ValueError("the layout has coordinates that are not finite")
    return (yield from kept_in_steps(neighbors, layout.points))


class AtRest:
    """Measures each resting layout once, in steps, so that a command can interrupt it."""

    def __init__(self) -> None:
        self._layout: Layout | None = None
        #: What decides the neighbours in the data, and how many of them are compared.
        self._metric: tuple[Any, ...] = ()
        self._k = 0
        self._work: Work | None = None
        #: The share of neighbours that the layout keeps, if another session has measured it.
        self._known: float | None = None

    def restore(self, layout: Layout, metric: tuple[Any, ...], kept: float) -> None:
        """Take what another session has measured; the layout is not measured again."""
        self._layout, self._metric, self._known = layout, metric, kept

    @property
    def busy(self) -> bool:
        """Whether a measurement is under way."""
        return self._work is not None and not self._work.done

    def look_at(
        self,
        layout: Layout | None,
        known: Neighbors | None,
        metric: tuple[Any, ...],
        rows: np.ndarray | None = None,
    ) -> None:
        """Begin to measure a layout, if the data's neighbours are known; None if the map is not at rest.

        The same layout is measured again only in another `metric`, as `Spec.part("neighbors")` has it. The
        map is made of some `rows`, or of all.
        """
        if layout is None:
            if self.busy:
                self._work = self._layout = None
        elif layout is self._layout and metric == self._metric:
            if self._known is not None and known is not None:
                self._k = neighbors_kept(known)
        else:
            self._known = None
            self._layout, self._metric = (None if known is None else layout), metric
            self._k = 0 if known is None else neighbors_kept(known)
            self._work = None if known is None else Work(partial(_kept, known, layout, rows))

    def work(self) -> None:
        """Advance the measurement by one step."""
        assert self._work is not None
        self._work.step()

    def stop(self) -> None:
        """Abandon the measurement; the same layout is not measured again."""
        self._work = None

    def kept(self, layout: Layout | None) -> float | None:
        """Return the share of neighbours that a layout keeps, over rows with a place; None if unknown."""
        work = self._work
        if layout is None or layout is not self._layout:
            return None
        if work is None or not work.done:
            return self._known
        known = work.result[~np.isnan(work.result)]
        return float(known.mean()) if len(known) else None

    def in_words(self, kept: float, metric: str) -> str:
        """Say that share in a sentence, naming the metric unless it is empty."""
        return kept_in_words(kept, self._k, metric)
