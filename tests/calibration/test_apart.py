"""On data with known truth: no single cloud is called 'apart', real gaps are.

`make test` runs three seeds, `make all` twenty and a second perplexity.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from calibration.cases import DIRECTED, ONE, ROWS, SEVERAL, Case, beside_the_origin
from calibration.user import clearest_gap

from tsne_widget import TSNE
from tsne_widget.honesty.sample import Sampled
from tsne_widget.honesty.verdict import verdict_in_steps
from tsne_widget.tsne.steps import result_of

FEW, MANY = range(1), range(1, 20)


#: The clouds whose directions are one cloud too.
DIRECTIONS = ("Gaussian in 10-d", "Gaussian in 50-d", "power law", "heavy tails", "exponential")


def answers(case: Case, seeds: range, perplexity: float = 30, metric: str = "euclidean") -> Counter:
    return Counter(answer(case(seed), seed, perplexity, metric) for seed in seeds)


def answer(rows: np.ndarray, seed: int, perplexity: float, metric: str) -> str:
    """Return the verdict on what a user circles."""
    points = TSNE(perplexity=perplexity, random_state=seed, metric=metric).fit_transform(rows)
    sampled = Sampled(rows, metric, {})
    known = sampled.take(np.arange(ROWS)).links().indices
    return result_of(verdict_in_steps(sampled, known, *clearest_gap(points))).answer


@pytest.mark.slow
@pytest.mark.parametrize("name", ONE)
def test_one_cloud_is_never_called_apart(name):
    assert answers(ONE[name], FEW)["apart"] == 0


@pytest.mark.release
@pytest.mark.parametrize("perplexity", [8, 30])
@pytest.mark.parametrize("name", ONE)
def test_one_cloud_is_never_called_apart_at_more_seeds(name, perplexity):
    assert answers(ONE[name], MANY, perplexity)["apart"] == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", SEVERAL)
def test_a_gap_of_the_data_is_found(name):
    assert answers(SEVERAL[name], FEW)["apart"] == len(FEW)


@pytest.mark.release
@pytest.mark.parametrize("name", SEVERAL)
def test_a_gap_of_the_data_is_found_at_more_seeds(name):
    assert answers(SEVERAL[name], MANY)["apart"] >= 0.9 * len(MANY)


@pytest.mark.slow
@pytest.mark.parametrize("name", DIRECTIONS)
def test_one_cloud_of_directions_is_never_called_apart(name):
    assert answers(beside_the_origin(ONE[name]), range(1), metric="cosine")["apart"] == 0


@pytest.mark.release
@pytest.mark.parametrize("name", DIRECTIONS)
def test_one_cloud_of_directions_is_never_called_apart_at_more_seeds(name):
    assert answers(beside_the_origin(ONE[name]), MANY, metric="cosine")["apart"] == 0


@pytest.mark.release
@pytest.mark.parametrize("name", DIRECTED)
def test_a_gap_between_directions_is_found(name):
    assert answers(beside_the_origin(DIRECTED[name], 4), range(10), metric="cosine")["apart"] >= 8
