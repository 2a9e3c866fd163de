"""What maps and data say in numbers."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ...measures.group_distances import GroupDistances
from ...measures.registry import descriptions
from ..map_set import MapSet
from ..measurements import Measurements
from ..measuring import Measuring


class MeasurementsInterface:
    """What users ask in numbers."""

    selection: Any
    _maps: MapSet
    _measurements: Measurements
    _measuring: Measuring

    @property
    def measures(self) -> dict[str, str]:
        """What `measure()` and `color_by` know: each name, and what it measures in a sentence."""
        return descriptions()

    def measure(self, name: str, *, runs: Any = None, row: int | None = None) -> np.ndarray:
        """Return a number for each row: one of `measures`.

        Of each map of several: `w.runs[0].measure(name)`.

        Parameters
        ----------
        name : str
            One of `measures`, such as 'kept'.
        runs : sequence of int or of RunHandle, optional
            Of a measure that compares maps: positions in `runs`, or maps from it, two at least; by default
            all that have a layout.
        row : int, optional
            Of a measure from one row: its position.

        Returns
        -------
        ndarray of shape (n_samples,)
            NaN where it is missing.

        Raises
        ------
        InvalidValueError, InvalidTypeError, SelectionError
            There is no such measure, or `runs` and `row` are not what it needs.
        NotComputedError, SeveralRunsError
            A map has no layout, the neighbours have not been searched yet, or there are several maps.

        Warns
        -----
        StabilityWarning
            The maps that are compared agree by construction.

        Examples
        --------
        >>> w.select(w.measure("kept") < 0.1)  # doctest: +SKIP
        """
        return self._measuring.measure(name, runs, row)

    def stability(self, k: int | None = None, runs: Any = None) -> np.ndarray:
        """Return for each point the share of its nearest neighbours on a map that are so on all of them.

        By chance it is ``(k / (n_samples - 1)) ** (maps - 1)``. Of maps that differ in their seed alone and
        start from the same layout it says next to nothing: they are nearly the same by construction.

        Parameters
        ----------
        k : int, optional
            Neighbours of a point, from 1 to n_samples - 1.
            By default 15, or n_samples - 1 where that is less.
        runs : sequence of int or of RunHandle, optional
            Positions in `runs`, or maps from it, two at least; by default all maps of t-SNE that have a
            layout; of a single one that and what stands beside it.

        Returns
        -------
        ndarray of float64, shape (n_samples,)
            From 0 to 1: the size of the intersection of the sets of k neighbours, over k.

        Raises
        ------
        NotComputedError
            A map has no layout, or fewer than two have.
        InvalidValueError, InvalidTypeError
            For `k` and `runs`.

        Warns
        -----
        StabilityWarning
            The maps differ in their seed alone and start from the same layout.
        """
        return self._measurements.stability(k, runs)

    def neighbors(
        self, i: int, k: int | None = None, space: Literal["original", "map"] = "original"
    ) -> np.ndarray:
        """Return the nearest rows of a row.

        Parameters
        ----------
        i : int
            Position of the row.
        k : int, optional
            How many, from 1 to n_samples - 1. By default 10, or n_samples - 1 where that is less.
        space : {"original", "map"}
            In the metric of the data, or by euclidean distance on the map; of one map of several:
            `w.runs[0].neighbors(i, k)`.

        Returns
        -------
        ndarray of int64, shape (k,)
            Positions, nearest first; the row itself is not among them.

        Raises
        ------
        SelectionError, InvalidTypeError, InvalidValueError
            There is no such row, or not so many.
        SeveralRunsError, NotComputedError
            On the map: there are several, or it has no layout yet.
        """
        return self._measurements.neighbors(i, k, space)

    def distances(self, i: int) -> np.ndarray:
        """Return how far all rows are from one in the original space, in the metric of the map.

        Parameters
        ----------
        i : int
            Position of the row.

        Returns
        -------
        ndarray of float32, shape (n_samples,)
            0 for the row itself.

        Raises
        ------
        SelectionError, InvalidTypeError, DataError
            There is no such row; or X is a graph of distances, which does not hold them all.
        """
        return self._measurements.distances(i)

    def group_distances(self, by: str | None = None) -> GroupDistances:
        """Compare the distances between labels, or groups, on the map with those in the original space.

        Between class means, as Kobak & Berens (2019) have it; of one map of several:
        `w.runs[0].group_distances()`.

        Parameters
        ----------
        by : str, optional
            A column with categories, or 'groups' for those that were saved. By default the first column with
            categories that `labels` gave, whatever colours the points; where no labels were given, the
            column that colours; else the groups.

        Returns
        -------
        GroupDistances
            `sentence` says it, `rho` is the rank correlation, `original` and `on_map` are the distances of
            `pairs` of `names`.

        Raises
        ------
        NotComputedError, SeveralRunsError
            There is no layout yet, or there are several.
        InvalidValueError, DataError
            There are fewer than two groups, the column has no categories, or X holds distances: groups of
            rows that are not known have no means.
        """
        return self._maps.only("group_distances()").group_distances(by)

    def local_radius(self) -> np.ndarray:
        """Return how far the nearest rows of each row are in the original space: small where data are dense.

        The mean distance to the 10 nearest (Narayan, Berger & Cho 2021 call it local radius), in the metric
        of the map. t-SNE gives every point the same effective number of neighbours, so that a map does not
        show it.

        Returns
        -------
        ndarray of float32, shape (n_samples,)

        Raises
        ------
        NotComputedError
            The neighbours have not been searched yet: `wait()` waits for it.
        """
        return self._measuring.measure("density", None, None)

    @property
    def isolated_rows(self) -> np.ndarray:
        """The rows that have no neighbours: but for a few copies no row is nearer to them than any other.

        Rows that share nothing with any row, under jaccard distance; those without a row at less than a right
        angle, under cosine distance and correlation; those that a large number sets apart from all others,
        among given distances. Their place on the map says nothing. Under euclidean and manhattan distance,
        and where the neighbours themselves are given, there are none.

        Returns
        -------
        ndarray of int64
            Positions, ascending, such as `selection` takes.

        Raises
        ------
        NotComputedError
            The neighbours have not been searched yet: `wait()` waits for it.
        """
        return self._measurements.isolated_rows()

    def contrast(self, selection: Any = None, against: Any = "rest") -> Any:
        """Return what sets some rows apart, strongest first.

        For numbers it is the standardised mean difference (m1 - m0) / sqrt((s1^2 + s0^2) / 2) (Austin 2009):
        how many standard deviations the means lie apart. For categories it is the difference in shares.
        There are no p-values, on purpose: rows that were chosen by looking at the data differ in it, and a
        test would be circular (Kriegeskorte et al. 2009).

        Parameters
        ----------
        selection : array-like of int or of bool, or name of a group, optional
            By default the rows that are selected.
        against : "rest", name of a group, or array-like of int or of bool
            Whom to compare them with; rows that are in both are left on the side of the selection.

        Returns
        -------
        DataFrame
            In the library of your data (pandas where you gave no frame): 'feature', 'category' (missing for
            numbers), 'effect', 'selected' and 'other' (means, or shares), 'selected_sd', 'other_sd'. Numbers
            come first, then categories. An effect is infinite where neither side varies. Means of dates
            are in seconds since 1970, those of durations in seconds. Of booleans True is told, of which False
            is the mirror. Not compared are objects, images, texts of which most differ, such as names of
            rows, and columns with more than 1,000 categories.

        Raises
        ------
        SelectionError
            A side has no rows.
        GroupError, DataError, InvalidTypeError
            For a group or a row that does not exist; or X holds distances, and there are no columns.
        """
        return self._measurements.contrast(selection, against, self.selection)
