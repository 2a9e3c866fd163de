"""A column shows, sorts, finds and encodes its values as their owner would."""

import math
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import in_words
from tsne_widget import DataError, SelectionError
from tsne_widget.data import read_source
from tsne_widget.data.columns import Columns, distinct_names
from tsne_widget.data.encodings import MAX_CATEGORIES, MAX_INTEGER_CATEGORIES, MAX_NUMERIC_CATEGORIES
from tsne_widget.data.reading import column_of
from tsne_widget.data.series import column_of_series
from tsne_widget.errors import UnknownColumnError

MISSING = [
    None,
    math.nan,
    float("nan"),
    np.float32("nan"),
    pd.NA,
    pd.NaT,
    np.datetime64("NaT"),
    Decimal("NaN"),
]


def column(values):
    return column_of("label", values, len(values), "labels")


def categories(values):
    taken = column(values).categories()
    assert taken.codes.dtype == np.uint16
    assert taken.counts == np.bincount(taken.codes, minlength=len(taken.names)).tolist()
    assert min(taken.counts) > 0
    return taken


def described(values):
    """Return the name of each row's category, as a view would show it."""
    taken = categories(values)
    return [taken.names[code] for code in taken.codes]


def names(values):
    return categories(values).names


def all_of(made):
    return np.arange(len(made))


# --- categories ---------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=4), min_size=1, max_size=30))
def test_each_row_keeps_its_own_text(labels):
    cleaned = [label.rstrip("\0") for label in labels]
    coded = column(labels).coded
    assert [coded.names[code] for code in coded.codes] in (labels, cleaned)
    assert set(names(labels)) == set(described(labels))


@given(st.lists(st.integers(-20, 19), min_size=1, max_size=60))
def test_few_integers_are_categories_in_the_order_of_numbers(labels):
    assert described(np.array(labels)) == [str(label) for label in labels]
    assert names(labels) == [str(label) for label in sorted(set(labels))]


@pytest.mark.parametrize(
    ("labels", "shown", "order"),
    [
        ([True, False, True], ["True", "False", "True"], ["False", "True"]),
        (np.array([b"y", b"x"]), ["y", "x"], ["x", "y"]),
        ([b"y", b"x"], ["y", "x"], ["x", "y"]),
        ([b"y", None], ["y", "missing"], ["y", "missing"]),
        ([1, "a", 2.5], ["1", "a", "2.5"], ["1", "2.5", "a"]),
        ([date(2024, 5, 1), date(2023, 1, 1)], ["2024-05-01", "2023-01-01"], ["2023-01-01", "2024-05-01"]),
        (np.array(["2024-05", "2023-01"], "M8[M]"), ["2024-05", "2023-01"], ["2023-01", "2024-05"]),
        ([2.0, math.nan, 10.0], ["2", "missing", "10"], ["2", "10", "missing"]),
        ([2, None, 10], ["2", "missing", "10"], ["2", "10", "missing"]),
        ([0.5, None, 10.25], ["0.5", "missing", "10.25"], ["0.5", "10.25", "missing"]),
        (["b", math.nan, "a"], ["b", "missing", "a"], ["a", "b", "missing"]),
        (
            [2**60 + 1, None, 2**60],
            [str(2**60 + 1), "missing", str(2**60)],
            [str(2**60), str(2**60 + 1), "missing"],
        ),
        (("b", "a"), ["b", "a"], ["a", "b"]),
        (pd.Series([2, None, 10]), ["2", "missing", "10"], ["2", "10", "missing"]),
        (pd.Series([2, None, 10], dtype="Int64"), ["2", "missing", "10"], ["2", "10", "missing"]),
        (pd.Series(["b", None, "a"]), ["b", "missing", "a"], ["a", "b", "missing"]),
        (pd.Series(["b", pd.NA], dtype="string"), ["b", "missing"], ["b", "missing"]),
        (pd.Series([True, None], dtype="boolean"), ["True", "missing"], ["True", "missing"]),
        (pd.Series(["b", None, "a"], index=[9, 9, 9]), ["b", "missing", "a"], ["a", "b", "missing"]),
        (pd.Categorical(["b", None, "a"]), ["b", "missing", "a"], ["a", "b", "missing"]),
        (pd.Series([3, 1], dtype="category"), ["3", "1"], ["1", "3"]),
    ],
    ids=in_words,
)
def test_labels_are_shown_as_their_owner_would_write_them(labels, shown, order):
    assert described(labels) == shown
    assert names(labels) == order


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (["", "   ", "a"], ["''", "'␣␣␣'", "a"]),
        (["   ", " "], ["'␣␣␣'", "'␣'"]),
        (["a b", "a  b", "a\xa0b", "a"], ["'a␣b'", "'a␣␣b'", r"'a\xa0b'", "a"]),
        (["a ", " b", "c"], ["a ", " b", "c"]),
        (["a ", "a", "\ta"], ["'a␣'", "'a'", r"'\ta'"]),
        (["", "''", "'"], ["''", "\"''\"", "'"]),
        (["missing", "a", None], ["'missing'", "a", "missing"]),
        (["missing", "a"], ["missing", "a"]),
        (pd.Categorical(["", "a"]), ["''", "a"]),
        (["🧑🏽‍🔬", "می‌خواهم"], ["🧑🏽‍🔬", "می‌خواهم"]),
    ],
    ids=in_words,
)
def test_no_two_categories_look_alike_and_none_is_blank(labels, shown):
    assert described(labels) == shown
    given = column(labels)
    for row, label in enumerate(labels):
        if isinstance(label, str):
            assert row in given.match([label])


@given(
    st.lists(st.sampled_from(["", " ", "  ", "a", "a ", " a", "\t", "\n", "a  b", "a b", "missing", None]))
)
def test_different_labels_look_different(labels):
    shown = names([*labels, "a"])
    assert len({" ".join(name.split()) for name in shown}) == len(shown) == len({*labels, "a"})
    assert all(name.strip() for name in shown)


HALF = "a\ud83d"


@pytest.mark.parametrize(
    "labels",
    [
        [HALF, "b", HALF],
        np.array([HALF, "b", HALF]),
        np.array([HALF, "b", HALF], object),
        [HALF, 1, HALF],
        pd.Series([HALF, "b", HALF], dtype=object),
        pd.Categorical([HALF, "b", HALF]),
    ],
    ids=lambda labels: type(labels).__name__,
)
def test_half_a_surrogate_pair_is_shown_as_python_writes_it_and_found_as_it_is(labels):
    given = column(labels)
    assert described(labels)[0] == r"a\ud83d"
    assert given.cells(np.array([0, 2])) == [r"a\ud83d"] * 2
    for sought in (HALF, r"a\ud83d"):
        assert given.match([sought]).tolist() == [0, 2]


def test_names_of_rows_with_half_a_surrogate_pair_can_be_sent_too():
    many = column([f"{row}\udc00" for row in range(50)])
    assert (many.type, many.cells(np.array([7]))) == ("text", [r"7\udc00"])
    assert many.match(["7\udc00"]).tolist() == [7]
    objects = column([[HALF], [1], {}])
    assert objects.cells(all_of([1]))[0].isascii()
    indexed = read_source(pd.DataFrame({"x": [1.0, 2, 3]}, index=pd.Index([HALF, "b", "c"], name=HALF)))
    assert indexed.index.name == indexed.index.labels(np.array([0]))[0] == r"a\ud83d"
    assert indexed.find([HALF]).tolist() == [0]


def test_a_column_whose_name_has_half_a_surrogate_pair_is_refused():
    for options in ({"data": {HALF: [1, 2, 3]}}, {"labels": {HALF: [1, 2, 3]}}):
        with pytest.raises(DataError, match="half a surrogate pair; rename the column"):
            read_source(np.zeros((3, 2)), **options)
    with pytest.raises(DataError, match="half a surrogate pair"):
        read_source(pd.DataFrame({HALF: [1.0, 2, 3]}))


def test_moments_are_in_the_order_of_time():
    labels = pd.to_datetime(["2024-05-01", None, "2023-01-01"])
    shown = described(labels)
    assert shown[0].startswith("2024-05-01")
    assert shown[1] == "missing"
    assert names(labels)[0].startswith("2023-01-01")


@pytest.mark.parametrize("nothing", MISSING, ids=in_words)
@pytest.mark.parametrize(
    "others", [["b", "a"], [datetime(2024, 1, 1), datetime(2023, 1, 1)], [True, False], [2, 1]], ids=str
)
def test_a_missing_label_is_missing_among_any_others_and_comes_last(nothing, others):
    taken = categories([others[0], nothing, others[1]])
    assert taken.has_missing
    assert taken.names[-1] == "missing"
    assert taken.codes.tolist() == [1, 2, 0]
    assert taken.counts == [1, 1, 1]


@pytest.mark.parametrize("nothing", MISSING, ids=in_words)
def test_labels_may_all_be_missing(nothing):
    taken = categories([nothing] * 4)
    assert (taken.names, taken.counts, taken.has_missing) == (["missing"], [4], True)


def test_a_text_missing_is_not_a_missing_label():
    assert not categories(["missing", "a"]).has_missing
    assert categories(["missing", None]).names == ["'missing'", "missing"]


def test_there_are_as_many_categories_as_codes():
    most = [f"{i:06}" for i in range(MAX_CATEGORIES)]
    taken = categories([*most, None])
    assert taken.codes.tolist() == list(range(MAX_CATEGORIES + 1))
    with pytest.raises(DataError, match=f"{MAX_CATEGORIES + 1} distinct values: at most {MAX_CATEGORIES}"):
        categories([*most, "one more"])


def test_text_with_numbers_is_in_the_order_of_its_numbers():
    labels = categories(["c10", "c9", "c1", "10", "9", "b", "", "c01"])
    assert labels.names == ["''", "9", "10", "b", "c01", "c1", "c9", "c10"]


def test_one_long_label_costs_no_room_for_the_others():
    import tracemalloc

    labels = ["x" * 100_000] + ["y"] * 20_000
    tracemalloc.start()
    assert categories(labels).counts == [1, 20_000]
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()


@pytest.mark.parametrize("missing", [0, 1])
def test_there_may_be_ten_thousand_categories(missing):
    values = [f"{i:05}" for i in range(10_000)] + [None] * missing
    assert column(values).kinds == ("categories",)
    assert len(names(values)) == 10_000 + missing


@pytest.mark.parametrize(
    "values",
    [
        pd.Series(pd.Categorical(["b", "c", None, "b"], categories=["z", "c", "b", "a"])),
        pd.Categorical(["b", "c", None, "b"], categories=["z", "c", "b", "a"], ordered=True),
        pl.Series(["b", "c", None, "b"], dtype=pl.Enum(["z", "c", "b", "a"])),
    ],
    ids=["Series", "Categorical", "Enum"],
)
def test_the_order_of_categories_is_kept_and_those_without_rows_are_left_out(values):
    assert column(values).type == "category"
    assert names(values) == ["c", "b", "missing"]
    assert categories(values).values == ["c", "b", None]
    assert column(values).order(np.arange(4)).tolist() == [1, 0, 3, 2]


def test_categories_of_polars_that_have_no_order_are_in_that_of_their_names():
    assert names(pl.Series(["c10", "c9", "a"], dtype=pl.Categorical)) == ["a", "c9", "c10"]


@pytest.mark.parametrize("dtype", [pl.Int128, pl.UInt128], ids=str)
def test_integers_that_numpy_does_not_know_are_numbers(dtype):
    frame = pl.DataFrame({"a": pl.Series([3, 1, 2], dtype=dtype), "b": [1.0, 2.0, 3.0]})
    source = read_source(frame)
    assert source.matrix.tolist() == [[3, 1], [1, 2], [2, 3]]
    assert source.columns["a"].cells(np.arange(3)) == [3, 1, 2]


class ArrowInPandas:
    """A Series of pandas with values of Arrow: days are objects, a dictionary has no `.cat`."""

    implementation = nw.Implementation.PANDAS

    def __init__(self, dtype, values):
        self.dtype, self._values = dtype, values

    def to_native(self):
        return self

    def to_list(self):
        return self._values

    def to_numpy(self):
        return np.array(self._values, object)


def test_days_of_arrow_are_dates():
    made = column_of_series("day", ArrowInPandas(nw.Date(), [date(2024, 1, 2), None, date(2024, 1, 1)]))
    assert (made.type, made.cells(np.arange(3))) == ("date", ["2024-01-02", None, "2024-01-01"])


def test_a_dictionary_of_arrow_is_categories():
    made = column_of_series("kind", ArrowInPandas(nw.Categorical(), ["b", pd.NA, "a", "b"]))
    assert made.categories().names == ["a", "b", "missing"]


def test_intervals_keep_their_order():
    cut = pd.Series(pd.cut([5, 100, 20], [0, 10, 50, 1000]))
    assert names(cut) == ["(0, 10]", "(10, 50]", "(50, 1000]"]


def test_categories_know_the_values_that_they_stand_for():
    assert categories([2.0, None, 10.5]).values == [2.0, 10.5, None]
    assert categories([True, None]).values == [True, None]
    assert categories([1, "a", b"c"]).values == [1, "a", b"c"]


def test_html_is_text_as_any_other():
    assert described(["<b>bold</b>", "<script>alert(1)</script>"]) == [
        "<b>bold</b>",
        "<script>alert(1)</script>",
    ]


# --- what a column is ---------------------------------------------------------------------------------


class Color(Enum):
    RED = 1
    BLUE = 2


class Thing:
    """Of which only its place in memory can be told."""


@pytest.mark.parametrize(
    ("values", "is_a", "kinds"),
    [
        ([True, False, None], "boolean", ("categories",)),
        (pd.Series([True, None], dtype="boolean"), "boolean", ("categories",)),
        (pl.Series([True, None]), "boolean", ("categories",)),
        (["a", "b"], "category", ("categories",)),
        ([Color.RED, Color.BLUE], "category", ("categories",)),
        ([(1, 2), (3, 4)], "category", ("categories",)),
        (pd.Series(pd.period_range("2024", periods=3, freq="M")), "category", ("categories",)),
        ([1 + 2j, 3j], "category", ("categories",)),
        ([2**70, None], "category", ("categories",)),
        ([f"row {i}" for i in range(21)], "text", ("categories",)),
        ([f"row {i}" for i in range(20)], "category", ("categories",)),
        ([f"row {i % 21}" for i in range(42)], "category", ("categories",)),
        ([f"row {i % 21}" for i in range(41)] + [None], "text", ("categories",)),
        ([f"row {i % 1_001}" for i in range(2_002)], "category", ("categories",)),
        (range(MAX_CATEGORIES), "number", ("scale",)),
        ([str(i) for i in range(MAX_CATEGORIES + 1)], "text", ()),
        ([1, 2, None], "number", ("categories", "scale")),
        ([Decimal("1.5"), Decimal(2)], "number", ("categories", "scale")),
        (pl.Series([Decimal("1.5"), None]), "number", ("categories", "scale")),
        (pd.Series([1, None], dtype="Int64"), "number", ("categories", "scale")),
        (np.arange(MAX_NUMERIC_CATEGORIES) / 7, "number", ("categories", "scale")),
        (np.arange(MAX_NUMERIC_CATEGORIES + 1) / 7, "number", ("scale",)),
        (np.arange(MAX_NUMERIC_CATEGORIES + 1), "number", ("scale", "categories")),
        (np.arange(MAX_NUMERIC_CATEGORIES + 1.0), "number", ("scale", "categories")),
        (np.arange(MAX_INTEGER_CATEGORIES), "number", ("scale", "categories")),
        (np.arange(MAX_INTEGER_CATEGORIES + 1), "number", ("scale",)),
        (np.arange(MAX_INTEGER_CATEGORIES + 1) * 2**40, "number", ("scale",)),
        ([math.nan] * 3, "number", ("categories",)),
        ([math.inf] * 3, "number", ("categories",)),
        ([None] * 3, "category", ("categories",)),
        (pl.Series([None] * 3), "number", ("categories",)),
        ([date(2024, 1, 1), None], "date", ("categories", "scale")),
        (np.arange(41).astype("M8[D]"), "date", ("scale",)),
        (pd.Series(pd.to_timedelta([1, None], unit="s")), "date", ("categories", "scale")),
        (np.array([1, 2, "NaT"], "m8[M]"), "number", ("categories", "scale")),
        ([timedelta(seconds=1)], "date", ("categories", "scale")),
        (pl.Series([datetime(2024, 1, 1), None]), "date", ("categories", "scale")),
        ([[1], [2, 3]], "object", ()),
        ([{"a": 1}, None], "object", ()),
        ([Thing(), Thing()], "object", ()),
        (pl.Series([[1], [2, 3]]), "object", ()),
        (pl.Series([{"a": 1}]), "object", ()),
        ([np.zeros((3, 3)), None], "image", ()),
        ([b"\x89PNG\r\n\x1a\n...", None], "image", ()),
    ],
    ids=in_words,
)
def test_the_values_decide_what_a_column_is_and_as_what_it_can_color(values, is_a, kinds):
    made = column_of("c", values if hasattr(values, "dtype") else list(values), len(values), "c")
    assert (made.type, made.kinds) == (is_a, kinds)
    assert bool(made.why_not) == (not kinds)
    for kind in kinds:
        assert getattr(made, kind)()
    json_able = made.cells(all_of(made)[:3])
    assert len(json_able) == min(3, len(made))
    if "categories" not in kinds and "scale" not in kinds:
        with pytest.raises(DataError, match="column 'c'"):
            made.categories()


@pytest.mark.parametrize("values", [["a", "b"], [True], [[1]]], ids=str)
def test_what_is_no_number_makes_no_scale(values):
    with pytest.raises(DataError, match=r"column 'label' is of type .*: it has no scale"):
        column(values).scale()


@pytest.mark.parametrize("values", [["a", "b"], [[1]]], ids=str)
def test_what_is_no_number_has_no_numbers(values):
    with pytest.raises(DataError, match=r"column 'label' is of type .*: it does not hold numbers"):
        column(values).numbers()


def test_numbers_booleans_and_moments_are_numbers():
    assert column([1, None, 3]).numbers().tolist()[::2] == [1, 3]
    assert math.isnan(column([1, None, 3]).numbers()[1])
    assert column([True, False]).numbers().tolist() == [1, 0]
    assert column([date(1970, 1, 2)]).numbers().tolist() == [86_400]
    assert column([timedelta(minutes=1)]).numbers().tolist() == [60]


# --- scales -------------------------------------------------------------------------------------------


def many(count=101):
    return [value / 7 for value in range(count)]


@pytest.mark.parametrize(
    "wrap", [np.array, list, pd.Series, pl.Series, lambda values: np.array(values, np.float32)]
)
def test_a_scale_runs_between_percentiles_so_that_few_extremes_do_not_stretch_it(wrap):
    scale = column(wrap(many())).scale()
    np.testing.assert_allclose(scale.values, many(), rtol=1e-6)
    assert (scale.low, scale.high) == (pytest.approx(2 / 7), pytest.approx(98 / 7))
    assert (scale.least, scale.most) == (0, pytest.approx(100 / 7))
    stretched = column(wrap([*many(1001), 1e6])).scale()
    assert stretched.high < 1001 / 7
    assert stretched.most == 1e6


def test_a_scale_of_values_that_are_mostly_the_same_runs_over_all_of_them():
    scale = column(np.r_[np.zeros(100), 5.0]).scale()
    assert (scale.low, scale.high) == (0, 5)


@pytest.mark.parametrize("nothing", [math.nan, None, pd.NA], ids=in_words)
def test_a_missing_number_on_a_scale_is_nan(nothing):
    scale = column([*many(), nothing]).scale()
    assert np.flatnonzero(np.isnan(scale.values)).tolist() == [101]
    assert (scale.least, scale.most) == (0, pytest.approx(100 / 7))


def test_infinite_numbers_do_not_stretch_a_scale():
    scale = column([*many(), math.inf, -math.inf]).scale()
    assert scale.values[-2:].tolist() == [math.inf, -math.inf]
    assert (scale.least, scale.most) == (0, pytest.approx(100 / 7))


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        (many(), np.float64),
        (np.array(many(), np.float32), np.float32),
        (np.arange(100), np.float32),
        ([*range(100), None], np.float32),
        (np.arange(100) + 1_700_000_000, np.float64),
    ],
    ids=["float64", "float32", "integers", "missing", "Unix seconds"],
)
def test_a_scale_is_in_float32_where_that_is_exact(values, dtype):
    scale = column(values).scale()
    assert scale.values.dtype == dtype
    np.testing.assert_array_equal(scale.values, np.array(values, float))


def test_numbers_beyond_float32_make_a_scale():
    scale = column(np.linspace(1e200, 2e200, 101)).scale()
    assert (scale.least, scale.most) == (1e200, 2e200)
    assert np.unique(scale.values).size == 101
    wide = column(np.linspace(-1.7e308 / 100, 1.7e308 / 100, 101) * 100).scale()
    assert np.isfinite([wide.low, wide.high]).all()
    assert -1.7e308 < wide.low < wide.high < 1.7e308


@pytest.mark.parametrize("values", [[1e-50, 1e-300, 1.0], np.geomspace(1e-323, 1, 50)], ids=["few", "many"])
def test_small_numbers_are_not_0(values):
    scale = column(values).scale()
    assert scale.values.tolist() == list(values)
    assert scale.least == min(values)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda ids: np.array(ids, np.int64),
        lambda ids: np.array(ids, np.uint64),
        lambda ids: pd.Series([*ids, None], dtype="Int64"),
        lambda ids: pl.Series([*ids, None], dtype=pl.UInt64),
    ],
    ids=["int64", "uint64", "pandas", "polars"],
)
@pytest.mark.parametrize("first", [2**53 + 1, 2**62 + 1])
def test_integers_beyond_float64_make_a_scale_from_the_least_of_them(wrap, first):
    scale = column(wrap([first + step for step in range(101)])).scale()
    assert scale.values.tolist()[:101] == list(range(101))
    assert (scale.origin, scale.quantity, scale.most) == (str(first), "number", 100)
    far = column(np.array([1, 2**63 + 5], np.uint64)).scale()
    assert (far.origin, far.least, far.most) == (None, 1, float(2**63 + 5))


@pytest.mark.parametrize("as_given", [int, str], ids=["number", "text"])
def test_integers_beyond_float64_are_found_one_by_one(as_given):
    made = column(np.arange(2**53, 2**53 + 100))
    assert made.match([as_given(2**53 + 1)]).tolist() == [1]
    assert made.order(np.arange(3)[::-1]).tolist() == [0, 1, 2]


@pytest.mark.parametrize("wrap", [list, pl.Series, lambda values: pd.Series(values, dtype=object)])
def test_decimals_that_float64_does_not_have_are_told_apart(wrap):
    made = column(wrap([Decimal(2**53 + 1), Decimal(2**53), None]))
    assert made.cells(np.arange(3)) == [str(2**53 + 1), 2**53, None]
    assert made.order(np.arange(3)).tolist() == [1, 0, 2]


def test_a_scale_of_moments_counts_seconds_from_the_first_and_is_exact_though_float32():
    moments = np.datetime64("2024-05-06T12:00:00") + np.array([3, 0, 1, 100_000]).astype("m8[s]")
    scale = column(moments).scale()
    assert scale.quantity == "moment"
    assert scale.origin == "2024-05-06T12:00:00"
    assert scale.values.tolist() == [3, 0, 1, 100_000]
    durations = column(np.array([1, 60], "m8[s]")).scale()
    assert (durations.quantity, durations.origin) == ("duration", None)
    assert durations.values.tolist() == [1, 60]


def test_moments_within_microseconds_and_short_durations_are_told_apart():
    moments = np.datetime64("2024-05-06T12:00:00", "ns") + np.arange(100).astype("m8[ns]")
    np.testing.assert_allclose(column(moments).scale().values, np.arange(100) * 1e-9)
    durations = column(np.arange(100).astype("m8[ns]"))
    assert len(set(durations.cells(np.arange(100)))) == 100
    assert durations.match(["12 ns"]).tolist() == [12]


# --- cells --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "cells"),
    [
        ([1, None, 3], [1, None, 3]),
        ([2**53, 2**53 + 1, None], [2**53, str(2**53 + 1), None]),
        (np.array([0.1, math.nan, math.inf], np.float32), [0.1, None, "inf"]),
        ([0.1, None, -math.inf], [0.1, None, "-inf"]),
        ([True, None, False], [True, None, False]),
        (["a", None, ""], ["a", None, ""]),
        ([date(2024, 5, 1), None], ["2024-05-01", None]),
        ([datetime(2024, 5, 1, 12, 30), None], ["2024-05-01T12:30", None]),
        ([datetime(2024, 5, 1, tzinfo=timezone.utc), None], ["2024-05-01T00:00:00+00:00", None]),
        ([timedelta(days=1, seconds=5), None], ["1 d 5 s", None]),
        (
            pd.Series(pd.to_datetime(["2024-05-01 12:00", None])).dt.tz_localize("Europe/Berlin"),
            ["2024-05-01T12:00:00+02:00", None],
        ),
        (
            pl.Series([datetime(2024, 5, 1, 12), None]).dt.replace_time_zone("Europe/Berlin"),
            ["2024-05-01T12:00:00+02:00", None],
        ),
        ([[1, 2], None, {"a": 1}], ["[1, 2]", None, "{'a': 1}"]),
        ([1, "a", None], ["1", "a", None]),
        ([b"bytes", None], ["bytes", None]),
    ],
    ids=in_words,
)
def test_cells_are_what_json_has(values, cells):
    made = column(values)
    assert made.cells(all_of(made)) == cells
    assert made.cells(all_of(made)[::-1]) == cells[::-1]


def test_long_objects_are_described_in_short():
    (cell,) = column([list(range(10_000))]).cells(np.array([0]))
    assert len(cell) <= 200
    assert cell.startswith("[0, 1, 2")


def test_an_object_that_cannot_say_what_it_is_is_still_a_cell():
    class Mute:
        __hash__ = None

        def __repr__(self):
            raise RuntimeError("no words")

    assert column([Mute()]).cells(np.array([0])) == ["<Mute: no words>"]


# --- sorting ------------------------------------------------------------------------------------------

SOME = {
    "numbers": [3, 1, None, 2, 1, None],
    "floats": [3.5, 1.0, math.nan, 2.0, 1.0, math.nan],
    "texts": ["c10", "b", None, "c9", "b", None],
    "dates": [date(2024, 3, 1), date(2023, 1, 1), None, date(2024, 1, 1), date(2023, 1, 1), None],
}


@pytest.mark.parametrize("name", SOME)
def test_rows_are_sorted_by_value_with_the_missing_ones_last_either_way(name):
    made = column(SOME[name])
    assert made.order(np.arange(6)).tolist() == [1, 4, 3, 0, 2, 5]
    assert made.order(np.arange(6), descending=True).tolist() == [0, 3, 1, 4, 2, 5]
    assert made.order(np.array([0, 2, 4])).tolist() == [4, 0, 2]
    assert made.order(np.array([], np.int64)).tolist() == []


@given(st.lists(st.sampled_from([0, 1, 2, None]), min_size=1, max_size=30), st.booleans())
def test_rows_with_equal_values_stay_in_order(values, descending):
    order = column([*values, 0]).order(np.arange(len(values)), descending).tolist()

    def key(row):
        value = values[row]
        return (value is None, 0 if value is None else -value if descending else value)

    assert order == sorted(range(len(values)), key=key)


def test_many_different_texts_are_sorted_too():
    made = column([f"row {2_000 - i}" for i in range(2_000)])
    assert made.type == "text"
    assert made.order(np.arange(2_000)).tolist() == list(range(2_000))[::-1]


# --- finding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "wanted", "rows"),
    [
        ([3, 1, None, 3], [3], [0, 3]),
        ([3, 1, None, 3], [3, None], [0, 2, 3]),
        ([3, 1, None, 3], [3.0, math.nan], [0, 2, 3]),
        ([3, 1, None, 3], ["3"], [0, 3]),
        (np.array([0.1, 0.2], np.float32), [0.1], [0]),
        (np.array([1, 2], np.uint8), [np.int64(2)], [1]),
        ([Decimal("1.5"), Decimal(2)], [Decimal("1.5")], [0]),
        (["a", "b", None], ["b", pd.NA], [1, 2]),
        ([f"row {i}" for i in range(2_000)], ["row 7"], [7]),
        ([True, False, None], [True], [0]),
        ([True, False, None], ["False"], [1]),
        ([date(2024, 1, 1), date(2024, 1, 2)], [date(2024, 1, 2)], [1]),
        ([date(2024, 1, 1), date(2024, 1, 2)], ["2024-01-02"], [1]),
        (
            [date(2024, 1, 1), date(2024, 1, 2)],
            [pd.Timestamp("2024-01-02"), np.datetime64("2024-01-01")],
            [0, 1],
        ),
        (
            pd.Series(pd.to_datetime(["2024-05-01 12:00"])).dt.tz_localize("Europe/Berlin"),
            [datetime(2024, 5, 1, 10, tzinfo=timezone.utc)],
            [0],
        ),
        (
            pd.Series(pd.to_datetime(["2024-05-01 12:00"])).dt.tz_localize("Asia/Tokyo"),
            ["2024-05-01 12:00"],
            [0],
        ),
        (pd.Categorical([3, 1, 3]), [3], [0, 2]),
        (pd.Categorical([3, 1, 3]), ["3"], [0, 2]),
        ([1, "a", (1, 2)], [(1, 2)], [2]),
    ],
    ids=in_words,
)
def test_rows_are_found_by_their_value_as_it_is_or_as_it_is_shown(values, wanted, rows):
    assert column(values).match(wanted).tolist() == rows


@pytest.mark.parametrize(
    ("values", "wanted", "said"),
    [
        (
            ["setosa", "virginica"],
            ["setosa", "virgnica", "?"],
            "no row has 'virgnica' .*did you mean 'virginica'",
        ),
        (["Setosa", "b"], ["setosa"], "did you mean 'Setosa'"),
        ([1, 2], [1, 7], "no row has 7 in column 'label'; there are '1', '2'"),
        ([1, 2], [[1]], r"no row has \[1\]"),
        (["a", None], ["missing"], "no row has 'missing' .*; use None for the rows without a value"),
        ([1, 0, 1], [True, False, True], "no row has True in column 'label'; to select by a mask use mask="),
        ([1, 0, 1], np.array([False, True, True]), "no row has .*False.*; to select by a mask use mask="),
        (["a", "b"], [["a"]], r"no row has \['a'\]"),
        (["a", "b"], [None], "no row is missing a value in column 'label'"),
        ([date(2024, 1, 1)], ["soon"], "no row has 'soon'"),
        ([date(2024, 1, 1)], [3], "no row has 3"),
        (
            pd.Categorical(["b"], categories=["a", "b"]),
            ["a"],
            "no row has 'a' in column 'label'; there are 'b'",
        ),
        ([f"row {i}" for i in range(2_000)], ["Row 7"], "did you mean 'row 7'"),
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_the_first_value_that_no_row_has_is_named_with_what_is_near(values, wanted, said):
    with pytest.raises(SelectionError, match=said):
        column(values).match(wanted)


@pytest.mark.parametrize(
    ("values", "text", "rows"),
    [
        (["Iris Setosa", "virginica", None], "SET", [0]),
        (["Straße", "Weg"], "STRASSE", [0]),
        ([f"row {i}" for i in range(2_000)], "ROW 1999", [1999]),
        ([12, 112, None], "12", [0, 1]),
        ([1.5, 2.0], "2", [1]),
        ([date(2024, 5, 1), None], "2024-05", [0]),
        ([["needle"], ["hay"], None], "Needle", [0]),
        (["a.c", "abc"], "a.c", [0]),
        (["a"], "b", []),
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_rows_are_found_by_a_text_in_any_case(values, text, rows):
    assert column(values).containing(text).tolist() == rows


# --- several columns ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [[1, 2, None], ["a", None, "b"], [True, None, False], [[1], None, [2]], [date(2024, 1, 1)] * 3],
    ids=str,
)
def test_columns_are_the_same_where_their_values_are(values):
    others = [[1, 2, 3], ["a", None, "c"], [True, True, False], [[1], None, [3]], [date(2025, 1, 1)] * 3]
    assert column(values).same_as(column(list(values)))
    assert not any(column(values).same_as(column(other)) for other in others)


def test_many_different_texts_are_the_same_where_all_are():
    texts = [f"row {i}" for i in range(2_000)]
    assert column(texts).same_as(column(list(texts)))
    assert not column(texts).same_as(column([*texts[1:], "another"]))


def test_columns_are_made_when_they_are_first_asked_for_and_once():
    made = []

    def make(name):
        made.append(name)
        return column([1, 2])

    columns = Columns({"a": lambda: make("a"), "b": lambda: make("b")}, ["b"])
    assert (list(columns), len(columns), "a" in columns, made) == (["a", "b"], 2, True, [])
    assert columns["b"] is columns["b"]
    assert made == ["b"]
    assert (columns["a"].feature, columns["b"].feature) == (False, True)


def test_a_column_that_is_not_there_is_an_error_that_names_those_near():
    columns = Columns({"species": lambda: column([1]), "size": lambda: column([1])})
    with pytest.raises(
        UnknownColumnError, match=r"there is no column 'specie'; did you mean 'species'"
    ) as caught:
        columns["specie"]
    assert str(caught.value).startswith("there is no column")
    with pytest.raises(KeyError):
        columns["?"]
    assert columns.get("?") is None


def test_names_that_are_taken_get_a_number():
    assert distinct_names(["a", "b", "a", "a"], ["b"]) == ("a", "b (2)", "a (2)", "a (3)")


@pytest.mark.parametrize("zeros", [10, 60, 199])
def test_a_scale_that_begins_at_the_least_value_says_so(zeros):
    gene = np.concatenate([np.zeros(zeros), np.linspace(9, 0.5, 200 - zeros)])
    for values in (gene, gene.astype(np.float32)):
        for X in (values[:, None], scipy.sparse.csr_array(values[:, None])):
            scale = read_source(X).column("x0").scale()
            assert scale.least == scale.low == 0
            assert scale.low < scale.high <= scale.most == 9
