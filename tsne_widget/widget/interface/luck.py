"""Whether groups of rows are luck: repetitions of the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ...parameters.constants import REPETITIONS
from ..luck import Repeating

if TYPE_CHECKING:
    from typing_extensions import Self


class LuckInterface:
    """The public methods that tell whether a group is luck."""

    _repeating: Repeating

    def repeat(self, n: int = REPETITIONS, kind: Literal["starts", "rows"] = "starts") -> Self:
        """Show repetitions of the map, small and beside it, to see what clumps owe to luck.

        They have the metric, the perplexity and the exaggeration of the first t-SNE map, and follow when you
        change these. Each starts at random, from a seed of its own; maps that only start from another seed of
        PCA would agree by construction. They replace the repetitions that are shown, and run like any
        other map; `holds_together()` compares them.

        Parameters
        ----------
        n : int
            How many; 0 removes them, and shows what was shown before.
        kind : {"starts", "rows"}
            Whether they differ in their start alone, or show 80 % of the rows each, drawn without
            replacement. Rows that are left out have no place on such a map: NaN in `embedding_`.
            The perplexity stays the same number, among fewer rows. Each such map holds a copy of its rows.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            `n` or `kind` is not allowed; 80 % of the rows are too few for the perplexity; or they cannot be
            searched, as you gave the neighbours, or a graph as X.

        Examples
        --------
        >>> w.repeat(4, "rows").wait().holds_together()  # doctest: +SKIP
        """
        self._repeating.repeat(n, kind)
        return self

    def holds_together(self, by: str | None = None) -> Any:
        """Return how far groups of rows stay together on repetitions of the map.

        (h - s) / (1 - s): h is the mean share of the 15 map neighbours of a group's rows that are in the
        group on another map, s the group's share of the other rows there. 1 is together, 0 is scattered.
        A group of fewer than 16 rows counts as many neighbours as it can have. The maps are compared as they
        are now: `wait()` first.

        Holding together does not make a group real: half of a flat cloud stays together on each map.

        The other maps are those of t-SNE with the metric, perplexity and exaggeration of the reference, from
        another start or of a part of the rows. Maps that agree by construction do not count: those that
        differ only in their seed and start from the same layout.

        Parameters
        ----------
        by : str, optional
            A column with categories, or 'groups' for the saved groups. By default the selected rows, the
            groups, and the labels that colour the points, or else the first column with categories from
            `labels`.

        Returns
        -------
        DataFrame
            In the library of your data (pandas if you gave no frame): 'group', 'kind' ('selected', 'group' or
            'label'), 'rows', a column for each map, 'reference' (the map that is repeated), 'mean' (of the
            others), 'in words'. Missing for groups of fewer than 5 rows.

        Raises
        ------
        NotComputedError
            There are no repetitions, or they have no layout yet.
        DataError
            The column has no categories.
        """
        return self._repeating.holds_together(by)
