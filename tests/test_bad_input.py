"""Whatever is given to the public names, they take it or raise an error of ours: never anything else."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from ipywidgets import DOMWidget, Widget

from tests.placed import write_placed
from tsne_widget import TSNE, TSNEWidget, TSNEWidgetError
from tsne_widget.data.checksum import digest
from tsne_widget.data.groups import Groups
from tsne_widget.widget.handle import RunHandle

X = np.random.default_rng(0).normal(size=(30, 4))


class Odd:
    """What no function knows anything of."""


BAD = {
    "none": None,
    "true": True,
    "negative": -1,
    "zero": 0,
    "huge": 10**30,
    "half": 0.5,
    "nan": float("nan"),
    "infinite": float("inf"),
    "empty text": "",
    "text": "nonsense",
    "bytes": b"x",
    "empty": [],
    "list of none": [None],
    "list of text": ["nonsense"],
    "list of huge": [10**30],
    "ragged": [[1, 2], [3]],
    "dict": {"a": 1},
    "odd": Odd(),
    "class": object,
    "function": lambda a: a,
    "matrix": np.zeros((2, 2)),
    "no numbers": np.array([]),
    "array without axes": np.array("x"),
    "complex": 1j,
    "date": np.datetime64("2020"),
    "range": range(3),
}
#: What a method needs besides the argument that is bad.
REST = {"i": 0, "name": "a", "to": "b", "rows": [1], "color": "#123456", "text": "a", "columns": ["labels"]}
#: What ends a widget, or a map of it.
NOT_TRIED = {"close", "remove"}


@pytest.fixture(scope="module")
def widget() -> Iterator[TSNEWidget]:
    made = TSNEWidget(X, labels=[1, 2] * 15, perplexity=[5, 6], autostart=False).wait(60)
    made.groups["a"] = [1]
    yield made
    Widget.close_all()


def parameters(function: Callable[..., Any]) -> list[str]:
    """Return the named parameters of a function, but for self."""
    return [
        one.name
        for one in inspect.signature(function).parameters.values()
        if one.name != "self" and one.kind not in (one.VAR_KEYWORD, one.VAR_POSITIONAL)
    ]


def needed(function: Callable[..., Any]) -> list[str]:
    signature = inspect.signature(function).parameters
    return [name for name in parameters(function) if signature[name].default is inspect.Parameter.empty]


def methods(kind: type) -> list[tuple[str, str]]:
    """Return each public method of ours with each of its parameters."""
    found = []
    for name in sorted(set(dir(kind)) - set(dir(DOMWidget)) - NOT_TRIED):
        function = inspect.getattr_static(kind, name)
        if inspect.isfunction(function) and not name.startswith("_"):
            found += [(name, parameter) for parameter in parameters(function)]
    return found


def settable(kind: type) -> list[str]:
    """Return what may be set on an object."""
    names = sorted(set(dir(kind)) - set(dir(DOMWidget)) - NOT_TRIED)
    return [
        name
        for name in names
        if not name.startswith("_")
        and hasattr(of := inspect.getattr_static(kind, name), "__set__")
        and getattr(of, "fset", of) is not None
    ]


def try_all(call: Callable[[Any], Any]) -> None:
    """Call with every value; only errors of ours may come."""
    for name, value in BAD.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                call(value)
            except TSNEWidgetError:
                pass
            except Exception as error:
                raise AssertionError(f"{name}: {type(error).__name__}: {error}") from error


@pytest.mark.parametrize("name", parameters(TSNEWidget))
def test_the_constructor(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # it may save itself there
    given = {} if name == "X" else {"X": X, "perplexity": 5, "autostart": False}

    def make(value: Any) -> None:
        TSNEWidget(**{**given, name: value}).close()

    try_all(make)


def test_there_is_something_to_try():
    assert {("select", "mode"), ("find", "text"), ("compare", "init")} <= set(methods(TSNEWidget))
    assert {("step", "n"), ("group_distances", "by")} <= set(methods(RunHandle))
    assert {("save", "rows"), ("recolor", "color")} <= set(methods(Groups))
    assert {"selection", "align", "color_by", "height", "reference"} <= set(settable(TSNEWidget))
    assert settable(RunHandle) == ["exaggeration", "init", "metric", "perplexity", "random_state"]


@pytest.mark.parametrize(("name", "parameter"), methods(TSNEWidget))
def test_methods_of_the_widget(widget, tmp_path, monkeypatch, name, parameter):
    monkeypatch.chdir(tmp_path)  # some write a file
    function = getattr(widget, name)
    rest = {other: REST.get(other, "x") for other in needed(function) if other != parameter}
    try_all(lambda value: function(**rest, **{parameter: value}))


@pytest.mark.parametrize(("name", "parameter"), methods(RunHandle))
def test_methods_of_a_map(widget, name, parameter):
    function = getattr(widget.runs[0], name)
    rest = {other: REST.get(other, "x") for other in needed(function) if other != parameter}
    try_all(lambda value: function(**rest, **{parameter: value}))


@pytest.mark.parametrize(("name", "parameter"), methods(Groups))
def test_methods_of_groups(widget, name, parameter):
    function = getattr(widget.groups, name)
    rest = {other: REST.get(other, "x") for other in needed(function) if other != parameter}
    try_all(lambda value: function(**rest, **{parameter: value}))


@pytest.mark.parametrize("name", parameters(TSNEWidget.load))
def test_a_saved_widget(widget, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    given = {"path": widget.save("maps.tsne"), "X": X, "labels": [1, 2] * 15}
    made = []

    def load(value: Any) -> None:
        try:
            made.append(TSNEWidget.load(**{**given, name: value}))
        except OSError:  # there is no such file, as `open` says it
            assert name == "path"

    try_all(load)
    for one in made:
        one.close()


@pytest.mark.parametrize("name", parameters(TSNEWidget.from_sample))
def test_the_map_of_a_sample(tmp_path, name):
    fitted = TSNE(perplexity=5, max_iter=10).fit(X)
    write_placed(tmp_path / "placed", fitted.embedding_, sampled=len(X), map=digest(fitted.embedding_))
    given = {"fitted": fitted, "placed": tmp_path / "placed"}
    try_all(lambda value: TSNEWidget.from_sample(**{**given, name: value}).close())


@pytest.mark.parametrize("name", settable(TSNEWidget))
def test_what_can_be_set_on_the_widget(widget, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    before = getattr(widget, name)
    try_all(lambda value: setattr(widget, name, value))
    setattr(widget, name, before)


@pytest.mark.parametrize("name", settable(RunHandle))
def test_what_can_be_set_on_a_map(widget, name):
    before = getattr(widget.runs[0], name)
    try_all(lambda value: setattr(widget.runs[0], name, value))
    setattr(widget.runs[0], name, before)


def test_items_of_groups(widget):
    try_all(lambda value: widget.groups[value])
    try_all(lambda value: widget.groups.__setitem__(value, [1]))
    try_all(lambda value: widget.groups.__setitem__("new", value))
    try_all(lambda value: widget.groups.__delitem__(value))


@pytest.mark.parametrize("name", parameters(TSNE))
def test_the_estimator(name):
    try_all(lambda value: TSNE(**{"perplexity": 5, "max_iter": 10, name: value}).fit(X))


def test_data_of_the_estimator():
    fitted = TSNE(perplexity=5, max_iter=10).fit(X)
    try_all(lambda value: TSNE(perplexity=5, max_iter=10).fit(value))
    try_all(fitted.transform)
    try_all(lambda value: fitted.transform(X, perplexity=value))
    try_all(TSNE().transform)
