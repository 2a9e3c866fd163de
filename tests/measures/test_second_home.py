"""How much of a row's neighbourhood a map shows elsewhere, and how much of it in one other place."""

from __future__ import annotations

import numpy as np
import pytest

from tests.measures.test_measures import N, data, layout, searched
from tsne_widget.measures.measure import Context, Map, measure_in_steps
from tsne_widget.measures.registry import measure_named
from tsne_widget.measures.second_home import Links, second_home_in_steps
from tsne_widget.tsne.affinities import joint_probabilities
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.steps import result_of

POOL = Pool(1)


def links_in(X, perplexity: float = 8, order=None) -> Links:
    known = result_of(find_neighbors(np.asarray(X, float), int(3 * perplexity), pool=POOL))
    P = result_of(joint_probabilities(known, perplexity, pool=POOL, order=order))
    return Links(P.indptr, P.indices, P.data, P.order)


def second_home(links: Links, points) -> np.ndarray:
    return result_of(second_home_in_steps(links, np.asarray(points, np.float32)))


def obvious(links: Links, points: np.ndarray, home: float = 2.0) -> np.ndarray:
    """Return the same by plain loops; the links are in the order of the rows."""
    apart = np.linalg.norm(points[:, None].astype(float) - points, axis=2)
    fifteenth = np.sort(apart, axis=1)[:, 15]
    filled = max(1, np.sqrt(len(links.indices) / len(points) / 15))
    found = []
    for i in range(len(points)):
        entries = slice(links.indptr[i], links.indptr[i + 1])
        columns, weights = links.indices[entries], links.weights[entries].astype(float)
        radius = home * filled * max(fifteenth[i], np.median(fifteenth))
        far = apart[i, columns] > radius
        heaviest = columns[far][np.argsort(-weights[far], kind="stable")[:8]]
        places = [weights[far & (apart[j, columns] <= radius)].sum() for j in heaviest]
        in_one = max(places, default=0.0)
        found.append([(weights[far].sum() - in_one) / weights.sum(), in_one / weights.sum()])
    return np.array(found)


def sheet(seed: int = 0, n: int = 400) -> np.ndarray:
    return np.random.default_rng(seed).random((n, 2)) * [4, 1]


def test_it_is_what_plain_loops_find():
    X = np.random.default_rng(1).normal(size=(120, 5))
    points = X[:, :2].astype(np.float32)
    links = links_in(X, 4)
    expected = obvious(links, points)
    assert expected.sum(axis=1).max() > 0.2
    np.testing.assert_allclose(second_home(links, points), expected, atol=1e-6)


def test_on_a_whole_map_next_to_nothing_is_elsewhere():
    for perplexity in (5, 15, 30):
        found = second_home(links_in(sheet(), perplexity), sheet())
        assert found.sum(axis=1).mean() < 0.001
        assert found.max() < 0.1


def test_rows_at_a_cut_have_a_second_home_and_the_others_have_none():
    random = np.random.default_rng(2)
    angle, height = random.random(800) * 2 * np.pi, random.random(800)
    cylinder = np.column_stack([np.cos(angle), np.sin(angle), height])
    found = second_home(links_in(cylinder), np.column_stack([angle, height]))
    cut = np.minimum(angle, 2 * np.pi - angle)
    assert found[cut < 0.03, 1].mean() > 0.3
    assert found[cut > 0.6].max() == 0
    assert found[:, 0].max() < 0.05


def test_neighbours_all_over_the_map_are_scattered_and_not_in_one_place():
    random = np.random.default_rng(3).random((2000, 2))
    scattered, in_one = second_home(links_in(sheet(n=2000)), random).mean(axis=0)
    assert scattered > 0.6
    assert in_one < 0.6 * scattered


def test_an_order_of_the_matrix_changes_nothing():
    X = np.random.default_rng(1).normal(size=(120, 5))
    points, order = X[:, :2], np.random.default_rng(0).permutation(120)
    plain = second_home(links_in(X, 4), points)
    np.testing.assert_allclose(second_home(links_in(X, 4, order), points), plain, atol=1e-6)


def test_rows_without_a_place_do_not_count():
    points = sheet().astype(np.float32)
    points[:9] = np.nan
    found = second_home(links_in(sheet()), points)
    assert np.isnan(found[:9]).all()
    assert np.isfinite(found[9:]).all()
    assert np.isnan(second_home(links_in(sheet()), np.full((400, 2), np.nan))).all()


def test_a_map_that_is_all_in_one_place_has_no_other():
    assert (second_home(links_in(sheet()), np.zeros((400, 2))) == 0).all()


@pytest.mark.parametrize("k", [4, 40])
def test_without_p_the_nearest_rows_weigh_the_same(k):
    one = Map(0, "", layout(0), data(k=k))
    found = result_of(measure_in_steps(measure_named("second_home"), Context(N, one.data, (one,))))
    count = min(k, 15)
    expected = obvious(
        Links(
            np.arange(N + 1) * count,
            searched(k=k).indices[:, :count].ravel(),
            np.ones(N * count),
            None,
        ),
        layout(0),
    )
    np.testing.assert_allclose(found.values[0], expected, atol=1e-6)
    assert f"a row's {count} nearest rows by euclidean distance that lie elsewhere" in found.sentence


def test_with_p_the_sentence_says_so():
    points = np.random.default_rng(0).normal(size=(N, 2)).astype(np.float32)
    P = result_of(joint_probabilities(Neighbors(searched().indices, searched().distances), 5, pool=POOL))
    maps = tuple(Map(run, "", points, data(), affinities) for run, affinities in enumerate((lambda: P, None)))
    for some, words in ((maps[:1], "(weighted as in P) that"), (maps, "P), or its 15 nearest rows")):
        found = result_of(measure_in_steps(measure_named("second_home"), Context(N, data(), some)))
        assert words in found.sentence
        assert found.values[0].shape == (N, 2)
