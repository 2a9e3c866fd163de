"""Where the names on a picture of a map go; the same rules as the view's `anchors.ts` and `spots.ts`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

#: CSS pixels: the height of a name, how far names stay apart, and how far a point's own name stands from it.
HEIGHT, _ACROSS, _DOWN, _BESIDE = 16.0, 9.0, 4.0, 3.0
#: Smaller maps have no names; the most that are tried, and shown.
_LEAST, _TRIED, _SHOWN = 130.0, 1500, 400
#: An anchor that far from its name is joined to it by a line.
_NEAR = 14.0
#: The grid that a label's rows are counted on: cells a side per root of their number; RMS radii it spans.
_CELLS_PER_ROOT, _CELLS_LEAST, _CELLS_MOST, _RADII = 2, 6, 40, 2
#: Cells below this share of the densest one separate clumps.
_FLOOR = 0.1
#: Steps of mean shift from the densest cell, and their reach in cells.
_STEPS, _REACH = 3, 1.25
#: How often the map is quartered to find points that are far apart.
_LEVELS = 8
_SMOOTH = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]])
#: Places around an anchor, in half widths and heights of the name; the last ones need a line.
_AROUND = (
    *((0, 0), (0, -1.3), (0, 1.3), (1.2, 0), (-1.2, 0)),
    *((0.9, -1.3), (-0.9, -1.3), (0.9, 1.3), (-0.9, 1.3)),
    *((0, -2.6), (0, 2.6), (1.3, -2.6), (-1.3, -2.6), (1.3, 2.6), (-1.3, 2.6)),
    *((2.4, 0), (-2.4, 0), (2.4, -1.3), (-2.4, -1.3), (2.4, 1.3), (-2.4, 1.3)),
    *((0, -3.9), (0, 3.9), (2.6, -2.6), (-2.6, -2.6), (2.6, 2.6), (-2.6, 2.6)),
)
#: Places beside a point.
_BESIDES = ((1, 0), (-1, 0), (0, -1), (0, 1))


@dataclass(frozen=True, eq=False)
class Names:
    """The name of each row: its place in `texts`; from ``len(texts)`` on it has none."""

    codes: np.ndarray
    texts: Sequence[str]


@dataclass(frozen=True)
class Spot:
    """A name on a picture, in CSS pixels: its middle, and a line from its anchor, if it needs one."""

    label: int
    x: float
    y: float
    line: tuple[float, float, float, float] | None


def anchors(points: np.ndarray, codes: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the densest spot of the largest clump of each label, and the clump's number of rows.

    A label without a place is NaN, with 0 rows.
    """
    places, sizes = np.full((count, 2), np.nan), np.zeros(count, int)
    known = np.flatnonzero((codes < count) & np.isfinite(points).all(axis=1))
    if known.size == 0:
        return places, sizes
    everywhere = points[np.isfinite(points).all(axis=1)]
    middle = everywhere.mean(axis=0)
    rms = float(np.sqrt(((everywhere - middle) ** 2).sum(axis=1).mean())) or 1.0
    by_label = known[np.argsort(codes[known], kind="stable")]
    labels, starts = np.unique(codes[by_label], return_index=True)
    for label, rows in zip(labels, np.split(by_label, starts[1:]), strict=True):
        places[label], sizes[label] = _anchor(points[rows].astype(float), middle - _RADII * rms, rms)
    return places, sizes


def _anchor(own: np.ndarray, corner: np.ndarray, rms: float) -> tuple[np.ndarray, int]:
    if len(own) == 1:
        return own[0], 1
    from scipy.ndimage import convolve, label

    cells = int(np.clip(round(_CELLS_PER_ROOT * np.sqrt(len(own))), _CELLS_LEAST, _CELLS_MOST))
    width = 2 * _RADII * rms / cells
    at = np.clip(np.floor((own - corner) / width).astype(int), 0, cells - 1)
    counts = np.zeros((cells, cells), int)
    np.add.at(counts, tuple(at.T), 1)
    smooth = convolve(counts, _SMOOTH, mode="constant")
    clumps, found = label((counts > 0) & (smooth >= _FLOOR * smooth[counts > 0].max()), np.ones((3, 3)))
    masses = np.bincount(clumps.ravel(), counts.ravel(), found + 1)
    largest = 1 + int(np.argmax(masses[1:]))
    peak = np.unravel_index(np.argmax(np.where(clumps == largest, smooth, -1)), counts.shape)
    place = own[(at == peak).all(axis=1)][0]
    for _ in range(_STEPS):
        weights = np.maximum(0, 1 - ((own - place) ** 2).sum(axis=1) / (_REACH * width) ** 2)
        place = (weights[:, None] * own).sum(axis=0) / weights.sum()
    return place, int(masses[largest])


def importance(places: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the labels that have a place: large clumps first; of equal ones, those that are far apart."""
    order = np.lexsort((_levels(places), -sizes))
    return order[sizes[order] > 0]


def _levels(places: np.ndarray) -> np.ndarray:
    """Return when each place is chosen if a map is quartered again and again.

    Each quarter without a chosen place chooses the most central one.
    """
    levels = np.full(len(places), _LEVELS)
    known = np.flatnonzero(np.isfinite(places).all(axis=1))
    if known.size == 0:
        return levels
    centered = places[known] - places[known].mean(axis=0)
    side = 4 * (float(np.sqrt((centered**2).sum(axis=1).mean())) or 1.0)
    for level in range(_LEVELS):
        scaled = (centered / side + 0.5) * 2**level
        at = np.clip(np.floor(scaled), 0, 2**level - 1)
        off = ((scaled - at - 0.5) ** 2).sum(axis=1)
        off[levels[known] < level] = -1
        best = known[_first_of_each(at, off)]
        levels[best] = np.minimum(levels[best], level)
    return levels


def _first_of_each(at: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return the position of the lowest score in each cell."""
    order = np.lexsort((score, *at.T))
    return order[np.unique(at[order], axis=0, return_index=True)[1]]


def placed(
    names: Names,
    points: np.ndarray,
    on_page: Callable[[np.ndarray], np.ndarray],
    box: tuple[float, float, float],
    radius: float,
    width: Callable[[str], float],
) -> list[Spot]:
    """Return the names that have room on a map, none over another.

    Parameters
    ----------
    names : Names
    points : ndarray of shape (n, 2)
    on_page : callable
        Turns positions into CSS pixels.
    box : (left, top, side)
        The map on the page.
    radius : float
        Of a point.
    width : callable
        Returns the width of a text.
    """
    left, top, side = box
    if side < _LEAST:
        return []
    places, sizes = anchors(points, names.codes, len(names.texts))
    at = on_page(places)
    spots: list[Spot] = []
    taken: list[tuple[float, float, float, float]] = []
    for label in importance(places, sizes)[:_TRIED].tolist():
        x, y = at[label]
        wide = width(names.texts[label])
        if wide > side or len(spots) == _SHOWN:
            continue
        for cx, cy in _candidates(x, y, wide, radius, single=sizes[label] == 1):
            cx = float(np.clip(cx, left + wide / 2, left + side - wide / 2))
            cy = float(np.clip(cy, top + HEIGHT / 2, top + side - HEIGHT / 2))
            own = (cx - wide / 2, cx + wide / 2, cy - HEIGHT / 2, cy + HEIGHT / 2)
            if not _collides(own, taken):
                taken.append(own)
                spots.append(Spot(label, cx, cy, None if sizes[label] == 1 else _line(x, y, own)))
                break
    return spots


def _candidates(
    x: float, y: float, wide: float, radius: float, *, single: bool
) -> Iterator[tuple[float, float]]:
    if single:
        reach = radius + _BESIDE
        yield from ((x + u * (wide / 2 + reach), y + v * (HEIGHT / 2 + reach)) for u, v in _BESIDES)
    else:
        yield from ((x + u * wide / 2, y + v * HEIGHT) for u, v in _AROUND)


def _collides(
    own: tuple[float, float, float, float], taken: Sequence[tuple[float, float, float, float]]
) -> bool:
    if not taken:
        return False
    left, right, top, bottom = np.array(taken).T
    across = (left < own[1] + _ACROSS) & (right > own[0] - _ACROSS)
    return bool((across & (top < own[3] + _DOWN) & (bottom > own[2] - _DOWN)).any())


def _line(
    x: float, y: float, box: tuple[float, float, float, float]
) -> tuple[float, float, float, float] | None:
    """Return a line from an anchor to its name, if that is not near."""
    to_x, to_y = float(np.clip(x, *box[:2])), float(np.clip(y, box[2] + 1, box[3] - 1))
    return (x, y, to_x, to_y) if np.hypot(x - to_x, y - to_y) > _NEAR else None


#: The contrast of text that WCAG 2 asks for (success criterion 1.4.3).
_CONTRAST = 4.5


def readable(color: Sequence[float], background: Sequence[float]) -> tuple[float, float, float]:
    """Return a color from 0 to 1, darkened or lightened as little as text on this background needs."""
    own, ground = np.array(color, float), np.array(background, float)
    end = np.zeros(3) if contrast(np.zeros(3), ground) > contrast(np.ones(3), ground) else np.ones(3)
    for share in np.linspace(0, 1, 101):
        mixed = own + (end - own) * share
        if contrast(mixed, ground) >= _CONTRAST:
            break
    return float(mixed[0]), float(mixed[1]), float(mixed[2])


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    """Return the contrast of two colors by WCAG 2, from 1 to 21."""
    dark, light = sorted((_luminance(a), _luminance(b)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: np.ndarray) -> float:
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))
