"""Files and tables of the maps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...parameters.constants import IMAGE_WIDTH, PAGE_KEYFRAMES
from ..exports import Exports
from ..pictures import Pictures


class ExportsInterface:
    """What users keep of the maps."""

    _exports: Exports
    _pictures: Pictures

    def recipe(self) -> str:
        """Return the code that makes these maps, with this package and with scikit-learn.

        Examples
        --------
        >>> print(w.recipe())  # doctest: +SKIP
        """
        return self._exports.recipe()

    def to_frame(self) -> Any:
        """Return the maps as a table with the index of your data.

        Returns
        -------
        DataFrame of float32
            In the library of your data (pandas where you gave no frame). Columns 'x' and 'y'; of several maps
            a pair for each that names what tells it from the others, such as 'x_perplexity_5' or
            'x_perplexity_5_seed_1_init_pca'. A map that is out of range is NaN.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        MissingDependencyError
            You gave no frame, and pandas is not installed.
        """
        return self._exports.to_frame()

    def to_anndata(self, key_added: str = "X_tsne") -> Any:
        """Write the maps into your AnnData, or make one of other data.

        Parameters
        ----------
        key_added : str
            The key in `obsm`; of several maps with what tells each from the others behind it. Parameters
            are written to `uns` under the same key.

        Returns
        -------
        AnnData
            The one that you gave, else a new one.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        InvalidTypeError, InvalidValueError
            For `key_added`.
        MissingDependencyError
            anndata is not installed.
        """
        return self._exports.to_anndata(key_added)

    def save_image(
        self, path: str | os.PathLike[str], *, width: int = IMAGE_WIDTH, dark: bool = False
    ) -> Path:
        """Draw the maps as they are now into a file, without a browser.

        As in the view they are coloured by what `color_by` says, turned onto the reference, and what is not
        selected stands back. What is measured from a row, such as distances, is so from the one that is
        selected, which has a ring; where that is not one, the column colours. A title tells what map it is
        and how it is: one that has not settled says so.

        Parameters
        ----------
        path : path-like
            A '.png', '.svg' or '.pdf'; one that is there is replaced. In the latter two text is text, and
            points are drawn one by one, as a bitmap where there are more than 20,000.
        width : int, from 200 to 10,000
            Of the picture in CSS pixels, its key included; a PNG has twice as many. The height follows.
        dark : bool
            Light on dark.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError, InvalidValueError
            `path` is no path, or has another ending; for `width` and `dark`.
        NotComputedError
            There is no map yet, or what colours has not been computed yet.
        MissingDependencyError
            matplotlib is not installed: it comes with `pip install 'tsne_widget[image]'`.
        SaveError
            The file cannot be written; what was there before is left as it was.
        """
        return self._pictures.save_image(path, width, dark)

    def save_html(
        self,
        path: str | os.PathLike[str],
        columns: Sequence[str] = (),
        *,
        keyframes: int = PAGE_KEYFRAMES,
    ) -> Path:
        """Write one file that shows the maps in a browser, offline too, without Python.

        They can be moved, zoomed, pointed at and circled as in a notebook, in all maps at once, and their
        history can be gone through. The file holds the coordinates, two bytes each, the column that
        colours, groups, what is selected, the settings, and of all other columns those that are asked for:
        nothing else of the rows. Where a measure colours, its values are in the file, too; what is measured
        from a row is so from the one that is selected, and where that is not one, the column colours. Scripts
        but its own do not run in the page, and it fetches nothing. A map that has not settled says so.

        Parameters
        ----------
        path : path-like
            The file; one that is there is replaced.
        columns : sequence of str
            Columns whose values a tooltip and the table of selected rows tell.
        keyframes : int, at least 0
            How many keyframes of each map's `history` go with it at most, evenly chosen of those there are:
            each takes about five bytes a row. 0 is none.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError, UnknownColumnError, InvalidValueError
            `path` is no path; there is no such column, or it holds pictures.
        NotComputedError
            There is no map yet, or what colours has not been computed yet.
        SaveError
            The file cannot be written; what was there before is left as it was.
        """
        return self._exports.save_html(path, columns, keyframes)
