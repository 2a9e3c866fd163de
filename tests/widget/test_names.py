"""Names on the maps: which they are, and when they show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tsne_widget import DataError, InvalidTypeError, TSNEWidget, UnknownColumnError
from tsne_widget.parameters.constants import NAMES_SHOWN
from tsne_widget.widget.names import shown_names

N = 60
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 4))
DATA = {
    "kind": pd.Categorical(["cow", "cat", None] * 20, ["cow", "ox", "cat"]),
    "age": RNG.normal(size=N),
    "word": [f"w{i}" for i in range(N)],
    "thing": [{"no": i} for i in range(N)],
}

pytestmark = pytest.mark.usefixtures("close_widgets")


def make(labels="kind", **parameters):
    return TSNEWidget(X, labels, **{"data": DATA, "perplexity": 5, "autostart": False, **parameters})


def told(w):
    """What clients are told: a word, or the column and its names."""
    return w._names if not isinstance(w._names, dict) else (w._names["name"], w._names["names"][:2])


def pictured(w):
    """The texts on a picture; None: there are none."""
    names = shown_names(w._names, w.show_names, w._labels, w._row_set.groups.all, N)
    return None if names is None else list(names.texts)


def test_names_are_those_of_the_labels_that_colour():
    w = make()
    assert (w.show_names, w.name_by, told(w)) == ("auto", None, "labels")
    w.color_by = "word"
    assert told(w) == "labels"


def test_names_of_the_labels_stay_while_numbers_or_measures_colour():
    w = make()
    w.color_by = "age"
    assert told(w) == ("kind", ["cow", "cat"])
    w.color_by = "density"
    assert told(w) == ("kind", ["cow", "cat"])
    w.color_by = "groups"
    assert told(w) == "groups"


def test_names_of_a_chosen_column_stay_while_another_colours():
    w = make(name_by="word")
    assert (w.name_by, told(w)) == ("word", ("word", ["w0", "w1"]))
    w.color_by = "word"
    assert told(w) == "labels"
    w.color_by = "kind"
    assert told(w) == ("word", ["w0", "w1"])
    w.name_by = "groups"
    assert told(w) == "groups"
    w.name_by = None
    assert told(w) == "labels"


def test_without_labels_there_are_no_names():
    w = make(labels=None)
    assert (w._names, pictured(w)) == (None, None)
    assert make(labels=np.linspace(0, 1, N))._names is None


def test_a_browser_can_choose_the_names():
    w = make()
    w.set_state({"name_by": "word", "show_names": True})
    assert (w.name_by, w.show_names, told(w)) == ("word", True, ("word", ["w0", "w1"]))
    with pytest.raises(DataError):
        w.set_state({"name_by": "age"})
    assert w.name_by == "word"


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ("wrod", UnknownColumnError, "name_by='wrod' is neither a column nor 'groups'.*word"),
        ("thing", DataError, "thing.*it cannot name points"),
        (["kind"], InvalidTypeError, "name_by=.*the name of a column, 'groups', or None"),
    ],
)
def test_what_cannot_name_points_is_an_error_that_says_why(value, error, said):
    with pytest.raises(error, match=said):
        make(name_by=value)
    w = make()
    with pytest.raises(error, match=said):
        w.name_by = value
    assert (w.name_by, told(w)) == (None, "labels")


def test_a_column_called_groups_comes_before_the_groups():
    w = TSNEWidget(X, data={"groups": ["a", "b"] * 30}, perplexity=5, autostart=False, name_by="groups")
    assert told(w) == ("groups", ["a", "b"])


def test_a_few_names_show_by_themselves_and_many_if_asked_for():
    assert pictured(make()) == ["cow", "cat"]  # a missing label is no name, nor one that no row has
    assert pictured(make(show_names=False)) is None
    assert N > NAMES_SHOWN
    assert pictured(make(labels="word")) is None
    assert len(pictured(make(labels="word", show_names=True))) == N


def test_groups_name_points_by_the_last_that_holds_them():
    w = make(name_by="groups")
    assert pictured(w) is None
    w.groups["first"] = [0, 1, 2]
    w.groups["second"] = [2, 3]
    names = shown_names(w._names, True, w._labels, w._row_set.groups.all, N)
    assert (list(names.texts), names.codes[:5].tolist()) == (["first", "second"], [0, 0, 1, 1, 2])


def test_a_notebook_that_keeps_no_labels_keeps_no_names():
    w = make(save_state=False, name_by="word")
    assert w.get_state()["_names"]["kind"] == "unsaved"
    assert make(save_state=False).get_state()["_names"] == "labels"
