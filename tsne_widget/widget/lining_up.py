"""Makes line-ups: draws noise, maps it, and puts a map among these maps."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Generator
from typing import TypeVar

import numpy as np

from ..honesty.sample import Sampled
from .null_maps import NullMaps

Result = TypeVar("Result")

#: Seeds are below this.
SEEDS = 2**31
#: Seconds for which work goes on without a word.
_QUIET_SECONDS = 3.0


def lineup_in_steps(
    null_maps: NullMaps, run: int, sampled: Sampled, points: np.ndarray, n: int, seed: int | None
) -> Generator[float, None, tuple[list[np.ndarray], int, int]]:
    """Put a map among maps of noise, in random order.

    Parameters
    ----------
    run : int
        The map.
    points : ndarray of shape (n_samples, 2)
        Its layout.
    n : int
        How many panels there are.
    seed : int, optional
        Decides order and noise; by default nobody knows it beforehand.

    Yields
    ------
    float
        Progress, from 0 to 1.

    Returns
    -------
    panels : list of ndarray of shape (n_samples, 2), float32
        As they are to be drawn, from -1 to 1.
    answer : int
        The place of the map among them, from 1.
    seed : int

    Raises
    ------
    NoAnswerError
        There are no maps of noise to compare with.
    """
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    random = np.random.default_rng(seed)
    others = []
    for i, each in enumerate(random.integers(SEEDS, size=n - 1)):
        made = null_maps.steps(run, sampled, int(each))
        _, noise = yield from part_of_work(made, i / (n - 1), (i + 1) / (n - 1))
        others.append(noise)
    place = int(random.integers(n))
    panels = [*others[:place], points, *others[place:]]
    return [_shown(one, random) for one in panels], place + 1, seed


def part_of_work(
    steps: Generator[float, None, Result], begin: float, end: float
) -> Generator[float, None, Result]:
    """Run steps as a part of other work, from one progress of the whole to another, which never falls."""
    reached = 0.0
    while True:
        try:
            reached = max(reached, next(steps))
        except StopIteration as done:
            result: Result = done.value
            return result
        yield begin + (end - begin) * reached


def _shown(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Centre a map, turn and mirror it at random, and scale it to the square from -1 to 1.

    Whoever has seen a map knows which way it lies.
    """
    angle = random.uniform(0, 2 * math.pi)
    mirrored = random.choice([-1, 1])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [1, mirrored]
    turned = points.astype(np.float64) @ turn
    low, high = turned.min(axis=0), turned.max(axis=0)
    size = (high - low).max() / 2
    return np.clip((turned - (low + high) / 2) / (size or 1.0), -1, 1).astype(np.float32)


def aloud(steps: Generator[float, None, Result], what: str) -> Result:
    """Run all steps, and print the progress if they take long."""
    begun, said = time.monotonic(), None
    try:
        while True:
            percent = math.floor(100 * next(steps))
            if percent != said and time.monotonic() - begun > _QUIET_SECONDS:
                print(f"\r{what}: {percent} %", end="", flush=True)
                said = percent
    except StopIteration as end:
        result: Result = end.value
        return result
    finally:
        steps.close()
        if said is not None:
            print()
