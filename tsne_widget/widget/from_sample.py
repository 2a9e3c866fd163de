"""Reads the fitted map of a sample, for a widget that shows it above the density of all rows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.checksum import digest
from ..data.placed_rows import PlacedRows
from ..errors import DataError, InvalidValueError, UnknownParameterError
from ..maps.as_fitted import checkpoint_as_fitted
from ..maps.checkpoint import Checkpoint
from ..parameters.defaults import Settings
from .density import Density
from .driver import Driver
from .map_set import MapSet

if TYPE_CHECKING:
    from ..estimator import TSNE

#: The keyword by which the constructor gets what is read here; no user's.
SAMPLE = "_sample"
#: Parameters of the constructor about the data, which are those of the fit.
_OF_THE_DATA = ("X", "features", "use_rep", "standardize", "executor")


class FittedSample:
    """The fitted map of a sample, and all rows placed on it.

    Parameters
    ----------
    fitted : TSNE or Pipeline that ends in one
        The map.
    placed : path-like
        The folder of all rows.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        There is no such map.
    NotComputedError
        It is not fitted.
    MissingDependencyError, DataError
        See `PlacedRows`; or the rows were placed on the map of another sample.
    """

    def __init__(self, fitted: Any, placed: str | os.PathLike[str]):
        self._fitted = _map_of(fitted)
        self.placed = PlacedRows(placed)
        n = len(self._fitted.embedding_)
        if self.placed.sampled != n:
            raise DataError(
                f"fitted has {n:,} rows, and the rows in {self.placed.path} were placed on a map of "
                f"{self.placed.sampled:,}: give the TSNE that placed them"
            )
        if self.placed.map != digest(self._fitted.embedding_):
            raise DataError(
                f"fitted is not the map on which the rows in {self.placed.path} were placed: give that one, "
                "or place the rows on this one"
            )

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments of the constructor that make the same map."""
        fitted = self._fitted
        params = fitted.get_params(deep=False)
        given = {name: value for name, value in params.items() if name in Settings.__dataclass_fields__}
        if given["n_jobs"] is None:
            del given["n_jobs"]
        if isinstance(given["random_state"], np.random.RandomState):
            given["random_state"] = None
        return {"X": self._rows, **given, SAMPLE: self}

    @property
    def _rows(self) -> Any:
        """The rows of the fit, with the names of its columns if they have any."""
        rows = self._fitted.rows_of_fit
        names = getattr(self._fitted, "feature_names_in_", None)
        if names is None:
            return rows
        import pandas as pd  # names come with frames

        return pd.DataFrame(rows, columns=names)

    def checkpoints(self, maps: MapSet) -> dict[int, Checkpoint]:
        """Return where the first map of a widget is."""
        run, spec = maps.grid.of_tsne[0]
        fitted = self._fitted
        return {run: checkpoint_as_fitted(run, spec, fitted.embedding_, fitted.end_of_fit)}

    def density(self, driver: Driver, maps: MapSet) -> Density:
        """Return the density below that map."""
        return Density(driver, self.placed, maps.grid.of_tsne[0].run, self._fitted.n_iter_)


def reject_fitted(others: Mapping[str, Any]) -> None:
    """Raise for the first parameter that the fitted map decides."""
    from ..estimator import TSNE  # it takes seconds to load the first time

    decided = (*TSNE().get_params(), *_OF_THE_DATA)
    for name in others:
        if name in decided:
            raise UnknownParameterError(
                f"{name!r} is no parameter of from_sample(): the fitted map decides it, or has no use for it"
            )


def _map_of(fitted: Any) -> TSNE:
    from ..estimator import tsne_of  # it takes seconds to load the first time

    fitted = tsne_of(fitted)
    fitted.rows_of_fit  # noqa: B018 # raises unless it is fitted to rows
    if fitted.embedding_.shape[1] != 2:
        raise InvalidValueError("fitted has n_components=1: a widget shows planes")
    return fitted
