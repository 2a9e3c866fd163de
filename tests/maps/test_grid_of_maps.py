"""Which runs a widget has: the product in its order, ids that stay, and what tells runs apart."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import spec_of
from tests.maps.toy import Spiral
from tsne_widget import InvalidValueError, NotRunningError
from tsne_widget.maps.grid import Entry, Grid
from tsne_widget.maps.methods import METHODS
from tsne_widget.maps.titles import column_suffixes, incomparable, maps_in_words, short_title, title
from tsne_widget.parameters.axes import AXES
from tsne_widget.parameters.axis import number_text
from tsne_widget.parameters.constants import RUNS_MAX
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.parameters.given import Names

NAMES = Names()
GIVEN, OTHER = (NAMES.known(np.full((3, 2), value, np.float32)) for value in (0, 1))


def product(perplexity=(30.0,), init=("pca",), random_state=(0,), of=None):
    axes = {name: (getattr(DEFAULTS, name),) for name in AXES}
    axes |= {"perplexity": perplexity, "init": init, "random_state": random_state}
    return (Grid() if of is None else of).product(axes)


def specs(grid):
    return [
        tuple(spec.values[name] for name in ("perplexity", "init", "random_state"))
        for _, spec in grid.entries
    ]


# --- the product --------------------------------------------------------------------------------------


def test_the_seed_changes_fastest_and_the_perplexity_slowest():
    made = product((5.0, 30.0), ("pca", "random"), (0, 1))
    assert specs(made) == list(itertools.product((5.0, 30.0), ("pca", "random"), (0, 1)))
    assert made.runs == list(range(8))


def test_values_keep_the_order_they_are_given_in():
    made = product((30.0, 5.0), random_state=(3, 1, 2))
    assert made.distinct("perplexity") == (30.0, 5.0)
    assert made.distinct("random_state") == (3, 1, 2)


def test_runs_that_are_among_the_new_ones_keep_their_id_and_no_id_is_used_twice():
    three = product((5.0, 30.0, 100.0))
    two = product((30.0, 50.0), of=three)
    assert (two.runs, specs(two)) == ([1, 3], [(30.0, "pca", 0), (50.0, "pca", 0)])
    again = product((5.0, 30.0, 100.0), of=two)
    assert again.runs == [4, 1, 5]


def test_coordinates_are_told_apart_by_identity():
    made = product(init=(GIVEN, OTHER, "pca"))
    assert product(init=(OTHER,), of=made).runs == [1]
    assert product(init=(Names().known(OTHER.value),), of=made).runs == [3]


@pytest.mark.parametrize(("perplexities", "seeds", "count"), [(65, 1, 65), (10, 7, 70)])
def test_too_many_maps_are_refused_with_their_number(perplexities, seeds, count):
    with pytest.raises(InvalidValueError, match=rf"{count} maps: one widget shows at most {RUNS_MAX}"):
        product(tuple(map(float, range(2, 2 + perplexities))), random_state=tuple(range(seeds)))


def test_as_many_as_are_allowed_are_made():
    assert len(product(tuple(map(float, range(2, 10))), random_state=tuple(range(8))).runs) == RUNS_MAX


# --- changes ------------------------------------------------------------------------------------------


def test_a_change_of_all_keeps_a_single_run_the_same_run():
    assert product().change_all("perplexity", 5.0).entries[0].run == 0


def test_runs_that_become_equal_are_one():
    made = product((5.0, 30.0), random_state=(0, 1)).change_all("perplexity", 7.0)
    assert (made.runs, specs(made)) == ([0, 1], [(7.0, "pca", 0), (7.0, "pca", 1)])


def test_of_runs_that_become_equal_the_one_that_was_so_stays():
    made = product((5.0, 30.0), random_state=(0, 1)).change_all("perplexity", 30.0)
    assert (made.runs, specs(made)) == ([2, 3], [(30.0, "pca", 0), (30.0, "pca", 1)])


def test_a_change_of_one_leaves_the_others():
    made = product((5.0, 30.0)).change_one(1, "random_state", 4)
    assert specs(made) == [(5.0, "pca", 0), (30.0, "pca", 4)]
    assert made.runs == [0, 1]


def test_a_change_to_what_another_run_is_is_refused():
    text = r"another map of this widget already has perplexity 5, .*seed 1, .*init pca: every map must differ"
    with pytest.raises(InvalidValueError, match=text):
        product((5.0, 30.0), random_state=(1,)).change_one(1, "perplexity", 5.0)


def test_a_change_to_what_another_run_is_names_coordinates_as_they_are_called():
    made = product(init=(GIVEN, OTHER))
    with pytest.raises(InvalidValueError, match=r"seed 0, .*init given 2: every"):
        made.change_one(0, "init", OTHER)
    with pytest.raises(InvalidValueError, match=r"seed 0, .*init given: every"):
        made.change_one(1, "init", GIVEN)


def test_a_change_to_what_it_is_already_is_none():
    made = product((5.0, 30.0))
    assert specs(made.change_one(1, "perplexity", 30.0)) == specs(made)


def test_one_is_kept():
    made = product((5.0, 30.0, 100.0)).keep(1)
    assert (made.runs, specs(made)) == ([1], [(30.0, "pca", 0)])
    assert product((30.0, 7.0), of=made).runs == [1, 3]


def test_one_is_removed():
    made = product((5.0, 30.0, 100.0)).remove(1)
    assert made.runs == [0, 2]


def test_the_last_one_cannot_be_removed():
    with pytest.raises(NotRunningError, match="last map"):
        product().remove(0)


@pytest.mark.parametrize("operation", ["spec", "keep", "remove"])
def test_a_run_that_is_no_more_is_refused(operation):
    made = product((5.0, 30.0)).remove(0)
    for run in (0, 7):
        with pytest.raises(NotRunningError, match="no longer part of the widget"):
            getattr(made, operation)(run)


OPERATIONS = st.one_of(
    st.tuples(st.just("product"), st.lists(st.sampled_from([5.0, 7.0, 9.0]), min_size=1, unique=True)),
    st.tuples(st.just("change_all"), st.sampled_from([5.0, 7.0, 9.0])),
    st.tuples(st.just("remove"), st.integers(0, 5)),
    st.tuples(st.just("change_one"), st.sampled_from([5.0, 7.0, 9.0])),
)


@given(st.lists(OPERATIONS, max_size=8))
def test_whatever_is_done_ids_and_specs_are_unique_and_ids_mean_one_run(operations):
    made, seen = product((5.0, 7.0), random_state=(0, 1)), {0, 1, 2, 3}
    for name, value in operations:
        before = made
        try:
            if name == "product":
                made = product(tuple(value), random_state=made.distinct("random_state"), of=made)
            elif name == "change_all":
                made = made.change_all("perplexity", value)
            elif name == "change_one":
                made = made.change_one(made.runs[-1], "perplexity", value)
            else:
                made = made.remove(made.runs[value % len(made.runs)])
        except (InvalidValueError, NotRunningError):
            assert made is before
        assert len(set(made.runs)) == len(made.runs) == len({entry.spec for entry in made.entries}) >= 1
        new = set(made.runs) - set(before.runs)
        assert not new & seen
        seen |= new


# --- words --------------------------------------------------------------------------------------------


def test_values_that_are_alike_do_not_vary():
    assert product((5.0, 30.0)).varying == ["perplexity"]
    assert product(init=(GIVEN, OTHER), random_state=(1, 2)).varying == ["init", "random_state"]
    assert product().varying == []
    assert all(len(product().distinct(name)) == 1 for name in AXES)


@pytest.mark.parametrize(
    ("grid", "titles", "shorts", "suffixes", "words"),
    [
        (product(), ["perplexity 30"], ["perplexity 30"], [""], None),
        (
            product((5.0, 12.5)),
            ["perplexity 5", "perplexity 12.5"],
            ["perplexity 5", "perplexity 12.5"],
            ["_perplexity_5", "_perplexity_12.5"],
            "2 maps of perplexity 5, 12.5",
        ),
        (
            product(init=("pca", OTHER), random_state=(1, 2)),
            ["seed 1, PCA", "seed 2, PCA", "seed 1, given 2", "seed 2, given 2"],
            ["s1 · PCA", "s2 · PCA", "s1 · given 2", "s2 · given 2"],
            ["_seed_1_init_pca", "_seed_2_init_pca", "_seed_1_init_given_2", "_seed_2_init_given_2"],
            "4 maps of seed 1, 2; init pca, given 2",
        ),
        (
            product((5.0, 7.0), ("random", GIVEN)),
            [
                "perplexity 5, random",
                "perplexity 5, given",
                "perplexity 7, random",
                "perplexity 7, given",
            ],
            ["5 · random", "5 · given", "7 · random", "7 · given"],
            [f"_perplexity_{p}_init_{init}" for p in (5, 7) for init in ("random", "given")],
            "4 maps of perplexity 5, 7; init random, given",
        ),
    ],
)
def test_a_run_is_called_by_what_tells_it_from_the_others(grid, titles, shorts, suffixes, words):
    assert [title(grid, run) for run in grid.runs] == titles
    assert [short_title(grid, run) for run in grid.runs] == shorts
    assert [*column_suffixes(grid).values()] == suffixes
    if words:
        assert maps_in_words(grid) == words


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_written_so_that_it_can_be_read_again(number):
    assert float(number_text(number)) == number


def test_a_round_number_is_written_as_one():
    assert [number_text(number) for number in (30.0, 12.5, 1.1)] == ["30", "12.5", "1.1"]


# --- what is told apart -------------------------------------------------------------------------------


def test_coordinates_are_called_in_the_order_they_come_and_equal_ones_are_the_same():
    assert NAMES.known(GIVEN.value.copy()) is GIVEN
    third = NAMES.known(GIVEN.value + 2)
    assert [given.name for given in (GIVEN, OTHER, third)] == ["given", "given 2", "given 3"]
    assert NAMES.named("given 2") is OTHER.value
    assert NAMES.named("given 4") == "given 4"


def test_a_spec_is_told_apart_by_all_that_it_holds():
    spec = spec_of()
    assert spec == spec_of(perplexity=30.0, init="pca", random_state=0) != spec_of(perplexity=5.0)
    assert len({spec, spec_of(), spec_of(perplexity=5.0), spec_of(init=GIVEN), spec_of(random_state=1)}) == 4
    assert Grid((Entry(0, spec),), 1).spec(0) is spec


def test_why_kl_cannot_be_compared_is_said_of_the_axes_in_which_maps_differ():
    assert incomparable(product()) == incomparable(product(random_state=(0, 1), init=("pca", "random"))) == []
    assert incomparable(product((5.0, 30.0), random_state=(0, 1))) == [
        (
            "KL cannot be compared between perplexities",
            "it falls as the perplexity rises, even if the map is no better",
        )
    ]
    both = product((5.0, 30.0)).product({"metric": ("euclidean", "cosine")})
    ((words, why),) = incomparable(both)
    assert words == "KL cannot be compared between metrics and perplexities"
    assert why == (
        "each metric has its own neighbours; it falls as the perplexity rises, even if the map is no better"
    )


def test_figures_are_compared_within_a_method(monkeypatch):
    monkeypatch.setitem(METHODS, Spiral.name, Spiral)
    first = product().of_tsne[0].spec
    specs = [Spiral.spec_beside("a", first), Spiral.spec_beside("b", first)]
    grid = product().with_beside(specs)
    assert incomparable(grid) == []
    assert incomparable(grid.change_one(2, "turns", 9)) == [
        ("openness cannot be compared between turns", "more turns open sooner")
    ]
