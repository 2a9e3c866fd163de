"""The map of a sample: it shows while the neighbours of all rows are searched, and they start from it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..parameters.defaults import Settings
from .grid import Spec
from .stages import FINDING_NEIGHBORS, INITIAL_LAYOUT, Stage
from .work import Progress, Work

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from ..tsne.from_sample import FromSample

FOLLOWING = Stage("following the sample", "letting all rows follow the sample", "all rows follow the sample")
#: Iterations between two layouts that show, of which each crosses with a gap for every other row.
_SHOWN_EVERY = 10


class SampledStart:
    """A start that runs with the same init, seed and metric share; each does a step when it has its turn.

    The sample's map takes the same number of iterations whenever the neighbours are found: so the start
    depends neither on the machine nor on who else uses it.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data.
    count : int
        The size of the sample.
    settings : Settings
        The settings, with this metric.
    spec : Spec
        The parameters of a run.
    pool : Pool
        Runs the kernels.
    require_unchanged : callable
        Raises if the user has changed the matrix.
    """

    def __init__(
        self,
        matrix: np.ndarray | csr_array,
        count: int,
        settings: Settings,
        spec: Spec,
        pool: Any,
        require_unchanged: Callable[[], None],
    ):
        self._n, self._check = matrix.shape[0], require_unchanged
        self._modules = partial(
            _modules, matrix, count, settings.method, settings.metric, settings.metric_params
        )
        self._draw = partial(
            _drawn,
            matrix,
            count,
            metric=settings.metric,
            metric_params=settings.metric_params,
            init=spec["init"],
            random_state=spec["random_state"],
            repulsion=settings.method,
            angle=settings.angle,
            pool=pool,
        )
        self._drawn: FromSample | None = None
        self._beginning, self._organizing = Work(self._begin), Work(self._organize)
        self._leading: dict[int, Work] = {}
        self._shown: tuple[np.ndarray, np.ndarray] | None = None
        #: The iterations that led to the layout that shows, and the most there will be.
        self.iteration, self.limit = 0, 0
        known = f"a sample of {count:,} of {self._n:,}; finding neighbours"
        self._searching = replace(FINDING_NEIGHBORS, waiting=known)

    @property
    def layout(self) -> np.ndarray | None:
        """The sample's layout, float32 of shape (n_samples, 2), NaN where rows have no place yet."""
        if self._shown is None:
            return None
        rows, places = self._shown
        whole = np.full((self._n, 2), np.nan, np.float32)
        whole[rows] = places
        return whole

    @property
    def rows(self) -> np.ndarray | None:
        """The rows drawn, ascending; None before there is a layout."""
        return None if self._shown is None else self._shown[0]

    @property
    def modules(self) -> list[str]:
        """The modules with the kernels that it needs besides those of the map of all rows."""
        return self._modules()

    def led(self, followed: int) -> np.ndarray | None:
        """Return the start of all rows if it is known; see `lead`."""
        work = self._leading.get(followed)
        return work.result if work is not None and work.done else None

    def begin(self) -> Generator[Progress, None, None]:
        """Draw the sample and place it, without kernels."""
        yield from self._beginning.finish(INITIAL_LAYOUT)

    def lead(
        self, search: Generator[Progress, None, Any], followed: int
    ) -> Generator[Progress, None, np.ndarray]:
        """Organise the sample while a search goes on; then return the start of all rows.

        The search returns their neighbours, of which each row looks at the `followed` nearest.
        """
        found: Any = None
        progress, searching = None, True
        while searching or not self._organizing.done:
            if not self._organizing.done:
                self._organizing.step()
                yield self._searching, progress
            if searching and (self._moves or self._organizing.done):
                try:
                    _, progress = next(search)
                except StopIteration as end:
                    found, searching = end.value, False
                yield self._searching, progress
        if followed not in self._leading:
            assert self._drawn is not None
            self._leading[followed] = Work(partial(self._drawn.lead, found, followed))
        return (yield from self._leading[followed].finish(FOLLOWING))

    @property
    def _moves(self) -> bool:
        """Whether the sample has moved: before, a search would only keep it from that."""
        return self.iteration > 0

    def _begin(self) -> Generator[float, None, None]:
        self._check()
        self._drawn = self._draw()
        self._check()
        yield from self._drawn.begin()
        self._show()

    def _organize(self) -> Generator[float, None, None]:
        assert self._drawn is not None
        for progress in self._drawn.organize():
            if self._drawn.iteration % _SHOWN_EVERY == 0:
                self._show()
            yield progress
        self._show()

    def _show(self) -> None:
        assert self._drawn is not None
        assert self._drawn.places is not None
        self._shown = self._drawn.rows, self._drawn.places.copy()
        self.iteration, self.limit = self._drawn.iteration, self._drawn.limit


def _modules(*args: Any) -> list[str]:
    from ..tsne.compilation import modules_of_sample

    return modules_of_sample(*args)


def _drawn(*args: Any, **kwargs: Any) -> FromSample:
    from ..tsne.from_sample import FromSample

    return FromSample(*args, **kwargs)
