"""Clumps that are found and suggested as groups, and names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from ...data.suggestions import Suggestions
from ..map_set import RunHandle
from ..suggesting import Suggesting


class SuggestingInterface:
    """The public methods that suggest groups and names."""

    _suggesting: Suggesting

    def find_clumps(
        self,
        on: Literal["map", "data"] = "map",
        *,
        min_size: int | None = None,
        run: int | RunHandle | None = None,
    ) -> Suggestions:
        """Find clumps, and suggest each as a group with a name made of what sets it apart.

        HDBSCAN finds the densest places, and leaves out the rows between them. On the map it reads the places
        of the points as they are now, so a clump is what the map shows: it need not be a clump of the data.
        `report()` tells which gaps are in the data. In the data, two rows are the closer, the more of their
        nearest rows they share.

        The suggestions take the place of earlier ones. Groups stay as they are until you accept some. Names
        are made as `name_groups()` makes them.

        Parameters
        ----------
        on : {"map", "data"}
            Where to look.
        min_size : int, optional
            The fewest rows of a clump, from 2 to half of the rows. By default 3 % of the rows, or 2 times the
            square root of their number if that is less, and at least 10.
        run : int or RunHandle, optional
            A position in `runs`, or a map from it: the map to look at, or in whose metric. By default the
            reference.

        Returns
        -------
        Suggestions
            `accept()`, `rename()`, `merge()`, `drop()`; it is also `w.suggestions`.

        Raises
        ------
        NotComputedError
            The map has no layout, or the nearest rows have not been searched yet.
        InvalidValueError, InvalidTypeError
            A parameter is not allowed.

        References
        ----------
        R. J. G. B. Campello, D. Moulavi & J. Sander (2013). Density-based clustering based on hierarchical
        density estimates. PAKDD, 160-172.

        R. A. Jarvis & E. A. Patrick (1973). Clustering using a similarity measure based on shared near
        neighbors. IEEE Transactions on Computers C-22(11), 1025-1034.

        Examples
        --------
        >>> w.find_clumps()  # doctest: +SKIP
        >>> w.find_clumps("data", min_size=50).accept()  # doctest: +SKIP
        """
        return self._suggesting.find(on, min_size, run)

    @property
    def suggestions(self) -> Suggestions:
        """The groups that are suggested, by name; see `help(w.suggestions)` and `find_clumps()`."""
        return self._suggesting.suggestions

    def name_groups(
        self,
        by: str | None = None,
        namer: Callable[[Any], str] | None = None,
        *,
        of: str | None = None,
    ) -> dict[str, str]:
        """Name suggestions, groups or labels by what sets them apart from all other rows.

        A column of categories gives the category that is most over-represented. A column of texts gives the
        most characteristic words, by class-based tf-idf (Grootendorst 2022): the weight of a word x in a
        class c is ``tf(x, c) * log(1 + A / f(x))``, with its share of the words of c, its frequency f in all
        classes, and the mean number of words A of a class. Single words and pairs count, without English stop
        words and without words that fewer than 3 rows have; each is in at least 1.5 times the share of rows
        that it has elsewhere. A column of numbers gives 'high' or 'low'. No two names are the same: a further
        word or a number is added.

        Parameters
        ----------
        by : str, optional
            A column. By default the column of categories that tells most, if in it a group has 20 percentage
            points more of its category than the others; else the column of texts that tells most; else the
            feature or column of numbers that differs most for each group. Features that are only numbered,
            such as x0, x1, ..., name nothing.
        namer : callable, optional
            Takes the rows of a group, as `selected_rows()` would return them, and returns its name.
        of : str, optional
            'suggestions', 'groups', or a column with categories, whose labels stay as they are. By default
            the suggestions, or without any the groups.

        Returns
        -------
        dict of str
            The new names by the old ones; without those that nothing sets apart, which keep their names.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            There is nothing to name; or `namer` has failed or returned no name for a group. The message names
            the group, the other groups have their new names.
        UnknownColumnError, DataError
            There is no such column, or names cannot be made of it.

        References
        ----------
        M. Grootendorst (2022). BERTopic: Neural topic modeling with a class-based TF-IDF procedure.
        arXiv:2203.05794.

        Examples
        --------
        >>> w.name_groups("abstract")  # doctest: +SKIP
        >>> w.name_groups(namer=lambda rows: ask_a_model(rows.abstract))  # doctest: +SKIP
        """
        return self._suggesting.name_groups(by, namer, of)
