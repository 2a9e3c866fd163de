"""t-SNE of a part of the rows: what repetitions and maps of a selection have in common."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

import numpy as np

from ..errors import NotComputedError
from ..parameters.axes import AXES
from ..parameters.constants import FAR_NEIGHBORS
from ..parameters.defaults import Settings
from ..tsne.nearest import Neighbors
from .grid import Spec
from .method import Slices
from .placing import Placer
from .shared_work import SharedWork, Use
from .stages import INITIAL_LAYOUT, Stage
from .tsne_method import TSNEMethod
from .work import Progress, WorkAside

DRAWING = Stage("drawing rows")


class PartMethod(TSNEMethod):
    """t-SNE of the rows in `rows`, of which it holds a copy; the others have no place.

    The rows that are left out have no part in the search for neighbours either.
    """

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        super().__init__(spec, settings, shared_work)
        self._of_all = shared_work
        # The neighbours among the rows of the map, as found and by position among all rows.
        self._translated: tuple[Neighbors, Neighbors] | None = None

    @classmethod
    def twin_of(cls, spec: Spec) -> Spec:
        """Return the spec of a map of other data, which are as many as the rows on the map."""
        return Spec({name: spec.values[name] for name in AXES})

    def prepare(self) -> Slices:
        """Take the rows, then do what t-SNE does."""
        yield INITIAL_LAYOUT, None
        yield from self._take_part()
        yield from super().prepare()

    def continue_with(self, spec: Spec) -> Slices | None:
        """Continue with another perplexity or exaggeration; None if the start itself changes."""
        slices = super().continue_with(spec)
        self._serve_part()
        return slices

    def go_back_to(self, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Continue with a new optimizer from where the rows on the map were."""
        return super().go_back_to(points if self.rows is None else points[self.rows], iteration, limit)

    def placer(self) -> Placer:
        """Return what places new rows on a map of all rows."""
        if self.rows is None:
            return super().placer()
        raise NotComputedError("a map of a part of the rows does not place new ones")

    @property
    def layout(self) -> np.ndarray | None:
        """The layout, NaN where a row is left out."""
        points, rows = super().layout, self.rows
        if points is None or rows is None:
            return points
        whole = np.full((self._of_all.n, 2), np.nan, np.float32)
        whole[rows] = points
        return whole

    def neighbors(self, spec: Spec) -> Neighbors | None:
        """Return the nearest rows of each row among those of the map, as many as measures look at."""
        if self.rows is None:
            return super().neighbors(spec)
        found = None if self.shared_work is self._of_all else super().neighbors(spec)
        if found is None:
            return None
        known = self._translated
        if known is None or known[0] is not found:
            known = found, found.first(FAR_NEIGHBORS).of_part(self.rows, self._of_all.n)
            self._translated = known
        return known[1]

    def _initial_layout(self) -> Generator[Progress, None, np.ndarray]:
        if self.rows is None or isinstance(self.spec["init"], str):
            return (yield from super()._initial_layout())
        return (yield from self._of_all.start(self.spec))[self.rows]

    def _make_optimizer(self) -> Slices:
        yield from self._take_part()
        yield from super()._make_optimizer()

    def _take_part(self) -> Slices:
        """Let all further work concern only the rows on the map."""
        if self.rows is None or self.shared_work is not self._of_all:
            return
        yield DRAWING, None
        work = WorkAside(partial(self._part, self.rows))
        self.shared_work = yield from work.finish(DRAWING)
        self._serve_part()

    def _part(self, rows: np.ndarray) -> Generator[None, None, SharedWork]:
        """Return the shared work of the rows on the map; another thread asks."""
        yield None
        return self._of_all.of(rows)

    def _serve_part(self) -> None:
        if self.shared_work is not self._of_all:
            self.shared_work.serve([Use(self.spec, self.spec["perplexity"], start=True)])
