"""The lines along which the clumps of a map meet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

#: The most points of a line.
_POINTS = 24
#: Lines are smoothed over so many cells.
_SMOOTH = 2.0
#: A line goes on through empty space for so many radii of the smaller clump beyond its narrowest place.
_BEYOND = 0.5

Corner = tuple[int, int]


def borders(clump: np.ndarray, far: np.ndarray) -> list[tuple[int, int, list[np.ndarray]]]:
    """Return the pairs of clumps that lie side by side, and the lines between the two of each pair.

    Parameters
    ----------
    clump : ndarray of int, shape (rows, columns)
        The clump that each cell of a grid belongs to.
    far : ndarray of float, same shape
        How far each cell is from the nearest clump, in cells: lines end where they are far from both.

    Returns
    -------
    list of (int, int, list of ndarray of shape (m, 2))
        Places on the grid, in the units of its cells; a closed line ends where it begins.
    """
    from scipy.ndimage import maximum_filter

    radii = np.sqrt(np.bincount(clump[far == 0], minlength=clump.max() + 1) / np.pi)
    # A corner is as far as the farthest cell around it.
    far = maximum_filter(far, 2)
    found = []
    for (a, b), edges in _edges(clump).items():
        depth = far[edges[:, 0, 0], edges[:, 0, 1]]
        near = depth <= depth.min() + _BEYOND * min(radii[a], radii[b])
        chains = _chains([(tuple(one), tuple(other)) for one, other in edges[near].tolist()])
        found.append((a, b, [_smooth(np.array(chain, float)) for chain in chains]))
    return found


def _edges(clump: np.ndarray) -> dict[tuple[int, int], np.ndarray]:
    """Return the edges between cells of different clumps by pair: two corners each, (m, 2, 2)."""
    found = []
    for turned in (clump, clump.T):
        row, column = np.nonzero(turned[:-1] != turned[1:])
        sides = np.sort([turned[row, column], turned[row + 1, column]], axis=0).T
        corners = np.stack([[row + 1, column], [row + 1, column + 1]]).transpose(2, 0, 1)
        found.append((sides, corners if turned is clump else corners[..., ::-1]))
    sides, corners = (np.concatenate(each) for each in zip(*found, strict=True))
    pairs, which = np.unique(sides, axis=0, return_inverse=True)
    return {(int(a), int(b)): corners[which.ravel() == i] for i, (a, b) in enumerate(pairs)}


def _chains(edges: list[tuple[Corner, Corner]]) -> Iterator[list[Corner]]:
    """Join edges into lines, each used once; the open ones first."""
    beside: dict[Corner, set[Corner]] = {}
    for one, other in edges:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    for start in sorted(beside, key=lambda corner: len(beside[corner]) % 2 == 0):
        while beside[start]:
            chain = [start]
            while beside[chain[-1]]:
                here = chain[-1]
                there = beside[here].pop()
                beside[there].discard(here)
                chain.append(there)
            yield chain


def _smooth(line: np.ndarray) -> np.ndarray:
    """Return a smooth line of few points along the steps of a grid."""
    from scipy.ndimage import gaussian_filter1d

    closed = bool((line[0] == line[-1]).all())
    if closed:
        line = gaussian_filter1d(line[:-1], _SMOOTH, axis=0, mode="wrap")
        line = np.concatenate([line, line[:1]])
    else:
        line = gaussian_filter1d(line, _SMOOTH, axis=0, mode="nearest")
    chosen = np.linspace(0, len(line) - 1, min(len(line), _POINTS)).round().astype(int)
    return line[chosen]
