"""Rows beside others over features and columns: every one is found once, the strongest in detail."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array

from tsne_widget.data import read_source
from tsne_widget.data.features import have_names
from tsne_widget.measures.contrast import CATEGORIES_MAX, as_columns, numbers, shares, words
from tsne_widget.measures.words import Words

N = 60
RNG = np.random.default_rng(3)
X = RNG.normal(size=(N, 4)) + np.linspace(0, 2, N)[:, None] * [0, 1, 2, 3]
DATA = {"age": RNG.normal(size=N) - np.arange(N), "kind": ["a", "b", None] * 20, "young": [True, False] * 30}
SELECTED, OTHER = np.arange(15), np.arange(15, N)


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_the_strongest_are_drawn_from_their_own_values_in_order(form):
    compared = numbers(read_source(form(X), data=DATA), SELECTED, OTHER)
    found = compared.drawn(compared.order[:3])
    assert [one.feature for one in found] == ["age", "x3", "x2"]
    assert len(compared.names) == 5
    values = {"age": DATA["age"], "x3": X[:, 3], "x2": X[:, 2]}
    for one in found:
        assert one.selected_mean == pytest.approx(values[one.feature][SELECTED].mean())
        assert one.other_mean == pytest.approx(values[one.feature][OTHER].mean())
        assert sum(one.selected_histogram) == pytest.approx(1)
        assert len(one.selected_histogram) == len(one.other_histogram) == 20


def test_no_more_are_drawn_than_there_are():
    compared = numbers(read_source(X), SELECTED, OTHER)
    assert len(compared.drawn(compared.order[:99])) == 4


def test_only_columns_of_numbers_may_be_the_strongest():
    compared = numbers(read_source(np.ones((N, 2)), data={"age": DATA["age"]}), SELECTED, OTHER)
    assert [one.feature for one in compared.drawn(compared.order[:1])] == ["age"]


def test_shares_are_of_every_category_the_missing_one_too():
    found = {(one.column, one.category): one for one in shares(read_source(X, data=DATA), SELECTED, OTHER)}
    assert found.keys() == {
        *[("kind", name) for name in ("a", "b", "missing")],
        ("young", "True"),  # and False is its mirror
    }
    own = [one for one in found.values() if one.column == "kind"]
    assert sum(one.selected_share for one in own) == pytest.approx(1)
    assert sum(one.effect for one in own) == pytest.approx(0)


def test_labels_that_are_few_numbers_are_names_and_those_that_are_many_are_numbers():
    few = read_source(X, np.arange(N) % 5)
    assert len(numbers(few, SELECTED, OTHER).names) == 4
    assert {one.category for one in shares(few, SELECTED, OTHER)} == set("01234")
    many = read_source(X, DATA["age"])
    assert len(numbers(many, SELECTED, OTHER).names) == 5
    assert shares(many, SELECTED, OTHER) == []


def test_a_feature_is_compared_once_even_where_it_colors():
    source = read_source(X, "x1", features=["x0", "x2"])
    assert sorted(numbers(source, SELECTED, OTHER).names) == ["x0", "x1", "x2", "x3"]


@pytest.mark.parametrize(("count", "compared"), [(CATEGORIES_MAX, CATEGORIES_MAX), (CATEGORIES_MAX + 1, 0)])
def test_columns_that_tell_rows_apart_rather_than_groups_are_left_out(count, compared):
    n = 2 * count
    source = read_source(np.zeros((n, 2)), data={"name": [f"n{i % count}" for i in range(n)]})
    assert len(shares(source, np.arange(3), np.arange(3, n))) == compared


def test_a_table_has_numbers_first_then_categories_each_the_strongest_first():
    source = read_source(pd.DataFrame(X, columns=["length", "width", "mass", "x3"]), data=DATA)
    categories = shares(source, SELECTED, OTHER)
    table = as_columns(numbers(source, SELECTED, OTHER), categories, [])
    assert {len(values) for values in table.values()} == {5 + len(categories)}
    assert table["category"][:5] == [None] * 5
    for part in (table["effect"][:5], table["effect"][5:]):
        assert (np.diff(np.abs(part)) <= 1e-12).all()
    assert np.isnan(table["selected_sd"][5:]).all()


def test_a_feature_that_data_has_in_its_own_units_is_compared_in_these():
    own = np.array([10.0, 20, 30, 40, 50, 60])
    scaled = (own - own.mean()) / own.std()
    source = read_source(pd.DataFrame({"a": scaled, "b": own**2}), data=pd.DataFrame({"a": own}))
    selected, other = np.array([0, 1, 2]), np.array([3, 4, 5])
    compared = numbers(source, selected, other)
    table = as_columns(compared, [], [])
    assert sorted(table["feature"]) == ["a", "b"]
    a = table["feature"].index("a")
    assert (table["selected"][a], table["other"][a]) == (20, 50)
    assert {each.feature for each in compared.drawn(compared.order[:5])} == {"a", "b"}


def test_features_that_are_only_numbered_come_after_all_that_says_more():
    texts = [f"a fine {'goal' if row < 15 else 'recipe'} number {row}" for row in range(N)]
    source = read_source(X, data={**DATA, "text": texts})
    compared, categories = numbers(source, SELECTED, OTHER), shares(source, SELECTED, OTHER)
    said = words([Words(source.column("text"))], SELECTED, OTHER)
    assert [compared.names[one] for one in compared.named] == ["age"]
    assert {compared.names[one] for one in compared.numbered} == {"x0", "x1", "x2", "x3"}
    table = as_columns(compared, categories, said)
    kinds = ["number", *["category"] * len(categories), *["word"] * len(said), *["number"] * 4]
    assert table["kind"] == kinds
    assert table["feature"][-4:] == [compared.names[one] for one in compared.numbered]


def test_words_are_told_with_how_often_they_are_on_either_side():
    texts = [f"a fine {'goal' if row < 15 else 'recipe'}" for row in range(N)]
    source = read_source(X, data={"text": [f"{text} {row}" for row, text in enumerate(texts)]})
    (goal,) = words([Words(source.column("text"))], SELECTED, OTHER)
    # 'fine' is everywhere, and 'goal' stands in 'fine goal' alone.
    assert (goal.column, goal.category) == ("text", "fine goal")
    assert (goal.selected_share, goal.other_share, goal.effect) == (1, 0, 1)


@pytest.mark.parametrize(
    ("names", "named"),
    [
        (["x0", "x1"], False),
        (["0", "1", "2"], False),
        (["X_pca 1", "X_pca 2"], False),
        (["dim_7"], False),
        (["length", "width"], True),
        (["CD3", "CD8", "MS4A1"], True),
        (["x0", "age"], True),
        ([], False),
    ],
)
def test_features_that_have_one_stem_and_a_number_have_no_names(names, named):
    assert have_names(names) == named
