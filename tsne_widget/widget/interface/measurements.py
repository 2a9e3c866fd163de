"""Numbers about maps and data."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from ...measures.group_distances import GroupDistances
from ...measures.registry import descriptions
from ..map_set import MapSet
from ..measurements import Measurements
from ..measuring import Measuring


class MeasurementsInterface:
    """The public methods that return numbers."""

    selection: Any
    _maps: MapSet
    _measurements: Measurements
    _measuring: Measuring

    @property
    def measures(self) -> dict[str, str]:
        """The measures for `measure()` and `color_by`: each name with a sentence on what it measures."""
        return descriptions()

    def measure(self, name: str, *, runs: Any = None, row: int | None = None) -> np.ndarray:
        """Return a number for each row, or two: one of `measures`.

        For one map of several: `w.runs[0].measure(name)`.

        Parameters
        ----------
        name : str
            One of `measures`, such as 'kept'.
        runs : sequence of int or of RunHandle, optional
            For a measure that compares maps: at least two positions in `runs`, or maps from it; by default
            all that have a layout.
        row : int, optional
            For a measure from one row: its position.

        Returns
        -------
        ndarray of shape (n_samples,), or (n_samples, 2) for 'distortions' and 'second_home'
            NaN if it is missing.

        Raises
        ------
        InvalidValueError, InvalidTypeError, SelectionError
            There is no such measure, it has no answer for these data, or `runs` or `row` does not suit it.
        NotComputedError, SeveralRunsError
            A map has no layout, the neighbours have not been searched yet, or there are several maps.

        Warns
        -----
        StabilityWarning
            The compared maps agree by construction.

        Examples
        --------
        >>> w.select(w.measure("kept") < 0.1)  # doctest: +SKIP
        """
        return self._measuring.measure(name, runs, row)

    def stability(self, k: int | None = None, runs: Any = None) -> np.ndarray:
        """Return for each point the share of its nearest neighbours on a map that it has on all maps.

        Chance gives ``(k / (n_samples - 1)) ** (maps - 1)``. For maps that differ only in their seed and
        start from the same layout it says almost nothing: they are nearly the same by construction.

        Parameters
        ----------
        k : int, optional
            Neighbours of a point, from 1 to n_samples - 1.
            By default 15, or n_samples - 1 if that is less.
        runs : sequence of int or of RunHandle, optional
            At least two positions in `runs`, or maps from it; by default all maps of t-SNE that have a
            layout or, if that is one, this map and those beside it.

        Returns
        -------
        ndarray of float64, shape (n_samples,)
            From 0 to 1: the size of the intersection of the sets of k neighbours, over k.

        Raises
        ------
        NotComputedError
            A map has no layout, or fewer than two have one.
        InvalidValueError, InvalidTypeError
            `k` or `runs` is not allowed.

        Warns
        -----
        StabilityWarning
            The maps differ only in their seed and start from the same layout.
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
            How many, from 1 to n_samples - 1. By default 10, or n_samples - 1 if that is less.
        space : {"original", "map"}
            By the metric in the data, or by euclidean distance on the map; for one map of several:
            `w.runs[0].neighbors(i, k)`.

        Returns
        -------
        ndarray of int64, shape (k,)
            Positions, nearest first; the row itself is not among them.

        Raises
        ------
        SelectionError, InvalidTypeError, InvalidValueError
            There is no such row, or there are fewer than k others.
        SeveralRunsError, NotComputedError
            On the map: there are several, or it has no layout yet.
        """
        return self._measurements.neighbors(i, k, space)

    def distances(self, i: int) -> np.ndarray:
        """Return the distances of all rows from one in the original space, in the metric of the map.

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
            There is no such row; or X is a graph, which does not hold all distances.
        """
        return self._measurements.distances(i)

    def group_distances(self, by: str | None = None) -> GroupDistances:
        """Compare the distances between labels, or groups, on the map with those in the original space.

        The distances are between class means, as in Kobak & Berens (2019). For one map of several:
        `w.runs[0].group_distances()`.

        Parameters
        ----------
        by : str, optional
            A column with categories, or 'groups' for the saved groups. By default the first column with
            categories from `labels`, whatever colours the points; without labels the column that colours;
            else the groups.

        Returns
        -------
        GroupDistances
            `sentence` sums it up, `rho` is the rank correlation, `original` and `on_map` are the distances of
            `pairs` of `names`.

        Raises
        ------
        NotComputedError, SeveralRunsError
            There is no layout yet, or there are several.
        InvalidValueError, DataError
            There are fewer than two groups, the column has no categories, or X holds distances: without rows,
            groups have no means.
        """
        return self._maps.only("group_distances()").group_distances(by)

    def local_radius(self) -> np.ndarray:
        """Return how far each row's nearest rows are in the original space: small where data are dense.

        The mean distance to the 10 nearest (Narayan, Berger & Cho 2021 call it local radius), in the metric
        of the map. t-SNE gives every point the same effective number of neighbours, so a map does not show
        it.

        Returns
        -------
        ndarray of float32, shape (n_samples,)

        Raises
        ------
        NotComputedError
            The neighbours have not been searched yet: `wait()` waits for them.
        """
        return self._measuring.measure("density", None, None)

    @property
    def isolated_rows(self) -> np.ndarray:
        """The rows without neighbours: apart from a few copies, no row is nearer to them than any other.

        Under jaccard distance these are rows that share nothing with any other; under cosine distance and
        correlation, rows with no other at less than a right angle; among given distances, rows that a large
        number sets apart from all others. Their place on the map means nothing. There are none under
        euclidean and manhattan distance, or if you gave the neighbours.

        Returns
        -------
        ndarray of int64
            Positions, ascending; `selection` takes them.

        Raises
        ------
        NotComputedError
            The neighbours have not been searched yet: `wait()` waits for them.
        """
        return self._measurements.isolated_rows()

    def contrast(self, selection: Any = None, against: Any = "rest") -> Any:
        """Return what sets some rows apart, strongest first.

        For numbers this is the standardised mean difference (m1 - m0) / sqrt((s1^2 + s0^2) / 2) (Austin
        2009): how many standard deviations the means lie apart. For categories it is the difference in
        shares. Of texts it gives the words that are characteristic of the selected rows, see `name_groups`,
        and in which shares of the rows they are. There are no p-values, on purpose: rows chosen by looking at
        the data differ in the data anyway, and a test would be circular (Kriegeskorte et al. 2009).

        Parameters
        ----------
        selection : array-like of int or of bool, or name of a group, optional
            By default the selected rows.
        against : "rest", name of a group, or array-like of int or of bool
            What to compare them with; rows in both count for the selection.

        Returns
        -------
        DataFrame
            In the library of your data (pandas if you gave no frame): 'feature', 'category' (also a word;
            missing for numbers), 'kind' ('number', 'category' or 'word'), 'effect', 'selected' and 'other'
            (means, or shares), 'selected_sd', 'other_sd'. Numbers come first, then categories, words, and
            last features that are only numbered, such as x0, x1, ... An effect is infinite if neither side
            varies. Means of dates are in seconds since 1970, those of durations in seconds. Booleans list
            only True, as False mirrors it. Objects, images, and columns with more than 1,000 categories are
            not compared.

        Raises
        ------
        SelectionError
            A side has no rows.
        GroupError, DataError, InvalidTypeError
            A group or a row does not exist; or X holds distances, and there are no columns.
        """
        return self._measurements.contrast(selection, against, self.selection)
