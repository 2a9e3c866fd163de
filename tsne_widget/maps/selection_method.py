"""t-SNE of rows that the user has chosen: structure that the map of all rows hides."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from scipy.sparse import issparse

from ..parameters.axes import AXES
from ..parameters.axis import Axis, Facts
from ..parameters.defaults import Settings
from ..parameters.metric import is_precomputed
from ..parameters.perplexity import most_perplexity, require_perplexity_among
from ..tsne.distances import stored_counts
from .grid import Spec
from .method import Slices
from .origin import ChosenRows
from .part_method import PartMethod
from .shared_work import SharedWork, Use
from .stages import Stage
from .written import variable, written_value

TAKING = Stage("taking neighbours", done="neighbours taken from those of all rows")
#: The metrics whose distances depend on all rows: among fewer they are others.
_OF_ALL_ROWS = ("seuclidean", "mahalanobis")


class SelectionMethod(PartMethod):
    """t-SNE of some rows, from their own start, with the metric and the exaggeration of the first map.

    It takes the neighbours from those found among all rows if each row has enough of them among these, and
    else searches among these rows. Both give the same map, if the search is exact.
    """

    name = "selection"
    label = "t-SNE of some rows"
    offered = False
    axes = (AXES["perplexity"], AXES["init"], AXES["random_state"])
    follows: ClassVar[tuple[str, ...]] = ("metric", "exaggeration")

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        super().__init__(spec, settings, shared_work)
        # Whether it has just taken neighbours that were known, which nobody has been told yet.
        self._taken = False

    @classmethod
    def axis_of(cls, spec: Spec, name: str) -> Axis:
        """Return an axis as it concerns one map: its rows allow fewer perplexities than all rows."""
        return _perplexity_among(chosen(spec)) if name == "perplexity" else super().axis_of(spec, name)

    @classmethod
    def label_of(cls, spec: Spec) -> str:
        """Say of how many of the rows it is."""
        origin = chosen(spec)
        return f"t-SNE of {len(origin.rows):,} of {origin.n:,} rows"

    @classmethod
    def use(cls, spec: Spec, n: int) -> Use:
        """Return what it needs of all rows: their doubt."""
        return Use(spec)

    @classmethod
    def out_of_range(cls, spec: Spec, n: int) -> str:
        """Return nothing: a perplexity too large for the rows is refused."""
        return ""

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that makes a similar map with scikit-learn, of the same rows."""
        names = ("perplexity", "metric", "init", "random_state")
        values = ", ".join(f"{name}={written_value(name, spec.values[name])}" for name in names)
        return [
            f"# {spec.name}; a similar map by scikit-learn.",
            "from sklearn.manifold import TSNE",
            "",
            f"{variable(spec.name)} = TSNE({values}).fit_transform(X[{rows_of(spec)}])",
        ]

    @property
    def rows(self) -> np.ndarray:
        """The rows chosen."""
        return chosen(self.spec).rows

    def _take_part(self) -> Slices:
        yield from super()._take_part()
        if self._taken:
            self._taken = False
            yield TAKING, 1.0

    def _part(self, rows: np.ndarray) -> Generator[None, None, SharedWork]:
        part = yield from super()._part(rows)
        known = self._of_all.known_in(self.spec)
        if known is None or known.neighbors is None or self.spec["metric"] in _OF_ALL_ROWS:
            return part
        in_metric = part.in_metric(self.spec)
        in_metric.serve([self.spec["perplexity"]])
        self._taken = in_metric.take(known.neighbors.among(rows))
        return part


def chosen(spec: Spec) -> ChosenRows:
    """Return the rows of a map of some."""
    assert isinstance(spec.origin, ChosenRows)
    return spec.origin


def rows_of(spec: Spec) -> str:
    """Return the name of the variable that holds these rows in code."""
    return f"rows_of_{variable(spec.name)}"


def chosen_rows(rows: np.ndarray, settings: Settings, matrix: Any) -> ChosenRows:
    """Return rows as what makes a map."""
    most = _neighbors_among(rows, settings, matrix)
    return ChosenRows(rows, f"{len(rows):,} rows", rows, matrix.shape[0], most)


def _neighbors_among(rows: np.ndarray, settings: Settings, matrix: Any) -> int:
    """Return how many neighbours each of some rows can have among them."""
    if not isinstance(settings.neighbors, str):
        return int(settings.neighbors.among(rows).indices.shape[1])
    if is_precomputed(settings.metric) and issparse(matrix):
        return int(stored_counts(matrix[rows][:, rows]).min())
    return len(rows) - 1


def _perplexity_among(origin: ChosenRows) -> Axis:
    """Return the axis of the perplexity on a map of some rows."""
    axis, rows = AXES["perplexity"], len(origin.rows)

    def check(values: list[Any], facts: Facts) -> list[float]:
        checked: list[float] = axis.check(values, replace(facts, n=rows))
        for value in checked:
            require_perplexity_among(value, rows, origin.most_neighbors)
        return checked

    def reach(facts: Facts) -> Any:
        assert axis.reach is not None
        most = most_perplexity(origin.most_neighbors)
        found = axis.reach(replace(facts, n=rows))
        low, _ = found.slider or (found.low, most)
        return replace(found, high=most, in_range=f"at most {most:g}", slider=(min(low, most), most))

    return replace(
        axis,
        check=check,
        reach=reach,
        require=lambda values, settings, facts: None,
        warn=lambda values, n: None,
        out_of_range=lambda value, n: "",
    )
