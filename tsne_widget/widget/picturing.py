"""The part of the widget that draws pictures of its maps without a browser."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import NotComputedError, invalid_type, invalid_value
from ..export.files import path_of, write
from ..export.image import FORMATS, Panel, draw
from ..export.image_legend import (
    ImageLegend,
    legend_of_groups,
    legend_of_labels,
    legend_of_numbers,
    legend_of_scale,
    range_of,
    range_of_distances,
)
from ..parameters.constants import IMAGE_WIDTH, stability_neighbors
from ..parameters.limits import Limit
from .handle import RunHandle, state_in_words, unsettled_mark
from .measuring import Measuring, agree_by_construction

NO_MAP = "there is no map yet: call wait(), or wait for the first picture"
_WARNING = "Sizes of clusters and gaps between them carry no meaning."
#: Maps side by side at most in a table.
_WIDEST = 8
#: Fewer rows than this fit in any case.
_ALIGN_ROWS = 3


class Picturing(Measuring):
    """Pictures of what is shown."""

    def save_image(
        self, path: str | os.PathLike[str], *, width: int = IMAGE_WIDTH, dark: bool = False
    ) -> Path:
        """Draw the maps as they are now into a file, without a browser.

        As in the view they are coloured by what `color_by` says, turned onto the reference, and what is not
        selected stands back. Distances are those to the one row that is selected, which has a ring; where
        that is not one, the column colours. A title tells what map it is and how it is: one that has not
        settled says so.

        Parameters
        ----------
        path : path-like
            A '.png', '.svg' or '.pdf'; one that is there is replaced. In the latter two text is text, and
            points are drawn one by one, as a bitmap where there are more than 20,000.
        width : int, from 200 to 10,000
            Of the picture in CSS pixels, its legend included; a PNG has twice as many. The height follows.
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
        target = path_of(path)
        kind = target.suffix[1:].lower()
        if kind not in FORMATS:
            endings = " or ".join(f".{ending}" for ending in FORMATS)
            raise invalid_value("path", str(path), f"a path that ends in {endings}")
        width = Limit(200, 10_000, integer=True).check("width", width)
        if not isinstance(dark, bool):
            raise invalid_type("dark", dark, "True or False")
        look: dict[str, Any] = {
            "columns": self._columns_of_image(),
            "width": width,
            "dark": dark,
            "kind": kind,
        }
        note = f"t-SNE of {self.n_rows:,} rows. {_WARNING}"
        write(target, draw(self._panels(), self._legend(dark), note=note, selected=self.selection, **look))
        return target

    def _panels(self) -> list[Panel]:
        """Return what is drawn of each map, turned onto the reference where the view does so."""
        layouts = [getattr(self.run_of(run.id), "layout", None) for run in self.runs]
        if not any(layouts):
            raise NotComputedError(NO_MAP)
        points = [None if layout is None else layout.points for layout in layouts]
        onto = points[self.reference]
        if len(points) > 1 and self.align is not False and onto is not None:
            chosen = self.align == "selection" and len(self.selection) >= _ALIGN_ROWS
            rows = self.selection if chosen else slice(None)
            points = [None if one is None else turned(one, onto, rows) for one in points]
        return [
            Panel(run.title, _state(run), not unsettled_mark(run), one)
            for run, one in zip(self.runs, points, strict=True)
        ]

    def _legend(self, dark: bool) -> ImageLegend:
        match self._colour["mode"]:
            case "groups":
                return legend_of_groups(self.groups.all, self.n_rows)
            case "stability":
                return self._legend_of_stability()
            case "density":
                return self._legend_of_density()
            case "distance" if len(self.selection) == 1:
                return self._legend_of_distances(int(self.selection[0]))
        if (scale := self.shown_scale) is not None:
            return legend_of_scale(self.label_column or "", scale, self.color_scale)
        return legend_of_labels(self.shown_labels, self.n_rows, dark)

    def _legend_of_stability(self) -> ImageLegend:
        k, maps = stability_neighbors(self.n_rows), self.two_with_layouts()
        values = self.stability(k, maps)
        chance = (k / (self.n_rows - 1)) ** (len(maps) - 1)
        words = (
            f"{values.mean():.2f} in the mean: the share of a point's {k} nearest neighbours on a map that "
            f"is the same on all {len(maps)} (by chance {chance:.2g})"
        )
        if agree_by_construction(maps):
            words += ". They start from the same layout: that they agree says nearly nothing"
        return legend_of_numbers("stability", values, 0.0, 1.0, words=words)

    def _legend_of_density(self) -> ImageLegend:
        k, radius = self.radius_of()
        span = range_of(radius)
        words = f"mean distance to the {k} nearest in the original space; the map itself does not show this"
        said = {"ends": ("dense", "sparse"), "words": words, "bright_first": True}
        return legend_of_numbers("density", radius, span["low"], span["high"], **said)

    def _legend_of_distances(self, row: int) -> ImageLegend:
        distances = self.distances(row)
        span = range_of_distances(distances, row)
        distances[row] = span["low"]  # its own 0 is no end of the scale
        words = f"{self.metric_name} distance in the original space to row {row:,}"
        said = {"ends": ("near", "far"), "words": words, "origin": row}
        return legend_of_numbers("distance", distances, span["low"], span["high"], **said)

    def _columns_of_image(self) -> int:
        """Return how many maps stand side by side: a table where two parameters differ, else a square."""
        varying, count = self.grid.varying, len(self.runs)
        if len(varying) == 2 and (last := len(self.grid.distinct(varying[-1]))) <= _WIDEST:
            return last
        return count if count <= 3 else math.ceil(math.sqrt(count))


def turned(points: np.ndarray, onto: np.ndarray, rows: Any = slice(None)) -> np.ndarray:
    """Move, scale, turn and mirror a map so that it lies on another (orthogonal Procrustes, Schönemann 1966).

    Parameters
    ----------
    points, onto : ndarray of shape (n, 2)
        Both are centred and of one size afterwards; neither is stretched.
    rows : index
        The rows that count for the turn.

    Returns
    -------
    ndarray of shape (n, 2), float64
    """
    from scipy.linalg import orthogonal_procrustes

    centred = [_of_unit_size(one.astype(np.float64)) for one in (points, onto)]
    ours, theirs = (one[rows] - one[rows].mean(axis=0) for one in centred)
    turn, _ = orthogonal_procrustes(ours, theirs)
    return centred[0] @ turn


def _of_unit_size(points: np.ndarray) -> np.ndarray:
    centred = points - points.mean(axis=0)
    return centred / (np.sqrt((centred**2).sum(axis=1).mean()) or 1.0)


def _state(run: RunHandle) -> str:
    """Say how a map is, first of all whether it is finished."""
    return unsettled_mark(run) + state_in_words(run).replace("limit, not settled", "limit")
