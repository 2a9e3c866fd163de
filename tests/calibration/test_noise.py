"""On data with known truth: Gaussian data of all kinds are noise, and data with structure are not.

`make test` runs one seed, `make all` twenty.
"""

from __future__ import annotations

import numpy as np
import pytest
from calibration.cases import CLOSE, NOISE, ONE, SEVERAL, Case, beside_the_origin

from tsne_widget.honesty.noise import Noise, noise_in_steps
from tsne_widget.honesty.sample import Sampled
from tsne_widget.tsne.steps import result_of

FEW, MANY = range(1), range(1, 20)
GAUSSIAN = [name for name in NOISE if name != "heavy tails"]
STRUCTURED = {**SEVERAL, **CLOSE, **{name: ONE[name] for name in ("ball", "cube", "roll", "closed curve")}}


def found(case: Case, seeds: range, metric: str = "euclidean", every: int = 1) -> list[Noise]:
    """Compare draws with noise; `every` leaves rows out, where time matters."""
    draws = (case(seed)[::every] for seed in seeds)
    return [result_of(noise_in_steps(Sampled(rows, metric, {}), len(rows))) for rows in draws]


def structured(case: Case, seeds: range, metric: str = "euclidean", every: int = 1) -> int:
    """Return in how many draws there is structure."""
    return sum(one.structure for one in found(case, seeds, metric, every))


def wide(seed: int) -> np.ndarray:
    """Return more columns than rows."""
    return np.random.default_rng(seed).standard_normal((80, 100))


def within(seed: int) -> np.ndarray:
    """Return a cloud within a cloud."""
    spread = np.where(np.arange(400) < 200, 1, 0.1)[:, None]
    return np.random.default_rng(seed).standard_normal((400, 30)) * spread


def test_noise_is_noise():
    draws = [one for name in GAUSSIAN for one in found(ONE[name], FEW, every=2)] + found(wide, FEW)
    assert sum(one.structure for one in draws) <= 1  # of 15
    assert sum(one.uneven for one in draws) <= 1


def test_the_density_of_heavy_tails_and_of_a_cloud_within_a_cloud_is_uneven():
    for one in found(ONE["heavy tails"], FEW, every=2) + found(within, FEW):
        assert one.uneven
        assert not one.structure


@pytest.mark.release
def test_noise_is_noise_at_more_seeds():
    cases = [*(ONE[name] for name in NOISE), wide]
    found = sum(structured(case, MANY) for case in cases)
    assert found <= len(cases) * len(MANY) / 20


@pytest.mark.release
def test_noise_of_directions_is_noise():
    cases = [beside_the_origin(ONE[name]) for name in NOISE]
    found = sum(structured(case, MANY, "cosine") for case in cases)
    assert found <= len(cases) * len(MANY) / 20


@pytest.mark.slow
@pytest.mark.parametrize("name", STRUCTURED)
def test_structure_is_found(name):
    every = 1 if name in CLOSE else 2
    assert structured(STRUCTURED[name], FEW, every=every) == len(FEW)


@pytest.mark.release
@pytest.mark.parametrize("name", STRUCTURED)
def test_structure_is_found_at_more_seeds(name):
    assert structured(STRUCTURED[name], MANY) >= 0.8 * len(MANY)
