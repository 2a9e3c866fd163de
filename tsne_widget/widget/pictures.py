"""Pictures of the maps of a widget, drawn without a browser."""

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
    legend_of_measured,
    legend_of_scale,
)
from ..maps.titles import caption
from ..parameters.constants import ALIGN_ROWS
from ..parameters.limits import Limit
from ..parameters.warn import warn_user
from .colors import Colors
from .handle import RunHandle, state_in_words, unsettled_mark
from .map_set import MapSet
from .measuring import Measuring
from .row_set import RowSet

NO_MAP = "there is no map yet: call wait(), or wait for the first picture"
#: The most maps side by side in a table.
_WIDEST = 8


class Pictures:
    """Pictures of what a widget shows; `shown` are its traits."""

    def __init__(self, shown: Any, maps: MapSet, rows: RowSet, colors: Colors, measuring: Measuring):
        self._shown, self._maps, self._rows, self._colors = shown, maps, rows, colors
        self._measuring = measuring

    def save_image(self, path: str | os.PathLike[str], width: Any, dark: Any) -> Path:
        """Draw the maps as they are now into a file."""
        target = path_of(path)
        kind = target.suffix[1:].lower()
        if kind not in FORMATS:
            endings = " or ".join(f".{ending}" for ending in FORMATS)
            raise invalid_value("path", str(path), f"a path that ends in {endings}")
        width = Limit(200, 10_000, integer=True).check("width", width)
        if not isinstance(dark, bool):
            raise invalid_type("dark", dark, "True or False")
        look: dict[str, Any] = {"columns": self._columns(), "width": width, "dark": dark, "kind": kind}
        note = caption(self._maps.grid, self._rows.n)
        selected = self._shown.selection
        write(target, draw(self._panels(), self.legend(dark), note=note, selected=selected, **look))
        return target

    def _panels(self) -> list[Panel]:
        """Return a panel for each map, aligned with the reference if the view does so."""
        handles, align, selection = self._maps.handles, self._shown.align, self._shown.selection
        layouts = [getattr(self._maps.run_of(run.id), "layout", None) for run in handles]
        if not any(layouts):
            raise NotComputedError(NO_MAP)
        points = [None if layout is None else layout.points for layout in layouts]
        onto = points[self._maps.reference]
        if len(points) > 1 and align is not False and onto is not None:
            chosen = align == "selection" and len(selection) >= ALIGN_ROWS
            rows = selection if chosen else slice(None)
            points = [None if one is None else turned(one, onto, rows) for one in points]
        return [
            Panel(run.title, _state(run), not unsettled_mark(run), one)
            for run, one in zip(handles, points, strict=True)
        ]

    def legend(self, dark: bool) -> ImageLegend:
        """Return what the colours mean now."""
        if self._colors.mode == "groups":
            return legend_of_groups(self._rows.groups.all, self._rows.n)
        found = self._measuring.shown(self._colors.mode, self._shown.selection)
        if found is not None:
            if found.caution is not None:
                warn_user(found.caution.text, found.caution.warning)
            return legend_of_measured(found, {run.id: run.title for run in self._maps.handles})
        if (scale := self._colors.scale) is not None:
            return legend_of_scale(self._colors.column or "", scale, self._shown.color_scale)
        return legend_of_labels(self._colors.labels, self._rows.n, dark)

    def _columns(self) -> int:
        """Return how many maps stand side by side: a table if two parameters differ, else about a square."""
        varying, count = self._maps.grid.varying, len(self._maps.handles)
        if len(varying) == 2 and (last := len(self._maps.grid.distinct(varying[-1]))) <= _WIDEST:
            return last
        return count if count <= 3 else math.ceil(math.sqrt(count))


def turned(points: np.ndarray, onto: np.ndarray, rows: Any = slice(None)) -> np.ndarray:
    """Move, scale, turn and mirror a map so that it lies on another (orthogonal Procrustes, Schönemann 1966).

    Parameters
    ----------
    points, onto : ndarray of shape (n, 2)
        Both are centred and of one size afterwards; neither is stretched.
    rows : index
        The rows to align by; those that lack a place on either map do not count.

    Returns
    -------
    ndarray of shape (n, 2), float64
    """
    from scipy.linalg import orthogonal_procrustes

    centered = [_of_unit_size(one.astype(np.float64)) for one in (points, onto)]
    both = np.isfinite(np.hstack(centered)[rows]).all(axis=1)
    if not both.any():
        return centered[0]
    ours, theirs = (one[rows][both] - one[rows][both].mean(axis=0) for one in centered)
    turn, _ = orthogonal_procrustes(ours, theirs)
    return centered[0] @ turn


def _of_unit_size(points: np.ndarray) -> np.ndarray:
    centered = points - np.nanmean(points, axis=0)
    return centered / (np.sqrt(np.nanmean((centered**2).sum(axis=1))) or 1.0)


def _state(run: RunHandle) -> str:
    """Say the state of a map, and first of all whether it is finished."""
    return unsettled_mark(run) + state_in_words(run).replace("limit, not settled", "limit")
