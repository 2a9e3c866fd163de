"""One or two? Whether the data have the gap that a map shows between two groups of rows."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .findings import Answer
from .links import LINKS, Links, intrinsic_dimension, slowest_direction, smallest_crossing, weakest_place
from .links import link as link_points
from .sample import NoAnswerError, Sample, Sampled
from .slices import on_one_thread
from .written import capital, percent

#: Work in slices; the caller may abandon it after any.
Steps: TypeAlias = Generator[None, None, "Verdict"]

#: The fewest rows of a group: three times as many as each has links.
FEWEST = 3 * LINKS
#: W below which two groups are apart, and below which they hang together by a thin place.
APART, THIN = 0.5, 0.8
#: How many structureless clouds tell how few links a single cloud lets cross.
DRAWS = 6
#: The share of its links from which an uncircled row belongs to the circled ones.
_BETWEEN = 0.3
#: How often such rows are taken in: some hang on those taken in before.
_ROUNDS = 3
#: The least share of a part on either side of its weakest place, and of a piece that is a part by itself.
_PART, _PIECE = 0.25, 0.1
_DEPTH = 4


@dataclass(frozen=True, eq=False)
class Verdict:
    """Whether two groups of rows are apart in the data.

    Attributes
    ----------
    answer : {"apart", "thin", "joined"}
        W below 0.5, below 0.8, or above.
    W : float
        crossing / min(cloud, parts).
    crossing : float
        The share of links that join both groups (c).
    cloud : float
        The least share that a single Gaussian cloud of the same shape would let cross (g); infinite if the
        metric knows no such cloud.
    parts : float
        The share over the weakest place inside either group, as it would be between the two (s).
    sizes : (int, int)
        The rows of both groups, with those between that were taken in.
    measured : int
        How many of these were measured; more than 3,000 are thinned.
    taken_in : int
        Rows between the two that nobody had circled.
    links : ndarray of shape (m, 2)
        The pairs of rows that are linked across.
    names : (str, str)
        The names of both groups, as the sentence has them; empty if they have none.
    """

    answer: Answer
    W: float
    crossing: float
    cloud: float
    parts: float
    sizes: tuple[int, int]
    measured: int
    taken_in: int
    links: np.ndarray
    names: tuple[str, str] = ("", "")

    @property
    def values(self) -> dict[str, float]:
        """The numbers by their letters; infinite ones are left out."""
        numbers = {"W": self.W, "c": self.crossing, "g": self.cloud, "s": self.parts}
        return {name: value for name, value in numbers.items() if np.isfinite(value)}

    @property
    def sentence(self) -> str:
        """The answer in words."""
        first, second = self.names
        both = f"{first} and {second}" if first and second else "these two"
        crossing, cloud, parts = percent(self.crossing), percent(self.cloud), percent(self.parts)
        if self.answer == "joined":
            said = f"In the data there is no gap between {both}: "
            if np.isinf(self.cloud):
                said += f"{crossing} of the neighbour links cross, as against {parts} inside each of them."
            elif self.crossing >= THIN * self.cloud:
                said += (
                    f"{crossing} of the neighbour links cross; a single cloud of this shape lets at least "
                    f"{cloud} cross."
                )
            else:
                said += (
                    f"{crossing} of the neighbour links cross, fewer than the {cloud} of a round cloud, but "
                    f"no fewer than the {parts} inside each of the two: a long shape, or one of many pieces, "
                    "cut by the map."
                )
        else:
            verb = "are apart in the data" if self.answer == "apart" else "hang together by a thin place"
            least, where = (
                (cloud, "in a single cloud of this shape")
                if self.cloud <= self.parts
                else (parts, "at the weakest place inside them")
            )
            said = f"{capital(both)} {verb}: {crossing} of the neighbour links cross, {least} {where}."
        if self.taken_in:
            rows = f"{self.taken_in} row{'s' if self.taken_in > 1 else ''}"
            said += f" {rows} between them count{'' if self.taken_in > 1 else 's'} with the nearer one."
        return said

    def __repr__(self) -> str:
        return f"{self.sentence} ({', '.join(f'{name} {value:.3g}' for name, value in self.values.items())})"


@on_one_thread
def verdict_in_steps(
    sampled: Sampled, known: np.ndarray, first: np.ndarray, second: np.ndarray, *, close: bool = True
) -> Steps:
    """Tell whether two groups of rows are apart in the data.

    Parameters
    ----------
    sampled : Sampled
        The data in the metric of the map.
    known : ndarray of shape (n_samples, k)
        The nearest rows of every row.
    first, second : ndarray of int
        The positions of the rows of both groups; no row is in both.
    close : bool
        Whether rows between the two that nobody has circled are taken in. Leaving out a bridge would make a
        gap.

    Raises
    ------
    NoAnswerError
        A group is too small, or the metric gives no answer.
    """
    circled = len(first) + len(second)
    _require_enough(min(len(first), len(second)))
    if close:
        first, second = _with_rows_between(known, first, second)
        yield
    sizes = len(first), len(second)
    random = np.random.default_rng(0)
    sample, on_second = _thinned(sampled, first, second, random)
    _require_enough(min(on_second.sum(), (~on_second).sum()), "different ")
    yield
    links = sample.links()
    yield
    crossing = links.crossing(on_second)
    cloud = yield from _cloud(sample, on_second, random)
    parts = yield from _parts(sample, links, on_second)
    single = min(cloud, parts)
    ratio = crossing / single if single > 0 else (0.0 if crossing == 0 else np.inf)
    return Verdict(
        "apart" if ratio < APART else "thin" if ratio < THIN else "joined",
        float(ratio),
        crossing,
        cloud,
        parts,
        sizes,
        len(sample.rows),
        sum(sizes) - circled,
        _across(sample, links, on_second),
    )


def seconds_of_verdict(rows: int, sampled: Sampled) -> float:
    """Estimate the seconds for a verdict on so many rows."""
    rows = min(rows, sampled.most)
    return rows * (2e-4 + 2.5e-9 * min(sampled.columns, rows) ** 2)


def _with_rows_between(
    known: np.ndarray, first: np.ndarray, second: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Take in the rows with enough links to both groups, each into the group that it has more links to."""
    side = np.zeros(len(known), np.int8)
    side[first], side[second] = 1, 2
    for _ in range(_ROUNDS):
        there = side[known[:, :LINKS]]
        to_first, to_second = (there == 1).mean(axis=1), (there == 2).mean(axis=1)
        between = (side == 0) & (to_first + to_second >= _BETWEEN)
        side[between] = np.where(to_second[between] > to_first[between], 2, 1)
    return np.flatnonzero(side == 1), np.flatnonzero(side == 2)


def _thinned(
    sampled: Sampled, first: np.ndarray, second: np.ndarray, random: np.random.Generator
) -> tuple[Sample, np.ndarray]:
    """Sample both groups, thinned alike if they are large, and tell which rows are of the second."""
    total, most = len(first) + len(second), sampled.most
    if total > most:
        few = min(max(FEWEST + LINKS, round(most * len(first) / total)), most - FEWEST - LINKS)
        first = random.choice(first, min(few, len(first)), replace=False)
        second = random.choice(second, min(most - few, len(second)), replace=False)
    sample = sampled.take(np.concatenate([first, second]))
    return sample, np.isin(sample.rows, second)


def _require_enough(rows: int, which: str = "") -> None:
    if rows < FEWEST:
        raise NoAnswerError(f"a group has only {rows} {which}rows: below {FEWEST} nobody can tell")


def _cloud(
    sample: Sample, on_second: np.ndarray, random: np.random.Generator
) -> Generator[None, None, float]:
    """Return the least share of links that structureless clouds let cross between parts of these sizes."""
    draws = sample.draws()
    if draws is None or sample.places is None:
        return np.inf
    direction = sample.places[on_second].mean(axis=0) - sample.places[~on_second].mean(axis=0)
    share, least = on_second.mean(), []
    yield
    for _ in range(DRAWS):
        drawn = draws.draw(random)
        yield
        links = link_points(drawn)
        yield
        across = smallest_crossing(links.indices, share, drawn @ direction)
        along = smallest_crossing(links.indices, share, slowest_direction(links.indices)[1])
        least.append(min(across, along))
        yield
    return float(np.mean(least))


def _parts(sample: Sample, links: Links, on_second: np.ndarray) -> Generator[None, None, float]:
    """Return the share of links over the weakest place of either group, as wide as the one between them."""
    weakest = []
    for side in (~on_second, on_second):
        weakest.append((yield from _weakest_of(sample, links, side)))
    return float(min(weakest)) * _widening(links) / len(sample.rows)


def _weakest_of(sample: Sample, links: Links, side: np.ndarray) -> Generator[None, None, float]:
    """Return how many rows' links pass the weakest place of a group, or of its piece nearest the other."""
    part = np.flatnonzero(side)
    to_other = (~side)[links.indices].sum(axis=1)
    for _ in range(_DEPTH):
        if len(part) < 2 * FEWEST:
            break
        inside = sample.links(part)
        yield
        crossing, beyond = weakest_place(inside.indices, _PIECE)
        yield
        pieces = part[~beyond], part[beyond]
        if min(map(len, pieces)) < FEWEST:
            break
        inner = []
        for piece in pieces:
            inner.append(weakest_place(sample.links(piece).indices, _PART).crossing * len(piece))
            yield
        if crossing * len(part) >= APART * min(inner) * _widening(inside):
            break
        part = max(pieces, key=lambda piece: to_other[piece].sum())
    return weakest_place(sample.links(part).indices, _PART).crossing * len(part)


def _widening(links: Links) -> float:
    """Return how much wider than each half of a cloud its middle is, in its own dimension."""
    return 2 ** (1 - 1 / intrinsic_dimension(links.distances))


def _across(sample: Sample, links: Links, on_second: np.ndarray) -> np.ndarray:
    """Return the linked pairs of rows across the groups, each once."""
    start, which = np.nonzero(on_second[links.indices] != on_second[:, None])
    pairs = np.sort(np.column_stack([start, links.indices[start, which]]), axis=1)
    return sample.rows[np.unique(pairs, axis=0)].reshape(-1, 2)
