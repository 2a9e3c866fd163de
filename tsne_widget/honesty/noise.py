"""Is it noise? Whether the data have more structure than one Gaussian cloud of the same shape."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .links import LINKS, slowest_direction
from .links import link as link_points
from .sample import NoAnswerError, Sampled
from .slices import on_one_thread

#: How many structureless clouds the data are compared with: beyond all of 19 is a chance of 1 in 20, and so
#: many of their standard deviations beyond their mean about 1 in 100.
CLOUDS, DEVIATIONS = 19, 2.5
#: The fewest rows that tell anything.
FEWEST = 5 * LINKS
#: The most rows of a quick look.
QUICK_ROWS = 1_000


class Shape(NamedTuple):
    """What is compared of data and clouds.

    Attributes
    ----------
    eigenvalue : float
        The second largest eigenvalue of the normalised neighbour graph (lambda 2): near 1 if the graph falls
        apart easily.
    spread : float
        The standard deviation of the logarithm of the mean distance to the neighbours: how far the density
        varies.
    """

    eigenvalue: float
    spread: float


@dataclass(frozen=True)
class Noise:
    """The data beside structureless clouds.

    Attributes
    ----------
    structure : bool
        Whether the neighbour graph of the data falls apart more easily than that of every cloud.
    uneven : bool
        Whether the density of the data varies more than that of every cloud.
    data : Shape
    clouds : tuple of Shape
        Those of the clouds that were drawn; drawing ends once some have reached the data in both numbers.
    measured : int
        How many rows were measured.
    """

    structure: bool
    uneven: bool
    data: Shape
    clouds: tuple[Shape, ...]
    measured: int


@on_one_thread
def noise_in_steps(sampled: Sampled, n: int, most: int | None = None) -> Generator[float, None, Noise]:
    """Compare n rows with structureless data of exactly their mean and covariance.

    Parameters
    ----------
    sampled : Sampled
        The data in the metric of the map.
    n : int
        The number of rows in the data.
    most : int, optional
        The most rows to measure; others are drawn from them. By default `sampled.most`.

    Yields
    ------
    float
        Progress, from 0 to 1.

    Raises
    ------
    NoAnswerError
        There are too few rows, or the metric knows no structureless cloud.
    """
    random = np.random.default_rng(0)
    most = sampled.most if most is None else min(most, sampled.most)
    rows = np.arange(n) if n <= most else np.sort(random.choice(n, most, replace=False))
    sample = sampled.take(rows)
    yield 0.0
    if len(sample.rows) < FEWEST:
        raise NoAnswerError(
            f"there are only {len(sample.rows)} different rows: below {FEWEST} nobody can tell"
        )
    draws = sample.draws()
    if draws is None or sample.places is None:
        raise NoAnswerError("in this metric there is no structureless cloud to compare with")
    yield 0.0
    data = _shape(sample.places)
    yield 1 / (CLOUDS + 1)
    clouds: list[Shape] = []
    while len(clouds) < CLOUDS and not (clouds and (np.max(clouds, axis=0) >= data).all()):
        clouds.append(_shape(draws.draw(random)))
        yield (len(clouds) + 1) / (CLOUDS + 1)
    structure, uneven = _beyond(data, clouds)
    return Noise(structure, uneven, data, tuple(clouds), len(sample.rows))


def seconds_of_noise(rows: int, sampled: Sampled) -> float:
    """Estimate the seconds for a comparison with noise, if the data are none."""
    rows = min(rows, sampled.most)
    return (CLOUDS + 1) * rows * (2.5e-5 + 4e-10 * min(sampled.columns, rows) ** 2)


def _shape(places: np.ndarray) -> Shape:
    links = link_points(places)
    return Shape(slowest_direction(links.indices)[0], float(np.log(links.distances.mean(axis=1)).std()))


def _beyond(data: Shape, clouds: list[Shape]) -> list[bool]:
    """Tell in which numbers the data are beyond all clouds, and far from them."""
    drawn = np.array(clouds)
    if len(drawn) < CLOUDS:  # in each number some cloud has reached them
        return [False, False]
    far = drawn.mean(axis=0) + DEVIATIONS * drawn.std(axis=0, ddof=1)
    return [bool(one) for one in (data > drawn.max(axis=0)) & (data >= far)]
