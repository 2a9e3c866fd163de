"""Pictures of the maps of a widget, drawn without a browser."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import NotComputedError, invalid_value
from ..export.animation import MOVING_FORMATS, Course, Timing, moving_picture
from ..export.files import path_of, require_folder, write
from ..export.image import FORMATS, Panel, Squares, draw
from ..export.image_legend import (
    ImageLegend,
    legend_of_groups,
    legend_of_labels,
    legend_of_measured,
    legend_of_scale,
)
from ..export.names import Names
from ..export.shade import Shade
from ..maps.methods import method_of
from ..maps.status import Layout
from ..maps.titles import caption
from ..parameters.constants import ALIGN_ROWS
from ..parameters.limits import Limit, check_yes_or_no
from ..parameters.warn import warn_user
from .colors import Colors
from .density import Density
from .handle import RunHandle, state_in_words, unsettled_mark
from .map_set import MapSet
from .measuring import Measuring
from .names import shown_names
from .placements import Placements
from .row_set import RowSet

NO_MAP = "there is no map yet: call wait(), or wait for the first picture"
#: The most maps side by side in a table.
_WIDEST = 8
_WIDTH = Limit(200, 10_000, integer=True)
#: Players slow down what is faster.
_FPS = Limit(1, 50)
_SECONDS = Limit(0, 60, open_low=True)


class Pictures:
    """Pictures of what a widget shows; `shown` are its traits."""

    def __init__(
        self,
        shown: Any,
        maps: MapSet,
        rows: RowSet,
        colors: Colors,
        measuring: Measuring,
        placements: Placements,
        density: Density | None,
    ):
        self._shown, self._maps, self._rows, self._colors = shown, maps, rows, colors
        self._measuring, self._placements, self._density = measuring, placements, density

    def save_image(self, path: str | os.PathLike[str], width: Any, dark: Any) -> Path:
        """Draw the maps as they are now into a file."""
        target, kind = _target(path, FORMATS)
        width, dark = _check_look(width, dark)
        look: dict[str, Any] = {"columns": self._columns(), "width": width, "dark": dark, "kind": kind}
        note = caption(self._maps.grid, self._rows.n)
        selected, panels = self._shown.selection, self._panels()
        if any(panel.squares is not None for panel in panels):
            note += f" {self._placements.in_words}"
        if self._density is not None and any(panel.shade is not None for panel in panels):
            words = self._density.in_words
            note += f" {words[0].upper()}{words[1:]}."
        legend, names = self.legend(dark), self._names()
        write(target, draw(panels, legend, note=note, selected=selected, names=names, **look))
        return target

    def _names(self) -> Names | None:
        show, colors = self._shown.show_names, self._colors
        return shown_names(colors.names, show, colors.labels, self._rows.groups.all, self._rows.n)

    def save_animation(
        self,
        path: str | os.PathLike[str],
        run: Any,
        *,
        width: Any,
        fps: Any,
        seconds: Any,
        dark: Any,
        legend: Any,
    ) -> Path:
        """Draw how the maps came about into a file."""
        target, kind = _target(path, MOVING_FORMATS)
        width, dark = _check_look(width, dark)
        timing = Timing(_FPS.check("fps", fps), _SECONDS.check("seconds", seconds))
        with_legend = check_yes_or_no("legend", legend)
        position = self._position_of(run)
        require_folder(target)
        panels, meaning = self._panels(), self.legend(dark)
        courses = self._courses()
        chosen = range(len(panels)) if position is None else [position]
        panels = [replace(panels[i], squares=None, shade=None) for i in chosen]
        courses = [courses[i] for i in chosen]
        if not any(course is not None and len(course.iterations) > 1 for course in courses):
            raise NotComputedError("there is no history yet: call wait(), or let the map run")
        content = moving_picture(
            panels,
            courses,
            meaning.of_panels(chosen) if with_legend else meaning.of_panels(chosen).untitled(),
            timing=timing,
            names=self._names(),
            kind=kind,
            columns=self._columns() if position is None else 1,
            note=caption(self._maps.grid, self._rows.n),
            selected=self._shown.selection,
            width=width,
            dark=dark,
        )
        write(target, content)
        return target

    def _position_of(self, run: Any) -> int | None:
        """Return the position of a map; None for all."""
        if run is None:
            return None
        limit = Limit(0, len(self._maps.handles) - 1, integer=True)
        position: int = limit.check("run", self._maps.position_of("run", run, f"{limit}, or one of w.runs"))
        return position

    def _courses(self) -> list[Course | None]:
        """Return how each map came about, turned as it is now; None without a layout."""
        handles = self._maps.handles
        layouts = [getattr(self._maps.run_of(run.id), "layout", None) for run in handles]
        poses = self._poses([None if one is None else one.points for one in layouts])
        return [
            None if layout is None else self._course(run, layout, pose)
            for run, layout, pose in zip(handles, layouts, poses, strict=True)
        ]

    def _course(self, run: RunHandle, layout: Layout, pose: Pose | None) -> Course:
        earlier = [frame for frame in run.history if frame.iteration < layout.iteration]
        mark = unsettled_mark(run)

        def points(at: int) -> np.ndarray:
            found = earlier[at].embedding if at < len(earlier) else layout.points
            turned = posed(found, pose)
            assert turned is not None
            return turned

        return Course(
            [*(frame.iteration for frame in earlier), layout.iteration],
            points,
            (lambda iteration: f"{mark}iteration {iteration:,}")
            if method_of(self._maps.grid.spec(run.id)).live
            else None,
        )

    def _panels(self) -> list[Panel]:
        """Return a panel for each map, aligned with the reference if the view does so."""
        handles = self._maps.handles
        layouts = [getattr(self._maps.run_of(run.id), "layout", None) for run in handles]
        if not any(layouts):
            raise NotComputedError(NO_MAP)
        points = [None if layout is None else layout.points for layout in layouts]
        placed = self._placements.placed_on
        new = [placed[run.id].points if run.id in placed else None for run in handles]
        poses = self._poses(points)
        points = [posed(one, pose) for one, pose in zip(points, poses, strict=True)]
        new = [posed(one, pose) for one, pose in zip(new, poses, strict=True)]
        return [
            Panel(
                run.title,
                _state(run),
                not unsettled_mark(run),
                one,
                None if rows is None else Squares(rows, self._labels_shown()),
                self._shade_of(run, layout, pose),
            )
            for run, layout, one, rows, pose in zip(handles, layouts, points, new, poses, strict=True)
        ]

    def _shade_of(self, run: RunHandle, layout: Layout | None, pose: Pose | None) -> Shade | None:
        """Return the density below a map, turned as the map is."""
        shade = None if self._density is None else self._density.below(run.id, layout)
        if shade is None or pose is None:
            return shade
        center, turn = pose
        return replace(shade, center=(float(center[0]), float(center[1])), turn=turn)

    def _poses(self, points: Sequence[np.ndarray | None]) -> list[Pose | None]:
        """Return how the maps lie on the reference; None where they stay as computed."""
        align, selection = self._shown.align, self._shown.selection
        onto = points[self._maps.reference]
        if len(points) == 1 or align is False or onto is None:
            return [None] * len(points)
        chosen = align == "selection" and len(selection) >= ALIGN_ROWS
        rows = selection if chosen else slice(None)
        return [None if one is None else pose_onto(one, onto, rows) for one in points]

    def _labels_shown(self) -> Sequence[str | None]:
        """Return the labels of new rows that may colour them: those of a column, while a column colours."""
        labels = self._placements.labels
        return labels if self._colors.mode == "labels" else [None] * len(labels)

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
            return legend_of_scale(
                self._colors.column or "", scale, self._shown.color_scale, self._colors.palette.stops
            )
        return legend_of_labels(self._colors.labels, self._rows.n, dark)

    def _columns(self) -> int:
        """Return how many maps stand side by side: a table if two parameters differ, else about a square."""
        varying, count = self._maps.grid.varying, len(self._maps.handles)
        if len(varying) == 2 and (last := len(self._maps.grid.distinct(varying[-1]))) <= _WIDEST:
            return last
        return count if count <= 3 else math.ceil(math.sqrt(count))


def _target(path: Any, endings: Sequence[str]) -> tuple[Path, str]:
    """Return the file that a path names, and its ending."""
    target = path_of(path)
    kind = target.suffix[1:].lower()
    if kind not in endings:
        allowed = " or ".join(f".{ending}" for ending in endings)
        raise invalid_value("path", str(path), f"a path that ends in {allowed}")
    return target, kind


def _check_look(width: Any, dark: Any) -> tuple[int, bool]:
    return _WIDTH.check("width", width), check_yes_or_no("dark", dark)


#: How to move and turn a map: ``(points - center) @ turn``.
Pose = tuple[np.ndarray, np.ndarray]


def pose_onto(points: np.ndarray, onto: np.ndarray, rows: Any = slice(None)) -> Pose:
    """Return how a map lies on another (orthogonal Procrustes, Schönemann 1966).

    It is moved, scaled, turned and mirrored.

    Parameters
    ----------
    points, onto : ndarray of shape (n, 2)
        Both are centred and of one size afterwards; neither is stretched.
    rows : index
        The rows to align by; those that lack a place on either map do not count.
    """
    from scipy.linalg import orthogonal_procrustes

    points, onto = points.astype(np.float64), onto.astype(np.float64)
    both = np.isfinite(np.hstack([points, onto])[rows]).all(axis=1)
    middle, size = np.nanmean(points, axis=0), _size(points)
    if not both.any():
        return middle, np.eye(2) / size
    ours, theirs = (one[rows][both] - one[rows][both].mean(axis=0) for one in (points, onto))
    turn, _ = orthogonal_procrustes(ours, theirs)
    return middle, turn / size


def posed(points: np.ndarray | None, pose: Pose | None) -> np.ndarray | None:
    """Move and turn points as a map was; nothing moves without a pose."""
    if points is None or pose is None:
        return points
    center, turn = pose
    return (points - center) @ turn


def _size(points: np.ndarray) -> float:
    """Return the root mean square distance from the middle; 1 if all points are in one place."""
    centered = points - np.nanmean(points, axis=0)
    return float(np.sqrt(np.nanmean((centered**2).sum(axis=1)))) or 1.0


def _state(run: RunHandle) -> str:
    """Say the state of a map, and first of all whether it is finished."""
    return unsettled_mark(run) + state_in_words(run).replace("not settled yet", "stopped")
