"""Whether a group of rows is luck: how far it stays together on other maps."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .written import percent

#: How many map neighbours of each row count.
TOGETHER_NEIGHBORS = 15
#: A smaller group has too few neighbours of its own to say anything.
LEAST_ROWS = 5
_ROWS_PER_STEP = 2**14


class Together(NamedTuple):
    """How far a group holds together on one map.

    Attributes
    ----------
    rows : int
        Its rows that have a place there.
    value : float
        (h - s) / (1 - s): 1 if all map neighbours of its rows are in the group, 0 if they are no more often
        than by chance. NaN if the group has fewer than 5 rows there, or all of them.
    """

    rows: int
    value: float


def together_in_steps(
    neighbors: np.ndarray, groups: Sequence[np.ndarray]
) -> Generator[None, None, list[Together]]:
    """Return how far each group holds together on a map, in steps.

    h is the mean over a group's rows of the share of their 15 map neighbours that are in the group, and s the
    group's share of the other rows. A group of fewer than 16 rows counts as many neighbours as it could have
    in the group. Rows without a place do not count at all.

    Parameters
    ----------
    neighbors : ndarray of int64, shape (n, k)
        The neighbours of each row on the map, nearest first; negative where a row has no place. k is 15, or
        n - 1 if that is less.
    groups : sequence of ndarrays of int64
        The rows of each group; they may overlap.
    """
    placed = neighbors[:, 0] >= 0
    others = int(placed.sum()) - 1
    found = []
    for group in groups:
        rows = group[placed[group]]
        found.append(Together(len(rows), (yield from _value(neighbors, rows, others))))
        yield
    return found


def _value(neighbors: np.ndarray, rows: np.ndarray, others: int) -> Generator[None, None, float]:
    size = len(rows)
    if not LEAST_ROWS <= size <= others:
        return math.nan
    k = min(TOGETHER_NEIGHBORS, size - 1)
    inside = np.zeros(len(neighbors), bool)
    inside[rows] = True
    hits = 0
    for start in range(0, size, _ROWS_PER_STEP):
        hits += int(inside[neighbors[rows[start : start + _ROWS_PER_STEP], :k]].sum())
        yield
    share, chance = hits / (size * k), (size - 1) / others
    return (share - chance) / (1 - chance)


#: From here on a group stays together; from the second on in part. Calibrated: halves of a cloud that the map
#: alone has cut have 0.2 to 0.6 in 10 and 50 dimensions, two groups 3 sigma apart 0.74 and more.
STAYS, IN_PART = 0.7, 0.4
NOT_REAL = "Holding together does not make a group real."
#: A group that has at least this share of what it has on the map where it was seen has not lost anything: it
#: is mixed with others there too, as a part of a clump is, or a class.
_AS_BEFORE = 0.75


@dataclass(frozen=True)
class Held:
    """How far some rows hold together.

    Attributes
    ----------
    name, kind : str
        Their name, and whether they are a "label", a "group" or "selected".
    rows : int
        How many there are.
    all_rows : bool
        Whether these are all rows.
    here : float
        On the map that is repeated; NaN if that is unknown.
    values : list of float
        On each repetition; NaN if too few have a place there.
    """

    name: str
    kind: str
    rows: int
    all_rows: bool
    here: float
    values: list[float]

    @property
    def mean(self) -> float:
        """The mean over the repetitions on which it is known; NaN if there is none."""
        known = [value for value in self.values if not math.isnan(value)]
        return sum(known) / len(known) if known else math.nan

    @property
    def verdict(self) -> str:
        """What the rows do, in a few words; empty if that is unknown."""
        mean = self.mean
        if math.isnan(mean):
            return ""
        if mean >= STAYS:
            return "stays together"
        if self.here < IN_PART or mean >= _AS_BEFORE * self.here:
            return "is mixed with others, as here"
        return "stays together in part" if mean >= IN_PART else "comes apart"

    def in_words(self, maps: str) -> str:
        """Say what the rows do on some maps, which are told in words, or why that is unknown."""
        if not self.values:
            return ""
        if not self.verdict and self.all_rows:
            return "it holds all rows: none are left to scatter among"
        if not self.verdict:
            return f"too few: it has fewer than {LEAST_ROWS} rows on these maps"
        return f"In {maps} this group {self.verdict} ({percent(self.mean)}; scattered would be 0)."


@dataclass(frozen=True)
class Luck:
    """What repetitions of a map say about groups of rows.

    Attributes
    ----------
    maps : dict of str
        Their titles, by run.
    in_words : str
        Which they are: '4 maps from other starts'.
    held : list of Held
        The selected rows and groups first.
    """

    maps: dict[int, str]
    in_words: str
    held: list[Held]
