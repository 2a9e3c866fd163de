"""Data whose truth is known by construction: one cloud, or more."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

#: Makes rows from a seed.
Case = Callable[[int], np.ndarray]
#: Rows of each case.
ROWS = 1_000


def _gaussian(d: int, spectrum: np.ndarray | float = 1.0) -> Case:
    return lambda seed: np.random.default_rng(seed).standard_normal((ROWS, d)) * np.sqrt(spectrum)


def _on_ball(random: np.random.Generator, d: int) -> np.ndarray:
    rows = random.standard_normal((ROWS, d))
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _ball(seed: int, d: int = 10) -> np.ndarray:
    random = np.random.default_rng(seed)
    return _on_ball(random, d) * random.random((ROWS, 1)) ** (1 / d)


def _cube(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((ROWS, 3))


def _heavy(seed: int, d: int = 10, freedom: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.standard_normal((ROWS, d)) / np.sqrt(random.chisquare(freedom, (ROWS, 1)) / freedom)


def _exponential(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).exponential(size=(ROWS, 5))


def _roll(seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    turn = 1.5 * np.pi * (1 + 2 * random.random(ROWS))
    return np.column_stack([turn * np.cos(turn), 21 * random.random(ROWS), turn * np.sin(turn)])


def _closed_curve(seed: int, waves: int = 5) -> np.ndarray:
    along = 2 * np.pi * np.sort(np.random.default_rng(seed).random(ROWS))
    columns = [turn(f * along) / np.sqrt(f) for f in range(1, waves + 1) for turn in (np.cos, np.sin)]
    return np.column_stack(columns)


def _two(d: int, apart: float, *, first: float = 0.5, scale: float = 1.0) -> Case:
    """Two Gaussian clouds some standard deviations apart."""

    def rows(seed: int) -> np.ndarray:
        cloud = np.random.default_rng(seed).standard_normal((ROWS, d))
        second = np.arange(ROWS) >= round(ROWS * first)
        cloud[second] *= scale
        cloud[second, 0] += apart
        return cloud

    return rows


def _nested(seed: int) -> np.ndarray:
    """Two spheres, one around the other."""
    random = np.random.default_rng(seed)
    radius = np.where(np.arange(ROWS) < ROWS // 2, 1.0, 3.0)[:, None]
    return _on_ball(random, 3) * radius + 0.05 * random.standard_normal((ROWS, 3))


def _ten(seed: int) -> np.ndarray:
    """Ten Gaussian clouds."""
    random = np.random.default_rng(seed)
    centers = random.standard_normal((10, 20))
    return 0.8 * random.standard_normal((ROWS, 20)) + centers[random.integers(0, 10, ROWS)]


_POWER_LAW = np.arange(1, 51.0) ** -1

#: One cloud each, whatever a map makes of it.
ONE: dict[str, Case] = {
    "Gaussian in 2-d": _gaussian(2),
    "Gaussian in 10-d": _gaussian(10),
    "Gaussian in 50-d": _gaussian(50),
    "power law": _gaussian(50, _POWER_LAW),
    "ball": _ball,
    "cube": _cube,
    "heavy tails": _heavy,
    "exponential": _exponential,
    "roll": _roll,
    "closed curve": _closed_curve,
}
#: Clouds that are noise: Gaussian, or without more structure than one.
NOISE = ("Gaussian in 2-d", "Gaussian in 10-d", "Gaussian in 50-d", "power law", "heavy tails")
#: Several clouds, with a gap that a map at perplexity 30 shows.
SEVERAL: dict[str, Case] = {
    "two at 4 sigma in 10-d": _two(10, 4),
    "two at 6 sigma in 50-d": _two(50, 6),
    "nested spheres": _nested,
    "unequal densities": _two(10, 6, first=0.7, scale=0.3),
    "a minority of 5 %": _two(10, 8, first=0.95),
    "ten clusters": _ten,
}
#: The same, as far as directions from a point beside them show it.
DIRECTED: dict[str, Case] = {
    "two at 8 sigma in 50-d": _two(50, 8),
    **{name: SEVERAL[name] for name in ("a minority of 5 %", "ten clusters")},
}
#: Several clouds that are close to each other.
CLOSE: dict[str, Case] = {"two at 3 sigma in 2-d": _two(2, 3), "two at 3 sigma in 10-d": _two(10, 3)}


def beside_the_origin(case: Case, far: float = 5.0) -> Case:
    """Return the same cloud away from the origin, for metrics that look at directions."""

    def rows(seed: int) -> np.ndarray:
        cloud = case(seed)
        return np.column_stack([cloud, np.full(len(cloud), far)])

    return rows
