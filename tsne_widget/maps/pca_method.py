"""The first two principal components as a method."""

from __future__ import annotations

import math

import numpy as np

from ..errors import DataError
from .grid import Spec
from .method import Figure, Method, Slices
from .stages import Stage

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
    _explained = math.nan

    @classmethod
    def code(cls, spec: Spec) -> list[str]:
        """Return the code that makes the same map with scikit-learn, also of sparse rows."""
        return [
            f"# {spec.name}; its axes may be mirrored.",
            "from sklearn.decomposition import PCA",
            "",
            'pca = PCA(2, svd_solver="arpack").fit_transform(X)',
        ]

    def prepare(self) -> Slices:
        """Find the two directions and the scores of the rows."""
        yield COMPUTING, None
        found = yield from self.shared_work.principal_components(COMPUTING)
        with np.errstate(over="ignore"):
            scores = (found.places * found.scale).astype(np.float32)
        if not np.isfinite(scores).all():
            raise DataError(
                "the rows lie too far apart for float32 coordinates: multiply X by a small constant"
            )
        self._scores, self._explained = scores, found.explained

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
        return {} if math.isnan(self._explained) else {"explained variance": self._explained}
