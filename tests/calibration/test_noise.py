"""On data with known truth: Gaussian data of all kinds are noise, and data with structure are not.

`make test` runs few seeds, `make all` twenty.
"""

from __future__ import annotations

import numpy as np
import pytest
from calibration.cases import CLOSE, NOISE, ONE, SEVERAL, Case, beside_the_origin

from tsne_widget.honesty.noise import noise_in_steps
from tsne_widget.honesty.sample import Sampled
from tsne_widget.tsne.steps import result_of

FEW, MANY = range(3), range(3, 20)
STRUCTURED = {**SEVERAL, **CLOSE, **{name: ONE[name] for name in ("ball", "cube", "roll", "closed curve")}}


def uneven(case: Case, seeds: range) -> int:
    """Return in how many draws the density varies more than in noise."""
    rows = (case(seed) for seed in seeds)
    return sum(result_of(noise_in_steps(Sampled(one, "euclidean", {}), len(one))).uneven for one in rows)


def structured(case: Case, seeds: range, metric: str = "euclidean") -> int:
    """Return in how many draws there is structure."""
    rows = (case(seed) for seed in seeds)
    return sum(result_of(noise_in_steps(Sampled(one, metric, {}), len(one))).structure for one in rows)


def wide(seed: int) -> np.ndarray:
    """Return more columns than rows."""
    return np.random.default_rng(seed).standard_normal((80, 100))


def test_noise_is_noise():
    found = sum(structured(ONE[name], FEW) for name in NOISE) + structured(wide, FEW)
    assert found <= 1  # of 18


def test_the_density_of_a_gaussian_cloud_is_that_of_a_gaussian_cloud():
    assert sum(uneven(ONE[name], FEW) for name in NOISE if name != "heavy tails") <= 1  # of 12


def test_the_density_of_heavy_tails_and_of_a_cloud_within_a_cloud_is_uneven():
    def within(seed: int) -> np.ndarray:
        return (
            np.random.default_rng(seed).standard_normal((400, 30))
            * np.where(np.arange(400) < 200, 1, 0.1)[:, None]
        )

    assert uneven(ONE["heavy tails"], FEW) == uneven(within, FEW) == len(FEW)
    assert structured(within, FEW) == 0


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
    assert structured(STRUCTURED[name], FEW) == len(FEW)


@pytest.mark.release
@pytest.mark.parametrize("name", STRUCTURED)
def test_structure_is_found_at_more_seeds(name):
    assert structured(STRUCTURED[name], MANY) >= 0.8 * len(MANY)
