"""Names say what sets rows apart: categories, words of texts, or features; and no two are the same."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tsne_widget import DataError, UnknownColumnError
from tsne_widget.data import read_source
from tsne_widget.measures.names import LONGEST, names_in_steps
from tsne_widget.measures.words import MORE, Words
from tsne_widget.tsne.steps import result_of

N = 90
THIRDS = [np.arange(30), np.arange(30, 60), np.arange(60, 90)]
RNG = np.random.default_rng(2)
X = RNG.normal(size=(N, 4))
KINDS = np.repeat(["ants", "bees", "cats"], 30)
THEMES = (
    ["penalty", "kick", "goal", "keeper"],
    ["oven", "flour", "butter", "sugar"],
    ["rocket", "orbit", "moon", "launch"],
)
COMMON = ["people", "day", "time", "year", "thing"]


def sentences() -> list[str]:
    """Return texts on three themes, among common words; 'penalty kick' is always one."""
    rng = np.random.default_rng(0)
    texts = []
    for number in range(N):
        theme = number // 30
        own = ["penalty kick", "goal"] if theme == 0 else [*rng.choice(THEMES[theme], 2, replace=False)]
        words = [*own, *rng.choice(COMMON, 3), "the", "and", f"n{number}"]
        texts.append(" ".join(rng.permutation(words)))
    return texts


def named(source, sets=THIRDS, by=None, of=None):
    return result_of(names_in_steps(source, sets, by, Words, of))


def test_the_most_over_represented_category_is_the_name_with_its_share_and_how_much_more_it_is():
    kinds = KINDS.copy()
    kinds[[0, 1, 2]] = "bees"
    first, second, third = named(read_source(X, kinds))
    assert [first.name, second.name, third.name] == ["ants", "bees", "cats"]
    assert first.why == "90 % are ants, and none elsewhere"
    assert second.why == "100 % are bees, 20 times as often as elsewhere"


def test_the_column_that_tells_most_names_all_and_one_that_tells_nothing_none():
    data = {"split": ["train", "test"] * 45, "kind": KINDS}
    assert [one.name for one in named(read_source(X, data=data))] == ["ants", "bees", "cats"]
    assert [one.name for one in named(read_source(X, data={"split": data["split"]}))] == ["", "", ""]


def test_a_boolean_is_called_by_its_column():
    first, second, _ = named(read_source(X, data={"alive": KINDS == "ants"}))
    assert (first.name, first.why) == ("alive", "100 % are alive, and none elsewhere")
    assert second.name == ""


def test_the_most_characteristic_words_of_a_text_are_the_name():
    first, second, third = named(read_source(X, data={"text": sentences()}))
    assert set(first.name.split(", ")) == {"penalty kick", "goal"}
    assert set(second.name.split(", ")) < set(THEMES[1])
    assert set(third.name.split(", ")) < set(THEMES[2])
    assert "is in 100 % of them, and in 0 % elsewhere" in first.why


def test_words_are_weighted_as_in_class_based_tf_idf():
    # Each class has 6 words, f counts all: W(x, c) = tf(x, c) log(1 + A / f(x)).
    texts = ["apple apple pear"] * 4 + ["plum plum pear"] * 4
    words = Words(
        read_source(np.eye(8), data={"text": [f"{text} id{i}" for i, text in enumerate(texts)]}).column(
            "text"
        )
    )
    here, there = words.among(np.arange(4)), words.among(np.arange(4, 8))
    found = words.strongest(here, there, np.array([here.counts, there.counts]))
    # 'pear' is as frequent on either side; 'apple' alone stands in no pair more often than by itself.
    assert "pear" not in [one.category for one in found]
    total = here.counts + there.counts
    weights = here.counts / here.counts.sum() * np.log1p(total.sum() / 2 / total)
    known = list(words.known)
    order = [weights[known.index(one.category)] for one in found]
    assert order == sorted(order, reverse=True)
    assert all(one.selected_share >= MORE * one.other_share for one in found)


@pytest.mark.parametrize(
    "texts", [[f"id{i}" for i in range(N)], ["the and of"] * 44 + [None] + [f"of {i}" for i in range(45)]]
)
def test_texts_without_words_that_several_rows_have_name_nothing(texts):
    source = read_source(X, data={"text": texts})
    assert [one.name for one in named(source)] == ["", "", ""]


def test_features_name_only_if_they_have_names_themselves():
    shifted = X + np.outer(np.repeat([0, 5, 0], 30), [0, 1, 0, 0])
    assert [one.name for one in named(read_source(shifted))] == ["", "", ""]
    source = read_source(pd.DataFrame(shifted, columns=["mass", "length", "width", "age"]))
    names = [one.name for one in named(source)]
    assert names[1] == "high length"
    assert "low length" in (names[0], names[2])
    assert "standard deviations above that of the others" in named(source)[1].why


def test_a_column_names_by_what_it_holds():
    days = pd.date_range("2024-05-01", periods=N)
    data = {"kind": KINDS, "text": sentences(), "day": days, "age": np.arange(N) ** 2}
    source = read_source(X, data=data)
    assert [one.name for one in named(source, by="day")] == ["early day", "", "late day"]
    assert named(source, by="age")[2].name == "high age"
    rising = read_source(X + np.arange(N)[:, None])
    assert [one.name for one in named(rising, by="x1")] == ["low x1", "", "high x1"]
    assert named(source, by="text")[0].name.count(",") == 1
    assert named(source, by="kind")[0].name == "ants"
    with pytest.raises(UnknownColumnError, match="kid"):
        named(source, by="kid")
    with pytest.raises(DataError, match="object"):
        named(read_source(X, data={"thing": [{"no": i} for i in range(N)]}), by="thing")


def test_names_that_would_be_the_same_get_a_further_word_or_a_number():
    kinds = np.array(["a"] * 50 + ["a"] * 16 + ["b"] * 4 + ["a"] * 20)
    sets = [np.arange(40), np.arange(50, 70), np.arange(70, 90), np.arange(40, 50)]
    assert [one.name for one in named(read_source(X, kinds), sets, by="label")] == [
        "a",
        "b",
        "a (2)",
        "a (3)",
    ]
    mixed = np.array(["a"] * 12 + ["b"] * 8 + ["a"] * 25 + ["b"] * 15 + ["c"] * 30)
    sets = [np.arange(20), np.arange(20, 45)]
    assert [one.name for one in named(read_source(X, mixed), sets, by="label")] == ["a, b", "a"]


def test_labels_are_not_named_by_themselves():
    source = read_source(X, KINDS, data={"text": sentences()})
    assert "goal" in named(source, of="label")[0].name
    assert named(source)[0].name == "ants"


def test_all_rows_and_long_names_do_no_harm():
    long = [("x" * 300) + kind for kind in KINDS]
    assert named(read_source(X, long), [np.arange(N)])[0].name == ""
    names = [one.name for one in named(read_source(X, long))]
    assert all(len(name) <= LONGEST + 4 for name in names)
    assert len(set(names)) == 3
