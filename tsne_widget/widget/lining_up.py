"""Makes line-ups: draws noise, maps it, and puts a map among these maps."""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Generator
from typing import TypeVar

import numpy as np

from ..honesty import words
from ..honesty.findings import Finding
from .lineup import Panels
from .moment import Moment, Slices
from .null_maps import NullMaps

Result = TypeVar("Result")

#: Seeds are below this.
SEEDS = 2**31
#: Seconds for which work goes on without a word.
_QUIET_SECONDS = 3.0
#: The share of the work that maps of noise take; the rest asks the data themselves.
_MAPS_SHARE = 0.9


def panels_in_steps(
    null_maps: NullMaps, run: int, moment: Moment, noise: Slices[Finding], n: int, seed: int | None
) -> Generator[float, None, Panels]:
    """Put a map among maps of noise, in random order.

    Parameters
    ----------
    run : int
        The map.
    moment : Moment
        What it is like now.
    noise : generator
        Asks the data themselves whether they are noise.
    n : int
        How many panels there are.
    seed : int, optional
        Decides order and noise; by default nobody knows it beforehand.

    Yields
    ------
    float
        Progress, from 0 to 1.

    Raises
    ------
    NoAnswerError
        There are no maps of noise to compare with.
    """
    seed = secrets.randbelow(SEEDS) if seed is None else seed
    random = np.random.default_rng(seed)
    others = []
    share = _MAPS_SHARE / (n - 1)
    for i, each in enumerate(random.integers(SEEDS, size=n - 1)):
        made = null_maps.steps(run, moment.sampled, int(each))
        others.append((yield from _part(made, i * share, share))[1])
    place = int(random.integers(n))
    maps = [_shown(one, random) for one in (*others[:place], moment.points, *others[place:])]
    found = yield from _part(noise, _MAPS_SHARE, 1 - _MAPS_SHARE)
    return Panels(maps, place + 1, seed, words.beside_lineup(found))


def _part(steps: Slices[Result], begin: float, share: float) -> Generator[float, None, Result]:
    """Run steps that are a share of other work; the progress of the whole never falls."""
    reached = 0.0
    while True:
        try:
            reached = max(reached, next(steps))
        except StopIteration as done:
            result: Result = done.value
            return result
        yield begin + share * reached


def _shown(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Centre a map, turn and mirror it at random, and scale it to the square from -1 to 1.

    Whoever has seen a map knows which way it lies.
    """
    angle = random.uniform(0, 2 * math.pi)
    mirrored = random.choice([-1, 1])
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [1, mirrored]
    turned = points.astype(np.float64) @ turn
    low, high = np.nanmin(turned, axis=0), np.nanmax(turned, axis=0)
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
