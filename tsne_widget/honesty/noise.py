"""Is it noise? Whether the data have more structure than one Gaussian cloud of the same shape."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Noise:
    """The data beside structureless clouds.

    Attributes
    ----------
    structure : bool
        Whether the neighbour graph of the data falls apart more easily than that of every cloud.
    eigenvalue : float
        The second largest eigenvalue of the data's normalised neighbour graph (lambda 2).
    clouds : tuple of float
        The same of the clouds that were drawn; drawing ends with the first that reaches the data's.
    measured : int
        How many rows were measured.
    """

    structure: bool
    eigenvalue: float
    clouds: tuple[float, ...]
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
    eigenvalue = _second(sample.places)
    yield 1 / (CLOUDS + 1)
    clouds: list[float] = []
    while len(clouds) < CLOUDS and (not clouds or clouds[-1] < eigenvalue):
        clouds.append(_second(draws.draw(random)))
        yield (len(clouds) + 1) / (CLOUDS + 1)
    beyond = clouds[-1] < eigenvalue and eigenvalue >= np.mean(clouds) + DEVIATIONS * np.std(clouds, ddof=1)
    return Noise(bool(beyond), eigenvalue, tuple(clouds), len(sample.rows))


def seconds_of_noise(rows: int, sampled: Sampled) -> float:
    """Estimate the seconds for a comparison with noise, if the data are none."""
    rows = min(rows, sampled.most)
    return (CLOUDS + 1) * rows * (2.5e-5 + 4e-10 * min(sampled.columns, rows) ** 2)


def _second(places: np.ndarray) -> float:
    return slowest_direction(link_points(places).indices)[0]
