"""The first two principal components as a method."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError, NotComputedError
from ..parameters.defaults import Settings
from .grid import Spec
from .method import Figure, Method, Slices
from .placing import NewRows, Placer
from .stages import Stage
from .written import variable

if TYPE_CHECKING:
    from ..tsne.initialization import PrincipalComponents

COMPUTING = Stage("computing PCA")


class PCAMethod(Method):
    """Projects the rows onto the two directions in which they vary most."""

    name = "pca"
    label = "PCA"
    live = False
    takes_rows = True
    told = (
        Figure(
            "explained variance",
            "share of the data's variance that the map shows",
            share=True,
            short="variance",
        ),
    )

    _scores: np.ndarray | None = None
    _found: PrincipalComponents | None = None

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that makes the same map with scikit-learn, also of sparse rows."""
        return [
            f"# {spec.name}; its axes may be mirrored.",
            "from sklearn.decomposition import PCA",
            "",
            f'{variable(spec.name)} = PCA(2, svd_solver="arpack").fit_transform(X)',
        ]

    def prepare(self) -> Slices:
        """Find the two directions and the scores of the rows."""
        yield COMPUTING, None
        found = yield from self.shared_work.principal_components(COMPUTING)
        self._scores, self._found = _as_float32(found.places * found.scale), found

    def placer(self) -> Placer:
        """Return the projection onto the two directions."""
        found = self._found
        if found is None:
            raise NotComputedError("PCA has not been computed yet")

        def project(rows: NewRows) -> np.ndarray:
            return _as_float32(found.scores(rows.matrix))

        return project

    @property
    def layout(self) -> np.ndarray | None:
        """The centred scores."""
        return self._scores

    @property
    def ready(self) -> bool:
        """Whether the scores are computed."""
        return self._scores is not None

    ended = settled = ready

    @property
    def phase(self) -> str:
        """The state of the map, in one word."""
        return "computed"

    @property
    def figures(self) -> dict[str, float]:
        """The explained share of the variance; unknown if all rows are equal."""
        explained = math.nan if self._found is None else self._found.explained
        return {} if math.isnan(explained) else {"explained variance": explained}


def _as_float32(scores: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore"):
        rounded = scores.astype(np.float32)
    if not np.isfinite(rounded).all():
        raise DataError("the rows lie too far apart for float32 coordinates: multiply X by a small constant")
    return rounded
