"""Every axis has its place in the public interface, which is written out because users read help()."""

from __future__ import annotations

import re
from inspect import getdoc, signature

import pytest

from tsne_widget import TSNEWidget
from tsne_widget.parameters.axes import AXES
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.widget.handle import RunHandle, _AxisOfMap
from tsne_widget.widget.traits import AxisTrait


def lacking(name: str) -> list[str]:
    """Return the places that lack an axis, in words for whoever adds one."""
    line = re.compile(rf"^(\w+, )*{name}(, \w+)* : ", re.MULTILINE)
    of_widget, of_compare = getdoc(TSNEWidget) or "", getdoc(TSNEWidget.compare) or ""
    there = {
        "Settings, in parameters/defaults.py": hasattr(DEFAULTS, name),
        "the constructor of TSNEWidget": name in signature(TSNEWidget.__init__).parameters,
        "the AxisTraits of TSNEWidget": isinstance(getattr(TSNEWidget, name, None), AxisTrait),
        "the signature of TSNEWidget.compare": name in signature(TSNEWidget.compare).parameters,
        "the parameters of RunHandle": isinstance(getattr(RunHandle, name, None), _AxisOfMap),
        "the docstring of TSNEWidget": line.search(of_widget),
        "its sentence about lists": f"`{name}`" in of_widget.split("Parameters\n", 1)[0],
        "the docstring of TSNEWidget.compare": line.search(of_compare),
    }
    return [place for place, found in there.items() if not found]


@pytest.mark.parametrize("name", AXES)
def test_an_axis_is_everywhere_in_the_public_interface(name):
    assert not lacking(name), f"the axis {name!r} is not yet in {'; '.join(lacking(name))}"


def test_a_forgotten_axis_is_missed_everywhere():
    assert len(lacking("toy")) == 8


def test_compare_takes_the_axes_in_the_order_of_the_panels():
    assert [name for name in signature(TSNEWidget.compare).parameters if name in AXES] == list(AXES)
