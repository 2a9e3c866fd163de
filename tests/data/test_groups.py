"""Groups are rows under a name; what is given wrongly changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tsne_widget.data.groups import COLORS, Group, Groups
from tsne_widget.errors import DataError, GroupError, InvalidTypeError, InvalidValueError, SelectionError

N = 10


@pytest.fixture
def told() -> list[tuple[Group, ...]]:
    return []


@pytest.fixture
def groups(told) -> Groups:
    return Groups(N, told.append)


def test_a_group_is_the_rows_that_were_saved_sorted_and_each_once(groups):
    groups["a"] = [3, 1, 3]
    groups["b"] = np.arange(N) > 7
    assert {name: rows.tolist() for name, rows in groups.items()} == {"a": [1, 3], "b": [8, 9]}
    assert groups["a"].dtype == np.int64
    with pytest.raises(ValueError, match="read-only"):
        groups["a"][0] = 5


def test_every_change_is_told(groups, told):
    groups["a"] = [1]
    groups.rename("a", "b")
    groups.recolor("b", "#ABCDEF")
    del groups["b"]
    assert [[(group.name, group.color) for group in state] for state in told] == [
        [("a", COLORS[0])],
        [("b", COLORS[0])],
        [("b", "#abcdef")],
        [],
    ]


def test_without_a_name_the_first_free_number_is_taken(groups):
    assert [groups.save(None, [0]) for _ in range(3)] == ["group 1", "group 2", "group 3"]
    del groups["group 2"]
    assert groups.save(None, [1]) == "group 2"


def test_a_name_that_is_there_gets_other_rows_and_keeps_its_color_and_place(groups):
    for name in "abc":
        groups[name] = [0]
    groups.recolor("a", "#123456")
    groups["a"] = [4]
    assert list(groups) == ["a", "b", "c"]
    assert (groups["a"].tolist(), groups.color("a")) == ([4], "#123456")


def test_any_number_of_groups_have_colors_of_their_own(groups):
    for number in range(40):
        groups[str(number)] = [number % N]
    colors = [groups.color(name) for name in groups]
    assert len(set(colors)) == 40
    del groups["3"]
    groups["again"] = [0]
    assert groups.color("again") == colors[3]


def test_where_groups_overlap_the_later_one_counts(groups):
    groups["a"] = [0, 1, 2]
    groups["b"] = [2, 3]
    assert groups.codes().tolist() == [0, 0, 1, 1] + [-1] * 6
    assert groups.in_several() == 1


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_blank_or_endless_name_is_refused(groups, name):
    with pytest.raises(InvalidValueError, match="name="):
        groups[name] = [0]


@pytest.mark.parametrize(
    ("rows", "error", "named"),
    [
        ([], InvalidValueError, "at least one row"),
        ([2, 10, -1], SelectionError, "row 10"),
        ([True, False], DataError, "shape"),
        (["a"], InvalidTypeError, "rows"),
    ],
)
def test_rows_that_are_not_there_are_refused_and_nothing_changes(groups, told, rows, error, named):
    with pytest.raises(error, match=named):
        groups["a"] = rows
    assert len(groups) == 0
    assert told == []


@pytest.mark.parametrize("color", ["blurple", "#12345", "#1234567", "rgb(0,0,0)", "#12345g"])
def test_what_is_no_color_is_refused(groups, color):
    with pytest.raises(InvalidValueError, match="color="):
        groups.save("a", [0], color)


def test_a_color_is_kept_as_six_hexadecimal_digits(groups):
    groups.save("a", [0], "#ABC")
    assert groups.color("a") == "#aabbcc"
    groups.recolor("a", "crimson")
    assert groups.color("a") == "#dc143c"


def test_types_are_checked(groups):
    with pytest.raises(InvalidTypeError, match="name=3"):
        groups.save(3, [0])
    with pytest.raises(InvalidTypeError, match="color=3"):
        groups.save("a", [0], 3)


def test_an_unknown_group_is_named_with_those_that_there_are(groups):
    groups["old"] = [0]
    for ask in (
        lambda: groups["new"],
        lambda: groups.color("new"),
        lambda: groups.rename("new", "b"),
        lambda: groups.__delitem__("new"),
    ):
        with pytest.raises(GroupError, match="no group 'new'; there are 'old'"):
            ask()
    assert isinstance(GroupError("x"), KeyError)


def test_a_name_that_is_taken_is_not_taken_again(groups):
    groups["a"], groups["b"] = [0], [1]
    with pytest.raises(GroupError, match="there is already a group 'b'"):
        groups.rename("a", "b")
    groups.rename("a", "a")
    assert list(groups) == ["a", "b"]


def test_a_group_that_is_mistyped_is_answered_with_those_near(groups):
    groups["stem cells"], groups["blood"] = [1], [2]
    with pytest.raises(GroupError, match="no group 'stem cell'; did you mean 'stem cells'"):
        groups["stem cell"]


def test_several_groups_are_renamed_at_once_or_none_is(groups):
    groups["a"], groups["b"], groups["c"] = [0], [1], [2]
    groups.rename_several({"a": "b", "b": "a"})
    assert {name: rows.tolist() for name, rows in groups.items()} == {"b": [0], "a": [1], "c": [2]}
    for names, error in (
        ({"a": "c"}, GroupError),
        ({"z": "y"}, GroupError),
        ({"a": ""}, InvalidValueError),
        ("a", InvalidTypeError),
    ):
        with pytest.raises(error):
            groups.rename_several(names)
    assert list(groups) == ["b", "a", "c"]
