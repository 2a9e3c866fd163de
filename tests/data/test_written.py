"""How values of a scale are written in pictures, by the samples that the view is tested by too."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tsne_widget.data import Scale
from tsne_widget.data.durations import duration_in_words, read_duration
from tsne_widget.data.written import MINUS, duration, mean_in_words, number, signed, value_in_words

SAMPLES = json.loads((Path(__file__).parents[1] / "protocol" / "written.json").read_text("utf-8"))


@pytest.mark.parametrize("sample", SAMPLES["values"], ids=lambda sample: sample["of"])
def test_values_are_written_so_that_they_can_be_told_apart(sample):
    given = sample["scale"]
    scale = Scale(np.zeros(1), given["least"], given["most"], **given)
    span = scale.most - scale.least
    for value, text in sample["written"]:
        assert value_in_words(value, span, scale) == text
        assert value_in_words(float("nan"), span, scale) == "missing"


def test_differences_have_their_sign_and_halves_are_rounded_up():
    assert [signed(value, 2) for value in (1.234, -0.5)] == ["+1.23", f"{MINUS}0.50"]
    assert [signed(value, 2) for value in (-0.001, 0)] == ["0.00", "0.00"]
    assert [signed(value, 2) for value in (1e14, -1e300)] == ["+100000000000000.00", f"{MINUS}1e+300"]
    assert [signed(value, 0) for value in (12.5, -12.5, 0.4)] == ["+13", f"{MINUS}13", "0"]


def test_infinite_and_missing_ones_are_named():
    assert [number(value) for value in (np.inf, -np.inf, np.nan)] == ["∞", "-∞", "missing"]
    assert duration(np.inf) == "∞"


@pytest.mark.parametrize(
    ("ticks", "per_second", "text"),
    [
        (273_600, 1, "3 d 4 h"),
        (12_500, 10**6, "12.5 ms"),
        (-62_500, 1_000, "-1 min 2.5 s"),
        (0, 10**9, "0 s"),
        (5, 10**9, "5 ns"),
        (86_400_000_001, 10**6, "1 d 0.000001 s"),
        (90_061, 1, "1 d 1 h 1 min 1 s"),
        (1, 10**18, "1 as"),
    ],
)
def test_durations_are_written_exactly_and_read_again(ticks, per_second, text):
    assert duration_in_words(ticks, per_second) == text
    if per_second <= 10**9:
        assert read_duration(text) == np.timedelta64(ticks * (10**9 // per_second), "ns")


@pytest.mark.parametrize("text", ["", "3", "3 days", "4 h ago", "999999999 d"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="duration"):
        read_duration(text)


@pytest.mark.parametrize(("value", "low", "high", "text"), SAMPLES["means"])
def test_means_are_written_to_a_hundredth_of_what_colors_span(value, low, high, text):
    assert mean_in_words(value, low, high) == text
