"""Colours of the user's own, of an AnnData, and of groups beside labels."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from tests.clients import make
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    NoEffectWarning,
)
from tsne_widget.data.colors import APART, CATEGORICAL, apart, categorical_colors, category_colors

pytestmark = pytest.mark.usefixtures("close_widgets")
KINDS = ["ant", "bee", None, "cat"]


@pytest.fixture
def show(blobs):
    kinds = np.resize(np.array(KINDS, object), len(blobs))
    numbers = np.arange(len(blobs)) * 1.5

    def show(palette, labels=kinds, **parameters):
        return make(blobs, labels, palette=palette, autostart=False, data={"number": numbers}, **parameters)

    return show


def colors(w, dark=False):
    """The colours of the categories by name, as view and pictures show them."""
    names = w._labels["names"][: -1 if w._labels["has_missing"] else None]
    return dict(zip(names, category_colors(w._labels, dark), strict=True))


def test_without_colors_of_their_own_categories_have_ours(show):
    w = show(None)
    assert w._labels["colors"] == []
    assert list(colors(w).values()) == categorical_colors(3, False)


def test_colors_by_name_and_the_others_differ_from_them(show):
    w = show({"bee": CATEGORICAL[0], "cat": "#ABC"})
    assert colors(w) == {"ant": CATEGORICAL[1], "bee": CATEGORICAL[0], "cat": "#aabbcc"}
    assert w.palette == {"bee": CATEGORICAL[0], "cat": "#ABC"}


def test_colors_in_order_and_ours_for_the_rest(show):
    w = show(["#000000", "#ffffff"])
    assert list(colors(w).values())[:2] == ["#000000", "#ffffff"]
    assert apart(colors(w)["cat"], ["#000000", "#ffffff"]) >= APART


def test_categories_that_are_numbers_are_found_by_value_and_by_text(show):
    numbers = np.resize([3, 7], 60)
    assert colors(show({3: "#112233", "7": "#445566"}, numbers)) == {"3": "#112233", "7": "#445566"}
    assert colors(show({np.int64(7): "#445566"}, numbers))["7"] == "#445566"


@pytest.mark.parametrize(
    ("color", "is_"),
    [("crimson", "#dc143c"), ((1, 0.5, 0), "#ff8000"), ("C0", "#1f77b4"), ("#12345680", "#123456")],
)
def test_whatever_matplotlib_takes_for_a_color(show, color, is_):
    assert colors(show({"ant": color}))["ant"] == is_
    assert colors(show([color]))["ant"] == is_


def test_it_can_be_set_again_and_leaves_the_way_of_coloring(show):
    w = show(None)
    w.color_by = "density"
    w.palette = {"ant": "#010203"}
    assert w.color_by == "density"
    assert colors(w)["ant"] == "#010203"
    w.palette = None
    assert colors(w)["ant"] == CATEGORICAL[0]
    assert w.palette is None


def test_a_colormap_colors_numbers_alone(show):
    matplotlib = pytest.importorskip("matplotlib")
    w = show("magma", color_by="number")
    magma = matplotlib.colormaps["magma"]
    assert w._labels["colors"][0] == matplotlib.colors.to_hex(magma(0.0))
    assert w._labels["colors"][-1] == matplotlib.colors.to_hex(magma(1.0))
    blended = matplotlib.colors.LinearSegmentedColormap.from_list("", w._labels["colors"])
    at = np.linspace(0, 1, 256)
    np.testing.assert_allclose(blended(at), magma(at), atol=0.02)
    w.color_by = "label"
    assert w._labels["colors"] == []


def test_names_of_no_category_are_said(show):
    with pytest.warns(
        NoEffectWarning, match="palette has colours for bear: these are no categories of 'label'"
    ):
        w = show({"bear": "#010203", "ant": "#040506"})
    with pytest.warns(NoEffectWarning, match="bear"):
        w.palette = {"bear": "#010203"}


@pytest.mark.parametrize(
    ("palette", "error", "words"),
    [
        ({"ant": "blurple"}, InvalidValueError, r"palette\['ant'\]='blurple' is not allowed"),
        (["#000000", 3], InvalidTypeError, r"palette\[1\]=3 is of type int"),
        ([], InvalidValueError, "palette=\\[\\] is not allowed"),
        (3, InvalidTypeError, "palette=3 is of type int"),
        (
            "virides",
            InvalidValueError,
            "palette='virides' is not a colormap of matplotlib; did you mean 'viridis'",
        ),
    ],
)
def test_what_is_no_color_is_refused(show, palette, error, words):
    with pytest.raises(error, match=words):
        show(palette)
    w = show({"ant": "#010203"})
    with pytest.raises(error, match=words):
        w.palette = palette
    assert colors(w)["ant"] == "#010203"


def test_without_matplotlib_only_hexadecimal_colors_are_possible(show, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert colors(show({"ant": "#010203"}))["ant"] == "#010203"
    for palette in ({"ant": "red"}, "magma"):
        with pytest.raises(MissingDependencyError, match="needs matplotlib: pip install"):
            show(palette)


def test_colors_of_an_anndata_are_taken_unless_others_are_given(blobs):
    anndata = pytest.importorskip("anndata")
    kinds = pd.Categorical(np.resize(["ant", "cat"], len(blobs)), ["bee", "ant", "cat"])
    adata = anndata.AnnData(
        blobs, obs=pd.DataFrame({"kind": kinds}, index=[str(i) for i in range(len(blobs))])
    )
    adata.uns["kind_colors"] = ["#010101", "#0000ffff", "#ffa500"]
    assert colors(make(adata, "kind", autostart=False)) == {"ant": "#0000ff", "cat": "#ffa500"}
    own = colors(make(adata, "kind", palette={"cat": "#123456"}, autostart=False))
    assert own == {"ant": "#0000ff", "cat": "#123456"}
    adata.uns["kind_colors"] = ["nothing", "#0000ff", "#ffa500"]
    with pytest.warns(NoEffectWarning, match="the colours in uns of 'kind' are not used"):
        w = make(adata, "kind", autostart=False)
    assert w._labels["colors"] == []


def test_a_picture_has_the_same_colors(show, tmp_path):
    pytest.importorskip("matplotlib")
    w = show({"ant": "#123456"})
    assert w._pictures.legend(False).entries[0].color == "#123456"
    w = show("magma", color_by="number")
    assert w._pictures.legend(True).stops == tuple(w._labels["colors"])


def test_a_new_group_has_none_of_the_colors_that_labels_have(show):
    w = show(None)
    for number in range(30):
        w.groups[f"g{number}"] = [number]
    given = [w.groups.color(name) for name in w.groups]
    assert len(set(given)) == 30
    assert all(apart(color, categorical_colors(3, False)) >= APART for color in given)
    w = show({"ant": "#112233", "bee": CATEGORICAL[8]}, np.resize(list("abcdefghij"), 60))
    w.groups["new"] = [1]
    assert apart(w.groups.color("new"), list(colors(w).values())) >= APART


def test_without_labels_groups_have_the_first_colors(blobs):
    w = make(blobs, autostart=False)
    w.groups["first"] = [0]
    assert w.groups.color("first") == CATEGORICAL[0]
