"""What may be read from a map."""

from __future__ import annotations

from typing import Any

from ...honesty.findings import FoundGap
from ...honesty.report import Report
from ...honesty.verdict import Verdict
from ...parameters.constants import LINEUP_PANELS
from ..lineup import LineUp
from ..map_set import MapSet
from ..readings import Readings


class ReadingsInterface:
    """The public methods that tell what may be read from a map."""

    _maps: MapSet
    _readings: Readings

    def report(self, by: str | None = None) -> Report:
        """Tell what may be read from the map, and what not, in sentences and numbers about this map.

        About the map: how many nearest rows it keeps, whether it is torn (up to 10,000 rows beside a map of
        noise), whether the data are more than noise, and how many of its gaps are in the data. About the
        selection and each group, or each label: how many nearest rows are kept, whether the group and the
        clump beside it are apart in the data, and how far away the next group is. The numbers are those of
        the map as it is now; docs/numbers.md says how each is computed and calibrated, and what it does not
        say.

        For one map of several: `w.runs[0].report()`. It takes as long as the map and the verdicts on its
        gaps: five seconds for 1,797 digits, half a minute for 10,000 rows.

        Parameters
        ----------
        by : str, optional
            The name of a column: each of its categories is a group to tell about, instead of the selection
            and the groups.

        Returns
        -------
        Report
            It reads well in a notebook; `to_frame()` has the numbers.

        Raises
        ------
        SeveralRunsError, NotComputedError
            There are several maps, or the neighbours have not been searched yet.
        DataError, InvalidValueError
            There is no such column, or it has no categories.
        """
        return self._maps.only("report()").report(by)

    def verdict(self, a: Any, b: Any = None) -> Verdict:
        """Tell whether two groups of rows are apart in the data, whatever the map shows.

        Each row is linked to its 15 nearest rows of both groups. ``W = c / min(g, s)`` compares the share
        c of links that cross from one group to the other with the fewest that a single Gaussian cloud of
        exactly the same covariance would let cross (g), and with those over the weakest place inside
        either group (s). Below 0.5 the groups are apart, below 0.8 they hang together by a thin place, and
        above they are joined. On single clouds of many shapes that a map had cut, 'apart' was never said;
        docs/numbers.md has the calibration. Classes need not be clusters: two labels may be joined.

        Parameters
        ----------
        a : str, or rows
            The name of a group or of a label, or rows as for `select`: positions or a mask. At least 45
            different rows.
        b : str, or rows, optional
            The same for the other group, with no rows in common. By default the clump of the map beside `a`:
            the one to which `a` has most links. For one map of several: `w.runs[0].verdict(a)`.

        Returns
        -------
        Verdict
            With `answer`, 'apart', 'thin' or 'joined'; `sentence`; the numbers `W`, `crossing`, `cloud` and
            `parts`; and `links`, the linked pairs of rows that cross. Above 3,000 rows both groups are
            thinned alike. Rows between the two that nobody has circled, but that are linked to both, are
            taken in.

        Raises
        ------
        DataError
            Nobody can tell: a group has fewer than 45 different rows, or the metric is a function.
        InvalidValueError, SelectionError, InvalidTypeError
            There is no such group, label or row, or both groups share rows.
        SeveralRunsError, NotComputedError
            There are several maps and no `b`, or the neighbours have not been searched yet.

        Examples
        --------
        >>> w.verdict("3", "5")  # doctest: +SKIP
        >>> w.verdict(w.selection).answer  # doctest: +SKIP
        """
        return self._readings.verdict(None, a, b)

    def gaps(self) -> tuple[FoundGap, ...]:
        """Tell of each gap that the map shows whether the data have it.

        Clumps are the basins of the density of the map, with at least 3 % of the rows each; a gap lies
        between two of them that are side by side. See `verdict` for how it is judged. For one map of several:
        `w.runs[0].gaps()`. It takes about a second for 1,797 digits and eight for 10,000 rows.

        Returns
        -------
        tuple of FoundGap
            The deepest first. Each has its `answer`, None if nobody can tell; its `sentence`; the rows on
            both sides, `first` and `second`; and `lines` along it, in the coordinates of the map.

        Raises
        ------
        SeveralRunsError, NotComputedError
            There are several maps, or the neighbours have not been searched yet.
        """
        return self._maps.only("gaps()").gaps()

    def lineup(self, n: int = LINEUP_PANELS, seed: int | None = None) -> LineUp:
        """Put the map among maps of noise, and find out whether the eye can tell it from them.

        The others are made as the map was, from Gaussian data with exactly the mean and the covariance of the
        rows, one cloud without any structure. All stand in random order, in grey, without labels. Pick the
        one that differs most: if the data were noise, you would find the map 1 time in n. Who knows the map
        by heart finds it whatever it shows: let somebody else pick.

        For one map of several: `w.runs[0].lineup()`. It takes n - 1 times as long as the map, and prints its
        progress after some seconds; interrupting the cell ends it.

        Parameters
        ----------
        n : int
            How many panels, the map among them: 2 to 20.
        seed : int, optional
            Repeats a line-up of this map: the `seed` of that one. By default there is new noise each time.

        Returns
        -------
        LineUp
            A notebook shows the panels. `pick(number)` tells whether it was the map, and what the data
            themselves say.

        Raises
        ------
        DataError
            There is no such noise: the map is not by a method of ours, the metric knows no Gaussian cloud, or
            there are too many numbers.
        InvalidValueError, InvalidTypeError
            `n` or `seed` is not allowed.
        SeveralRunsError, NotComputedError
            There are several maps, or no map yet.

        References
        ----------
        A. Buja, D. Cook, H. Hofmann, M. Lawrence, E.-K. Lee, D. F. Swayne & H. Wickham (2009). Statistical
        inference for exploratory data analysis and model diagnostics. Philosophical Transactions of the Royal
        Society A 367, 4361-4383.

        H. Wickham, D. Cook, H. Hofmann & A. Buja (2010). Graphical inference for infovis. IEEE Transactions
        on Visualization and Computer Graphics 16(6), 973-979.

        Examples
        --------
        >>> panels = w.lineup()  # doctest: +SKIP
        >>> panels.pick(3)  # doctest: +SKIP
        """
        return self._maps.only("lineup()").lineup(n, seed)
