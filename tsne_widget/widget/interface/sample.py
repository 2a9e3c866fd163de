"""Beginning from the map of a sample of more rows."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..from_sample import FittedSample, reject_fitted

if TYPE_CHECKING:
    from typing_extensions import Self


class SampleInterface:
    """The public methods about the map of a sample."""

    @classmethod
    def from_sample(
        cls,
        fitted: Any,
        placed: str | os.PathLike[str],
        *,
        labels: Any = None,
        data: Any = None,
        **others: Any,
    ) -> Self:
        """Show the fitted map of a sample above the density of all rows, placed on it in Parquet files.

        The map is there as it was fitted, bit for bit, and at rest. Below it, a grey shade is darker where
        more rows lie. It is read from the files as the view needs it: the whole map in one pass, 10 million
        rows in about a second; of a part, only the row groups that reach into it. Rows beyond memory stay on
        the disk.

        All controls act. Once the map moves, by another perplexity or a restart, the density is no longer of
        this map, and the view hides it and says so; in the history it is there again at the map as fitted.

        Parameters
        ----------
        fitted : TSNE or Pipeline that ends in one
            Fitted to the sample, with two components. Its parameters are those of the map. Of a pipeline the
            widget shows the rows as the last step saw them; ``data=sampled`` has tooltips in your own units.
        placed : path-like
            The folder of Parquet files with the columns x, y and distance, and `_map.json`, that
            `tsne_widget.distributed.place` has written with this very `fitted`.
        labels, data
            As in the constructor, for the rows of the sample in the order in which `fitted` saw them.
        **others
            Other parameters of the constructor, such as `height`, `color_by`, `image`, `beside` or
            `autosave`; not those of `TSNE`, nor `features`, `use_rep`, `standardize` and `executor`.

        Returns
        -------
        TSNEWidget

        Raises
        ------
        InvalidTypeError, InvalidValueError, NotComputedError
            `fitted` is not a fitted map of rows in the plane.
        DataError
            The folder holds no such map, or one of another sample. In the view: rows are missing there.
        UnknownParameterError
            A parameter is none of these.
        MissingDependencyError
            pyarrow is not installed: ``pip install 'tsne_widget[dask]'``.

        Examples
        --------
        >>> TSNEWidget.from_sample(fitted, "placed", labels=sampled["cell_type"])  # doctest: +SKIP
        """
        reject_fitted(others)
        made: Callable[..., Self] = cls
        return made(labels=labels, data=data, **FittedSample(fitted, placed).arguments, **others)
