"""Files and tables of the maps."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ...parameters.constants import (
    ANIMATION_FPS,
    ANIMATION_SECONDS,
    ANIMATION_WIDTH,
    IMAGE_WIDTH,
    SAVED_KEYFRAMES,
)
from ..exports import Exports
from ..handle import RunHandle
from ..pictures import Pictures


class ExportsInterface:
    """The public methods that export maps."""

    _exports: Exports
    _pictures: Pictures

    def recipe(self) -> str:
        """Return the code that makes these maps, with this package and with scikit-learn.

        It makes them anew; `save` keeps the maps themselves.

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
            In the library of your data (pandas if you gave no frame). Columns 'x' and 'y'; for several maps a
            pair for each, named after what tells it from the others, such as 'x_perplexity_5' or
            'x_perplexity_5_seed_1_init_pca'. A map out of range is NaN.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        MissingDependencyError
            You gave no frame, and pandas is not installed.
        """
        return self._exports.to_frame()

    def to_anndata(self, key_added: str = "X_tsne") -> Any:
        """Write the maps into your AnnData, or make one from other data.

        Parameters
        ----------
        key_added : str
            The key in `obsm`, whose entry is replaced; for several maps, what tells each from the others
            follows it. Parameters go to `uns` under the same key. A map beside t-SNE has a key of its own:
            'X_umap', 'X_pca', 'X_' and its name. One that came from `obsm` stays there.

        Returns
        -------
        AnnData
            Your own, or else a new one.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        InvalidTypeError, InvalidValueError
            `key_added` is not allowed, or a map beside t-SNE would replace an entry of `obsm` that no widget
            has written, such as your own 'X_umap'.
        MissingDependencyError
            anndata is not installed.
        """
        return self._exports.to_anndata(key_added)

    def save_image(
        self, path: str | os.PathLike[str], *, width: int = IMAGE_WIDTH, dark: bool = False
    ) -> Path:
        """Draw the maps as they are now into a file, without a browser.

        As in the view, `color_by` colours them, they are turned onto the reference, and rows that are not
        selected stand back. A measure from a row, such as the distance, starts at the selected row, which
        gets a ring; unless exactly one row is selected, the column colours. A title names each map and its
        state: a map that has not settled says so.

        Parameters
        ----------
        path : path-like
            A '.png', '.svg' or '.pdf' file; an existing one is replaced. In the latter two text stays text,
            and points are single shapes, or a bitmap if there are more than 20,000.
        width : int, from 200 to 10,000
            Width of the picture in CSS pixels, including its legend; a PNG has twice as many. The height
            follows.
        dark : bool
            Whether to draw light on dark.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError, InvalidValueError
            `path` is not a path or has another ending, or `width` or `dark` is not allowed.
        NotComputedError
            There is no map yet, or the colours have not been computed yet.
        MissingDependencyError
            matplotlib is not installed; `pip install 'tsne_widget[image]'` installs it.
        SaveError
            The file cannot be written; an existing file stays as it was.
        """
        return self._pictures.save_image(path, width, dark)

    def save_animation(
        self,
        path: str | os.PathLike[str],
        *,
        run: int | RunHandle | None = None,
        width: int = ANIMATION_WIDTH,
        fps: float = ANIMATION_FPS,
        seconds: float = ANIMATION_SECONDS,
        dark: bool = False,
        legend: bool = True,
    ) -> Path:
        """Draw how the maps came about as a moving picture, from their `history` to now.

        Colours, titles and the turn of the maps are those of `save_image`. The last frame is its picture,
        with the names, and stays for a second; new rows are not shown. The keyframes of the history pass
        evenly, which gives time to where much moved; between two of them points move in straight lines. Each
        frame fits the whole map. A map that has not settled says so all the time.

        Parameters
        ----------
        path : path-like
            A '.gif' or '.webp' file; an existing one is replaced. A WebP is smaller and has all colours.
        run : int or RunHandle, optional
            A position in `runs`, or a map from it; by default all maps, side by side as in `save_image`.
        width : int, from 200 to 10,000
            Width in pixels, including the legend. The height follows.
        fps : float, from 1 to 50
            Frames in a second. A frame lasts whole hundredths of a second, as in all GIFs.
        seconds : float, above 0 and at most 60
            How long the maps move.
        dark : bool
            Whether to draw light on dark.
        legend : bool
            Whether there is a legend beside the maps.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError, InvalidValueError
            `path` is not a path or has another ending, or another argument is not allowed.
        NotComputedError
            There is no map yet, or no history: no map has moved, or none iterates.
        MissingDependencyError
            matplotlib or Pillow is not installed; `pip install 'tsne_widget[image]'` installs both.
        SaveError
            The file cannot be written; an existing file stays as it was.

        Examples
        --------
        >>> w.wait().save_animation("map.gif")  # doctest: +SKIP
        """
        return self._pictures.save_animation(
            path, run, width=width, fps=fps, seconds=seconds, dark=dark, legend=legend
        )

    def save_html(
        self,
        path: str | os.PathLike[str],
        columns: Sequence[str] = (),
        *,
        keyframes: int = SAVED_KEYFRAMES,
        place: bool = False,
        images: bool = False,
        title: str | None = None,
        description: str | None = None,
    ) -> Path:
        """Write one file that shows the maps in a browser, even offline, without Python.

        You can move, zoom, point and circle as in a notebook, in all maps at once, and step through their
        history. The file holds the coordinates, two bytes each, the column that colours, groups, the
        selection, the settings, new rows with their labels and nearest rows, and the other columns that
        you ask for, but nothing else of the rows. If a measure colours, its values are in the file, too; a
        measure from a row starts at the selected row, and unless exactly one row is selected, the column
        colours. Only the page's own script runs, and it fetches nothing. A map that has not settled says so.

        Parameters
        ----------
        path : path-like
            The file; an existing one is replaced.
        columns : sequence of str
            Columns that the tooltip and the table of selected rows show.
        keyframes : int, at least 0
            The most keyframes of each map's `history` to include, evenly chosen; each takes about five bytes
            a row. 0 is none.
        place : bool
            Whether people can paste or drop rows as CSV in the page and see them on parametric maps. The
            file then also holds the names of the features and these maps' landmarks, which are means of
            similar rows or single rows: four bytes a number, 12 MB for 4,000 landmarks with 784 features, and
            a third more as text.
        images : bool
            Whether the file also holds the pictures of the rows, from `image`, for tooltips, the table and in
            place of points. They are at most 64 pixels wide and high: about 0.2 kB for a digit of 8 x 8
            pixels, 1 kB for one of 28 x 28, 3 to 16 kB for a photograph. The page says how much they add.
        title : str, optional
            The page's title and heading; by default the methods and the number of rows.
        description : str, optional
            A text below the heading, in which line breaks stay.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError, UnknownColumnError, InvalidValueError
            `path` is not a path; there is no such column, or it holds pictures;
            `images` is true and the widget has no pictures; another parameter is of the wrong type.
        DataError
            A picture cannot be read.
        MissingDependencyError
            Pictures given as files must become smaller, and Pillow is not installed.
        NotComputedError
            There is no map yet, or the colours have not been computed yet; or `place` is true and no map is a
            function of a row.
        SaveError
            The file cannot be written; an existing file stays as it was.
        """
        wanted = {"place": place, "images": images, "title": title, "description": description}
        return self._exports.save_html(path, columns, keyframes, **wanted)
