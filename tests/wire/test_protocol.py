"""The samples in `tests/protocol/` are what Python says and understands; anything else is refused."""

from __future__ import annotations

import base64
import json
import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import spec_of
from tsne_widget import TSNEWidgetError
from tsne_widget.data import Scale, read_source
from tsne_widget.data.categorical import text_column
from tsne_widget.data.filters import Among, Condition, Filter, Range
from tsne_widget.data.groups import Group
from tsne_widget.data.numeric import NumberColumn
from tsne_widget.data.placed_rows import BINS, Tile
from tsne_widget.data.suggestions import READING, Suggestion
from tsne_widget.honesty.findings import Finding, Found, FoundGap
from tsne_widget.honesty.luck import Held, Luck
from tsne_widget.maps.grid import Entry, Grid, Spec
from tsne_widget.maps.keyframes import Keyframe, Quantized
from tsne_widget.maps.method import Figure, Method
from tsne_widget.maps.methods import METHODS
from tsne_widget.maps.origin import ChosenRows
from tsne_widget.maps.placing import Placed
from tsne_widget.maps.selection_method import SelectionMethod
from tsne_widget.maps.session import Pause, Play, Recover, Restart, Step
from tsne_widget.maps.status import Layout, Status
from tsne_widget.maps.tsne_method import TSNEMethod
from tsne_widget.measures.measure import Caution, Measured, Span
from tsne_widget.measures.neighborhoods import Nearest
from tsne_widget.measures.registry import measures
from tsne_widget.parameters.axes import AXES
from tsne_widget.parameters.axis import Facts
from tsne_widget.parameters.given import Names
from tsne_widget.parameters.perplexity import why_out_of_range
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.widget.traits import _to_wire
from tsne_widget.wire.news import (
    alive_message,
    answer_message,
    bundle_message,
    code_buffer,
    density_result,
    distribution_result,
    keyframe_result,
    lineup_result,
    measure_result,
    neighbors_result,
    news_message,
    position_buffer,
    progress_message,
    read_result,
    reply_message,
    suggestions_result,
    together_result,
)
from tsne_widget.wire.parsing import parse_message
from tsne_widget.wire.protocol import (
    AcceptSuggestions,
    Ack,
    Alive,
    AskForBundle,
    BetweenGroups,
    Bye,
    Change,
    ClearFilter,
    Color,
    Compare,
    Contrasted,
    DeleteGroup,
    Density,
    Distributed,
    DropCondition,
    DropRead,
    DropSuggestions,
    FilterColumn,
    Find,
    FindClumps,
    Hello,
    JoinConditions,
    Keep,
    Keyframes,
    KeyframesAt,
    LineUp,
    MapSelection,
    MeasureRows,
    MergeSuggestions,
    NeighborsOf,
    ProtocolError,
    Pull,
    Question,
    Read,
    RecolorGroup,
    Redo,
    Remove,
    RenameGroup,
    RenameSuggestion,
    Repeat,
    Request,
    Rows,
    SavedPage,
    SaveGroup,
    SetTrait,
    ShownNames,
    Subject,
    Suggested,
    Together,
    TurnCondition,
    Undo,
)
from tsne_widget.wire.traits import (
    axes_trait,
    color_trait,
    columns_trait,
    density_trait,
    filter_trait,
    groups_trait,
    incomparable_trait,
    labels_trait,
    limits_trait,
    measures_trait,
    methods_trait,
    new_rows_trait,
    points_trait,
    runs_trait,
    snapshot_trait,
)

SAMPLES = Path(__file__).parents[1] / "protocol"
ROWS = 5

#: The layout of `layout.bin`; each coordinate is exact in float32.
POINTS = np.array([[0, 0], [1.5, -2.25], [-1, 1024], [0.0078125, -0.5], [3, 0.25]], np.float32)
#: The layout of `second_layout.bin`.
SECOND_POINTS = np.array([[1, 0], [2, -0.5], [0.25, -8], [0, 0], [-3, 16]], np.float32)

STARTING = Status(
    run=0,
    epoch=0,
    kind="preparing",
    stage="finding neighbours",
    waiting="finding neighbours",
    progress=0.25,
    iteration=0,
    limit=1000,
    figures={},
    words={},
    playing=True,
    ended=False,
    settled=False,
    reason="",
    values={"perplexity": "30", "random_state": "0"},
    neighbors_kept=None,
)
SETTLED = Status(
    run=0,
    epoch=3,
    kind="at rest",
    stage="settled",
    waiting="",
    progress=None,
    iteration=740,
    limit=1000,
    figures={"KL": 0.75, "learning rate": 449.25},
    words={"KL": "0.750"},
    playing=False,
    ended=True,
    settled=True,
    reason="settled after 740 iterations",
    advice="going on may help",
    may_go_on=True,
    values={"perplexity": "12.5", "random_state": "4294967295"},
    neighbors_kept=0.625,
    kept_in_words="62 % of 10 <b> are kept",
    doubt="1 of 5 rows has no neighbours",
)
MOVING = Status(
    run=2,
    epoch=0,
    kind="moving",
    stage="optimising",
    waiting="",
    progress=None,
    iteration=1,
    limit=1000,
    figures={"learning rate": 449.25},
    words={},
    playing=True,
    ended=False,
    settled=False,
    reason="",
    values={"perplexity": "2.5", "random_state": "1"},
    neighbors_kept=None,
)
OUT_OF_RANGE = replace(
    STARTING,
    run=3,
    kind="out of range",
    stage="out of range",
    waiting="",
    progress=None,
    playing=False,
    reason=why_out_of_range(30.0, ROWS),
)
LUCK = Luck(
    {4: "t-SNE of 80 % of the rows, seed 1", 5: "t-SNE of 80 % of the rows, seed 2"},
    "2 maps of 80 % of the rows",
    [
        Held("selected rows", "selected", 3, False, math.nan, [math.nan, math.nan]),
        Held("a <b>", "label", 40, False, 0.875, [0.5, 1.0]),
        Held("c", "label", 20, False, 0.5, [0.0, 0.0]),
    ],
)
SCALE = Scale(np.array([0, 0.25, np.nan, 1, -2], np.float32), low=-2.0, high=1.0, least=-3.5, most=8.0)
SMALL = Scale(np.array([1e-50, 1e-300, np.nan, 1, 1e-3]), low=1e-250, high=0.5, least=1e-300, most=1.0)
KINDS = read_source(np.eye(ROWS), ["b", "a", None, "b", "ä"]).column("label").categories()
COLUMNS = [
    SimpleNamespace(name="age", type="number", feature=True),
    SimpleNamespace(name="name", type="text", feature=False),
]
LAYOUT = Layout(POINTS, epoch=3, iteration=740)
SUGGESTED = [
    Suggestion("old <b>", np.array([0, 3]), "67 % are a, 2.0 times as often as elsewhere"),
    Suggestion("clump 2", np.array([4])),
]
READ_FROM = {
    "on": "map",
    "run": 2,
    "epoch": 3,
    "iteration": 740,
    "words": "clumps of the map at iteration 740",
    "reading": READING["map"],
    "rest": "2 rows are in no clump.",
}
PICKS = {"answer": 2, "seed": 7, "picks": ["it is noise", "you found it"], "noise": "more than noise"}
NEWS = [
    (OUT_OF_RANGE, None),
    (SETTLED, LAYOUT),
    (replace(STARTING, run=1), None),
    (MOVING, Layout(SECOND_POINTS, epoch=0, iteration=1)),
]


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text(encoding="utf-8"))


def as_sample(value: Any) -> Any:
    """Return a value as the sample files write it: bytes in base64, everything else as JSON has it."""

    def plain(raw):
        return {"base64": base64.b64encode(raw).decode()}

    return json.loads(json.dumps(value, default=plain, allow_nan=False))


# --- Python to browser --------------------------------------------------------------------------------


CODES = np.array([[64, 144], [160, 0], [0, 65535], [65, 112], [256, 160]], np.uint16)
KEYFRAME = Keyframe(3, 740, Spec({"perplexity": 12.5}), {"KL": 0.75}, Quantized((-1.0, -2.25), 1 / 64, CODES))

VALUES = np.arange(ROWS) / 4
SPAN = Span(0.0, 1.0, 0.0, 1.0)
KEPT = Measured(
    measures()["kept"],
    "kept",
    (0, 2),
    None,
    (VALUES, VALUES),
    SPAN,
    "the share of a row's <b> that the map keeps",
    None,
)
DISTORTIONS = Measured(
    measures()["distortions"],
    "distortions",
    (0, 2),
    None,
    (np.column_stack([VALUES, 1 - VALUES]), np.column_stack([VALUES[::-1], VALUES])),
    SPAN,
    "missing and false neighbours",
    None,
)
STABILITY = Measured(
    measures()["stability"],
    "stability",
    (0, 2),
    None,
    (VALUES,),
    SPAN,
    "the share that is the same",
    Caution("they agree by construction", UserWarning, "init", "random", "start at random"),
)


NEAREST = [
    Nearest(
        "of its 2 nearest by <b> distance",
        [0, 2],
        np.array([4, 1]),
        np.array([0.5, 1.5]),
        {2: np.array([True, False])},
    ),
    Nearest(
        "of its 2 nearest by cosine distance",
        [3],
        np.array([1, 2]),
        np.array([0.25, 0.5]),
        {3: np.array([False, False])},
    ),
]


READ = (2, 3, 740)
FITS = Finding("fits", "old <b>", "6 of 10 are beside it", "caution", {"kept": 0.625, "lost": np.nan})
OF_MAP = Found(
    *READ,
    (FITS,),
    advice=Finding("advice", "", "take no clump seriously", "bad"),
    seconds={"gaps": 8.5, "noise": np.inf},
)
THIN = FoundGap(
    "thin",
    "a thin place",
    {"W": 0.75, "g": np.inf},
    [np.array([[0.5, -1], [2, 4.25]], np.float32)],
    np.array([0, 1]),
    np.array([2, 3, 4]),
)
UNTOLD = FoundGap(None, "too few rows", {}, [], np.array([0]), np.array([1]))
OF_GAPS = Found(*READ, (), gaps=(THIN, UNTOLD))
OF_TWO = Found(
    *READ,
    (Finding("apart", "", "apart", "good", {"W": 0.25}),),
    links=np.array([[4, 0], [1, 2], [3, 0]]),
)


AGES = np.array([-2, 0, 2, np.nan, np.inf])
FILTER = Filter(
    ROWS,
    (
        Condition("age", Range(0.5, None), "at least 0.5", np.array([0b11010], np.uint8), negated=True),
        Condition("kind", Among(("a <b>", None)), "a <b> or missing", np.array([0b00111], np.uint8)),
        Condition(None, None, "1 row given", np.array([0b00001], np.uint8)),
    ),
    any=True,
)


def with_buffers(message):
    content, buffers = message
    return content, [bytes(buffer) for buffer in buffers]


PLACED = Placed(
    run=0,
    epoch=3,
    iteration=740,
    number=4,
    points=np.array([[0.5, -1], [2, 4.25]], np.float32),
    nearest=Neighbors(
        np.array([[4, 0, 1], [2, 3, 0]], np.uint32), np.array([[0.5, 1, 1.5], [3, 4, 8]], np.float32)
    ),
    reach=2.5,
)

#: Of two tiles, those bins that hold rows: the first, the last, and the second of the second row.
TILES = {tile: np.zeros((BINS, BINS), np.uint32) for tile in (Tile(0, 0, 0), Tile(3, 7, 2))}
TILES[Tile(0, 0, 0)][[0, -1], [0, -1]] = 1, 70_000
TILES[Tile(3, 7, 2)][1, 1] = 4
UNLIKE = "3 rows are unlike the sample", "farther than 4.2 from the nearest row of the sample"

FROM_PYTHON = {
    "news_with_new_rows": with_buffers(news_message(6, [(None, PLACED), (None, None)])),
    "news": with_buffers(news_message(7, [(SETTLED, LAYOUT)])),
    "news_with_two_layouts": with_buffers(news_message(8, NEWS)),
    "answer": (answer_message("a client", 41), []),
    "refusal": (answer_message("a client", 42, "perplexity=99 is not allowed"), []),
    "reply": with_buffers(
        reply_message(
            "a client",
            23,
            None,
            {"count": 3, "searched": ["index", "name"]},
            [position_buffer(np.array([0, 3, 4]))],
        )
    ),
    "reply_refusal": reply_message("a client", 24, "there is no column 'nme'"),
    "reply_keyframes_at": with_buffers(
        reply_message(
            "a client", 25, None, {"runs": [keyframe_result(2, KEYFRAME)]}, [code_buffer(KEYFRAME.layout)]
        )
    ),
    "reply_measure": with_buffers(reply_message("a client", 26, None, *measure_result(KEPT))),
    "reply_measure_of_two_parts": with_buffers(
        reply_message("a client", 29, None, *measure_result(DISTORTIONS))
    ),
    "reply_measure_with_caution": with_buffers(
        reply_message("a client", 27, None, *measure_result(STABILITY))
    ),
    "reply_neighbors": reply_message("a client", 28, None, neighbors_result(0, NEAREST)),
    "reply_together": reply_message("a client", 29, None, together_result(LUCK, 2)),
    "reply_read": with_buffers(reply_message("a client", 30, None, *read_result("map", OF_MAP))),
    "reply_read_gaps": with_buffers(reply_message("a client", 31, None, *read_result("gaps", OF_GAPS))),
    "reply_read_verdict": with_buffers(reply_message("a client", 32, None, *read_result("verdict", OF_TWO))),
    "reply_lineup": with_buffers(
        reply_message("a client", 33, None, *lineup_result(2, LAYOUT, [POINTS, SECOND_POINTS], PICKS))
    ),
    "reply_density": with_buffers(
        reply_message("a client", 61, None, *density_result(TILES, 12.5, *UNLIKE)),
    ),
    "reply_distribution": with_buffers(
        reply_message("a client", 60, None, *distribution_result(NumberColumn("age", AGES)))
    ),
    "reply_distribution_of_values": with_buffers(
        reply_message(
            "a client",
            61,
            None,
            *distribution_result(text_column("kind", ["c", None, "a <b>", "a <b>", "a <b>"])),
        )
    ),
    "reply_suggestions": with_buffers(
        reply_message("a client", 34, None, *suggestions_result(READ_FROM, SUGGESTED))
    ),
    "progress": (progress_message("a client", 33, 0.25), []),
    "alive": (alive_message("a client", told=5, known=4), []),
    "alive_pushed": (alive_message("a client", sent=8), []),
    "bundle": (bundle_message("0123abcd", "export const n = 1;"), []),
}


def test_the_sample_layout_is_little_endian_float32_x_and_y_in_turn():
    raw = (SAMPLES / "layout.bin").read_bytes()
    assert np.frombuffer(raw, "<f4").reshape(-1, 2).tolist() == POINTS.tolist()


def test_every_message_of_python_has_a_sample():
    assert sample("from_python.json").keys() == FROM_PYTHON.keys()


@pytest.mark.parametrize("name", FROM_PYTHON)
def test_python_says_exactly_what_the_sample_says(name):
    content, buffers = FROM_PYTHON[name]
    expected = sample("from_python.json")[name]
    assert as_sample(content) == expected["content"]
    assert buffers == [(SAMPLES / file).read_bytes() for file in expected["buffers"]]


def test_a_layout_of_any_memory_layout_has_the_same_bytes():
    for points in (np.asfortranarray(POINTS), POINTS.astype(">f4"), np.repeat(POINTS, 2, axis=0)[::2]):
        _, (buffer,) = news_message(8, [(SETTLED, Layout(points, 3, 740))])
        assert bytes(buffer) == (SAMPLES / "layout.bin").read_bytes()


# --- traits -------------------------------------------------------------------------------------------

OF_USERS = Names()
GIVEN = [OF_USERS.known(POINTS), OF_USERS.known(SECOND_POINTS)]


class Toy(Method):
    """Stands beside t-SNE."""

    name, label, live, takes_rows = "toy", "Toy", False, True
    reach = replace(AXES["exaggeration"], name="reach", label="reach", plural="reaches")
    axes = (AXES["random_state"], reach)
    defaults = {"reach": 1.5}  # noqa: RUF012 # as in any method
    told = (Figure("kept", "what it keeps", share=True), Figure("hidden", "not shown", shown=False))


FOUR_ROWS = ChosenRows(None, "4 rows", np.array([0, 1, 3, 4]), ROWS, 3)
ARRANGEMENT = Grid(
    (
        Entry(0, spec_of(perplexity=2.5)),
        Entry(2, spec_of(perplexity=2.5, init=GIVEN[0], random_state=4294967295)),
        Entry(5, spec_of(init=GIVEN[1], random_state=1)),
        Entry(7, Toy.spec_beside("Toy", spec_of(random_state=3))),
        Entry(8, replace(SelectionMethod.spec_beside("4 rows", spec_of(perplexity=1.25)), origin=FOUR_ROWS)),
    ),
    9,
)
TOLD = Facts(ROWS, distances=True, affinity="uniform", names={"metric": Names(), "init": OF_USERS})

UNEVEN = "income has 99 % of the variance of the 2 features: the map shows little else"

TRAITS = {
    "points": points_trait(ROWS, 64, "ignored: name (not numbers)", UNEVEN, "uniform weights", "rows"),
    "no_labels": labels_trait(None, None),
    "categories": labels_trait("kind", KINDS, ["#12ab9f", 3]),
    "scale": labels_trait("age", SCALE, ["#000004", "#b73779", "#fcfdbf"]),
    "times": labels_trait(
        "day", replace(SCALE, least=-2.0, most=1.0, quantity="moment", origin="2024-05-06T00:00:00")
    ),
    "small": labels_trait("p", SMALL),
    "new_rows": new_rows_trait(4, 2, "tomorrow <b>", ["r1", "r2"], ["ä", None]),
    "plain_new_rows": new_rows_trait(5, 1, "new rows", None, None),
    "density": density_trait(
        SimpleNamespace(rows=2_000_000, corner=(-1.0, 0.5), side=64.0),
        2,
        740,
        ("a sample of 5 of 2,000,000 rows", "the shade is the density of all"),
        "the density of 2,000,000 rows belongs to the map as it was fitted",
    ),
    "durations": labels_trait("stay", replace(SCALE, quantity="duration")),
    "large": labels_trait("id", replace(SCALE, origin=str(2**53 + 1))),
    "color": color_trait("labels", "p", ("scale",), SMALL.transforms),
    "measures": measures_trait([measures()[name] for name in ("kept", "distortions", "reach", "density")]),
    "columns": columns_trait(COLUMNS),
    "no_filter": filter_trait(None),
    "filter": filter_trait(FILTER),
    "groups": groups_trait([Group("old <b>", "#0072b2", np.array([0, 3, 4]))]),
    "limits": limits_trait(),
    "axes": axes_trait(TOLD, ARRANGEMENT),
    "methods": methods_trait([TSNEMethod, Toy], replace(TOLD, distances=False)),
    "selection": bytes(_to_wire(np.array([0, 3, 4]), None)),
    "no_selection": bytes(_to_wire(np.array([], np.int64), None)),
}


def test_a_method_that_takes_rows_is_not_offered_for_distances():
    told = methods_trait([TSNEMethod, Toy], TOLD)
    assert [method["name"] for method in told] == ["tsne"]


def test_every_trait_has_a_sample():
    assert sample("traits.json").keys() == {*TRAITS, "runs", "incomparable"}


@pytest.mark.parametrize("name", TRAITS)
def test_traits_are_exactly_as_the_sample_has_them(name):
    assert as_sample(TRAITS[name]) == sample("traits.json")[name]


def test_runs_are_exactly_as_the_sample_has_them(monkeypatch):
    monkeypatch.setitem(METHODS, "toy", Toy)
    told = sample("traits.json")
    assert as_sample(runs_trait(TOLD, ARRANGEMENT)) == told["runs"]
    assert as_sample(incomparable_trait(ARRANGEMENT)) == told["incomparable"]


def test_a_snapshot_is_exactly_as_the_sample_has_it():
    assert as_sample(snapshot_trait(SETTLED, LAYOUT, PLACED)) == sample("snapshot.json")


FLOATS = st.floats(-(2.0**40), 2.0**40, width=32)


@given(st.lists(st.tuples(FLOATS, FLOATS), min_size=1, max_size=20))
def test_a_snapshot_is_the_layout_to_a_step_of_its_widest_extent(points):
    points = np.array(points, np.float32)
    taken = snapshot_trait(SETTLED, Layout(points, 0, 0))
    steps = np.frombuffer(taken["points"], "<u2").reshape(-1, 2)
    shown = np.array(taken["offset"]) + taken["scale"] * steps
    widest = float(np.ptp(points.astype(float), axis=0).max())
    assert np.abs(shown - points).max() <= widest / 65_535


# --- browser to Python --------------------------------------------------------------------------------

MEANT = {
    "bundle": AskForBundle(),
    "hello": Hello("a client", True),
    "alive": Alive("a client", False, 7, 5),
    "ack": Ack("a client", True, 8),
    "pull": Pull("a client", True, 8),
    "bye": Bye("a client"),
    "play": Request("a client", 1, Play()),
    "play_one": Request("a client", 2, Play(3)),
    "pause": Request("a client", 3, Pause(0)),
    "step": Request("a client", 4, Step(1)),
    "restart": Request("a client", 5, Restart(2)),
    "recover": Request("a client", 38, Recover(1)),
    "change_number": Request("a client", 6, Change(None, "perplexity", 2.5)),
    "change_seed": Request("a client", 7, Change(1, "random_state", 4294967295)),
    "change_choice": Request("a client", 8, Change(None, "init", "random")),
    "change_to_given": Request("a client", 9, Change(1, "init", "given 2")),
    "compare": Request(
        "a client",
        10,
        Compare({"perplexity": (2.5, 30), "random_state": (0, 1), "init": ("pca", "given")}, ("PCA",)),
    ),
    "keep": Request("a client", 11, Keep(2)),
    "remove": Request("a client", 12, Remove(1)),
    "undo": Request("a client", 13, Undo()),
    "redo": Request("a client", 14, Redo()),
    "color": Request("a client", 15, Color("labels", "age", "scale")),
    "color_by_groups": Request("a client", 16, Color("groups", None, None)),
    "color_by_a_measure": Request("a client", 17, Color("kept", None, None)),
    "save_group": Request("a client", 18, SaveGroup("old <b>", "#0072b2")),
    "save_group_unnamed": Request("a client", 19, SaveGroup(None, None)),
    "rename_group": Request("a client", 20, RenameGroup("group 1", "young")),
    "recolor_group": Request("a client", 21, RecolorGroup("young", "#ffffff")),
    "delete_group": Request("a client", 22, DeleteGroup("young")),
    "query_rows": Question("a client", 23, Rows(None, ("age", True), 50, 50, ("age", "name"))),
    "query_some_rows": Question("a client", 24, Rows((3, 0), None, 0, 1, ())),
    "query_contrast": Question("a client", 25, Contrasted(None, 20, 0)),
    "query_contrast_with_a_group": Question("a client", 26, Contrasted("group 1", 40, 0)),
    "query_measure": Question("a client", 27, MeasureRows("density", (), None, 0)),
    "query_measure_from_a_row": Question("a client", 28, MeasureRows("distance", (), 4, 1)),
    "query_measure_of_maps": Question("a client", 29, MeasureRows("stability", (0, 2), None, 0)),
    "query_measure_of_each_map": Question("a client", 30, MeasureRows("kept", (2,), None, 0)),
    "query_neighbors": Question("a client", 31, NeighborsOf(0, 4)),
    "query_find": Question("a client", 32, Find("Ä b", None)),
    "query_find_in_a_column": Question("a client", 33, Find("4", "age")),
    "query_group_distances": Question("a client", 34, BetweenGroups("labels", 2)),
    "query_keyframes": Question("a client", 35, Keyframes()),
    "query_keyframes_at": Question("a client", 36, KeyframesAt(740)),
    "query_html": Question("a client", 37, SavedPage(("age",), place=True, images=False)),
    "set_selection": Request("a client", 39, SetTrait("selection", [0, 2])),
    "set_opacity": Request("a client", 40, SetTrait("opacity", "auto")),
    "repeat": Request("a client", 41, Repeat(4, "rows")),
    "map_selection": Request("a client", 57, MapSelection(True, 12.5)),
    "map_selection_as_the_first_map": Request("a client", 58, MapSelection(False, None)),
    "query_together": Question("a client", 42, Together(1)),
    "query_read": Question("a client", 43, Read("map", 2, None, None, 0)),
    "query_read_group": Question("a client", 44, Read("group", 2, Subject("group", "old <b>"), None, 1)),
    "query_read_verdict": Question(
        "a client", 45, Read("verdict", 2, Subject("selection", None), Subject("label", "a"), 0)
    ),
    "query_drop_read": Question("a client", 46, DropRead("gaps", 2, 0)),
    "query_names": Question("a client", 59, ShownNames()),
    "set_names": Request("a client", 60, SetTrait("name_by", "kind")),
    "query_density": Question("a client", 69, Density((Tile(0, 0, 0), Tile(3, 7, 2)), 1)),
    "query_lineup": Question("a client", 47, LineUp(2, 6, 1)),
    "query_drop_lineup": Question("a client", 48, DropRead("lineup", 2, 1)),
    "accept_suggestions": Request("a client", 49, AcceptSuggestions(None)),
    "accept_some_suggestions": Request("a client", 50, AcceptSuggestions(("old <b>",))),
    "rename_suggestion": Request("a client", 51, RenameSuggestion("clump 1", "queens")),
    "merge_suggestions": Request("a client", 52, MergeSuggestions(("clump 2", "clump 3"))),
    "drop_suggestions": Request("a client", 53, DropSuggestions(("clump 4",))),
    "query_find_clumps": Question("a client", 54, FindClumps("data", 2, 1)),
    "filter_range": Request("a client", 61, FilterColumn("age", Range(20, None))),
    "filter_values": Request("a client", 62, FilterColumn("kind", Among(("old <b>", None)))),
    "filter_nothing": Request("a client", 63, FilterColumn(None, None)),
    "drop_condition": Request("a client", 64, DropCondition(1)),
    "turn_condition": Request("a client", 65, TurnCondition(0)),
    "join_conditions": Request("a client", 66, JoinConditions(any=True)),
    "clear_filter": Request("a client", 67, ClearFilter()),
    "query_distribution": Question("a client", 68, Distributed("age")),
    "query_drop_clumps": Question("a client", 55, DropRead("clumps", 2, 1)),
    "query_suggestions": Question("a client", 56, Suggested()),
}


def test_every_message_of_the_browser_has_a_sample():
    assert sample("from_browser.json").keys() == MEANT.keys()


@pytest.mark.parametrize("name", MEANT)
def test_python_understands_the_sample(name):
    assert parse_message(sample("from_browser.json")[name], ROWS) == MEANT[name]


@pytest.mark.parametrize("name", MEANT)
def test_a_message_without_one_of_its_fields_is_refused(name):
    content = sample("from_browser.json")[name]
    for field in content:
        with pytest.raises(TSNEWidgetError):
            parse_message({key: value for key, value in content.items() if key != field}, ROWS)
    for field in content.get("query", ()):
        query = {key: value for key, value in content["query"].items() if key != field}
        with pytest.raises(ProtocolError, match=field):
            parse_message({**content, "query": query}, ROWS)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("hello", "client", ""),
        ("hello", "client", "x" * 65),
        ("hello", "client", 7),
        ("hello", "visible", 1),
        ("hello", "visible", None),
        ("hello", "type", "hallo"),
        ("hello", "type", None),
        ("hello", "type", ["hello"]),
        ("ack", "seq", -1),
        ("ack", "seq", 1.5),
        ("ack", "seq", True),
        ("ack", "seq", "7"),
        ("ack", "seq", 2**53 + 1),
        ("play", "id", -1),
        ("play", "id", None),
        ("play", "name", "plaz"),
        ("play", "name", {}),
        ("step", "value", -1),
        ("step", "value", 0),
        ("step", "value", 1.5),
        ("play", "run", -1),
        ("play", "run", "0"),
        ("play", "run", 1.5),
        ("play", "run", True),
        ("play", "run", [0]),
        ("keep", "run", None),
        ("remove", "run", None),
        ("change_number", "axis", "max_iter"),
        ("change_number", "axis", ["perplexity"]),
        ("compare", "values", {}),
        ("compare", "values", [5]),
        ("compare", "values", {"max_iter": [5]}),
        ("set_opacity", "trait", "_snapshot"),
        ("set_opacity", "trait", ["opacity"]),
        ("color", "mode", "rainbow"),
        ("color", "column", 7),
        ("color", "kind", "colours"),
        ("save_group", "group", ["a"]),
        ("rename_group", "to", None),
        ("delete_group", "group", "x" * 10_001),
        ("filter_range", "range", [1]),
        ("filter_range", "range", ["1", None]),
        ("filter_range", "range", [True, None]),
        ("filter_range", "range", [math.inf, None]),
        ("filter_range", "values", ["a"]),
        ("filter_values", "values", []),
        ("filter_values", "values", "cat"),
        ("filter_values", "values", [3]),
        ("filter_values", "values", ["a"] * 1_001),
        ("filter_values", "column", 3),
        ("turn_condition", "condition", -1),
        ("join_conditions", "any", 1),
        ("accept_some_suggestions", "names", "old"),
        ("merge_suggestions", "names", [1, 2]),
        ("drop_suggestions", "names", {}),
        ("query_rows", "query", None),
        ("query_rows", "query", ["rows"]),
        ("query_rows", "client", 3),
    ],
)
def test_a_malformed_message_is_refused_with_the_field(name, field, value):
    with pytest.raises(ProtocolError, match=field):
        parse_message({**sample("from_browser.json")[name], field: value}, ROWS)


@pytest.mark.parametrize(
    ("axis", "value"),
    [
        *[("perplexity", value) for value in (None, "5", True, [5])],
        *[("random_state", value) for value in (None, -1, 1.5, "1", True, 2**53 + 1)],
        *[("init", value) for value in (None, 0, ["pca"], [[0, 0]] * ROWS, "x" * 10_001)],
    ],
)
def test_a_value_that_an_axis_cannot_have_is_refused_by_its_name(axis, value):
    messages = sample("from_browser.json")
    with pytest.raises(ProtocolError, match=axis):
        parse_message({**messages["change_number"], "axis": axis, "value": value}, ROWS)
    with pytest.raises(ProtocolError, match=axis):
        parse_message({**messages["compare"], "values": {axis: [value]}}, ROWS)


@pytest.mark.parametrize(
    ("subject", "field"),
    [
        ({"of": "rest", "name": None}, "of"),
        ({"of": "selection", "name": "a"}, "name"),
        ({"of": "group", "name": None}, "name"),
        ({"of": "label", "name": 3}, "name"),
        ({"of": "group"}, "name"),
    ],
)
def test_rows_to_ask_about_are_the_selection_or_have_a_name(subject, field):
    content = sample("from_browser.json")["query_read_group"]
    with pytest.raises(ProtocolError, match=field):
        parse_message({**content, "query": {**content["query"], "first": subject}}, ROWS)


@pytest.mark.parametrize("values", [[], 5, "pca", list(range(65)), None])
def test_maps_are_compared_by_a_list_of_values(values):
    with pytest.raises(ProtocolError, match="random_state must be a list"):
        parse_message({**sample("from_browser.json")["compare"], "values": {"random_state": values}}, ROWS)


@pytest.mark.parametrize(
    ("measure", "field", "value"),
    [
        ("stability", "runs", [0]),
        ("stability", "runs", [0, 0]),
        ("stability", "runs", [0, -1]),
        ("stability", "runs", [0, None]),
        ("stability", "runs", None),
        ("stability", "row", 1),
        ("kept", "runs", []),
        ("kept", "runs", list(range(65))),
        ("density", "runs", [0]),
        ("density", "row", 0),
        ("distance", "row", None),
        ("density", "view", None),
        ("density", "view", -1),
        ("distance", "row", ROWS),
        ("distance", "row", "0"),
        ("distance", "runs", [0]),
        ("kept", "measure", "keptt"),
        ("kept", "measure", ["kept"]),
    ],
)
def test_a_question_that_measures_holds_what_its_measure_needs(measure, field, value):
    runs = {"stability": [0, 1], "kept": [0]}.get(measure, [])
    query = {
        "name": "measure",
        "measure": measure,
        "runs": runs,
        "row": 3 if measure == "distance" else None,
        "view": 0,
    }
    asked = {"type": "query", "client": "a client", "id": 1}
    assert parse_message({**asked, "query": query}, ROWS).query.measure == measure
    with pytest.raises(ProtocolError, match=field):
        parse_message({**asked, "query": {**query, field: value}}, ROWS)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("query_rows", "name", "row"),
        ("query_rows", "rows", []),
        ("query_rows", "rows", [5]),
        ("query_rows", "rows", [-1]),
        ("query_rows", "rows", [True]),
        ("query_rows", "rows", list(range(5)) * 41),
        ("query_rows", "sort", "age"),
        ("query_rows", "sort", {"column": "age", "descending": 1}),
        ("query_rows", "offset", -1),
        ("query_rows", "limit", 0),
        ("query_rows", "limit", 201),
        ("query_rows", "columns", "age"),
        ("query_rows", "columns", [7]),
        ("query_rows", "columns", ["age"] * 201),
        ("query_contrast", "against", 7),
        ("query_contrast", "limit", 0),
        ("query_measure_from_a_row", "row", 5),
        ("query_neighbors", "row", None),
        ("query_neighbors", "k", 5),
        ("query_neighbors", "k", 0),
        ("query_together", "view", -1),
        ("query_find", "text", None),
        ("query_read", "question", "all"),
        ("query_read", "run", None),
        ("query_read", "first", {"of": "selection", "name": None}),
        ("query_read", "second", {"of": "selection", "name": None}),
        ("query_read", "view", -1),
        ("query_read_group", "first", None),
        ("query_read_group", "first", "group 1"),
        ("query_read_group", "second", {"of": "selection", "name": None}),
        ("query_drop_read", "question", None),
        ("query_find_clumps", "on", "rows"),
        ("query_find_clumps", "run", None),
        ("query_contrast", "view", "0"),
        ("query_density", "tiles", []),
        ("query_density", "tiles", [[0, 0, 0]] * 17),
        ("query_density", "tiles", [[0, 0]]),
        ("query_density", "tiles", [[1, 2, 0]]),
        ("query_density", "tiles", [[13, 0, 0]]),
        ("query_density", "view", None),
        ("query_lineup", "n", 1),
        ("query_lineup", "n", 21),
        ("query_lineup", "run", "2"),
        ("query_lineup", "view", None),
        ("query_group_distances", "by", "runs"),
        ("query_group_distances", "run", None),
        ("query_keyframes_at", "iteration", -1),
        ("query_keyframes_at", "iteration", 1.5),
    ],
)
def test_a_malformed_query_is_refused(name, field, value):
    content = sample("from_browser.json")[name]
    with pytest.raises(ProtocolError):
        parse_message({**content, "query": {**content["query"], field: value}}, ROWS)


@pytest.mark.parametrize("content", [None, 3, "hello", ["hello"], True, [], {}])
def test_what_is_no_message_is_refused(content):
    with pytest.raises(ProtocolError):
        parse_message(content, ROWS)


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=70)
JSON = st.recursive(
    SCALARS | st.just(10**400),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
TYPES = st.sampled_from(["hello", "alive", "ack", "pull", "bye", "command", "query"])
NAMES = st.sampled_from(
    sorted({each["name"] for each in sample("from_browser.json").values() if "name" in each})
)
QUERIES = st.fixed_dictionaries(
    {
        "name": st.sampled_from(
            sorted(
                {each["query"]["name"] for each in sample("from_browser.json").values() if "query" in each}
            )
        )
    },
    optional={
        "rows": st.none() | st.lists(st.integers(0, 9), max_size=4) | JSON,
        "sort": st.none() | st.fixed_dictionaries({"column": JSON, "descending": JSON}) | JSON,
        "offset": st.integers(0, 9) | JSON,
        "limit": st.integers(0, 9) | JSON,
        "columns": st.lists(st.text(max_size=3), max_size=3) | JSON,
        "against": st.none() | JSON,
        "row": st.integers(0, 9) | JSON,
        "k": st.integers(0, 9) | JSON,
        "text": st.text(max_size=3) | JSON,
        "column": st.none() | JSON,
        "by": st.sampled_from(["labels", "groups"]) | JSON,
        "run": st.integers(0, 9) | JSON,
        "question": st.sampled_from(["map", "group", "verdict"]) | JSON,
        "first": st.none() | st.fixed_dictionaries({"of": st.just("group") | JSON, "name": JSON}) | JSON,
        "second": st.none() | JSON,
        "view": st.integers(0, 9) | JSON,
    },
)
LISTS = st.lists(
    st.integers(0, 9) | st.floats(1.5, 40) | st.sampled_from(["pca", "given"]) | JSON, max_size=4
)
ALMOST = st.fixed_dictionaries(
    {"type": TYPES | JSON},
    optional={
        "client": st.just("p") | JSON,
        "visible": st.booleans() | JSON,
        "seq": st.integers(0, 9) | JSON,
        "id": st.integers(0, 9) | JSON,
        "name": NAMES | JSON,
        "value": st.integers(2, 3) | JSON,
        "run": st.none() | st.integers(0, 9) | JSON,
        "runs": LISTS | JSON,
        "axis": st.sampled_from(list(AXES)) | JSON,
        "values": st.dictionaries(st.sampled_from(list(AXES)), LISTS | JSON) | JSON,
        "query": QUERIES | JSON,
        "mode": st.sampled_from(["labels", "groups"]) | JSON,
        "column": st.none() | JSON,
        "kind": st.none() | JSON,
        "group": st.none() | JSON,
        "color": st.none() | JSON,
        "to": JSON,
        "without": st.booleans() | JSON,
        "perplexity": st.none() | st.floats(1.5, 40) | JSON,
    },
)


@given(JSON | ALMOST)
def test_any_json_is_understood_or_refused_with_a_typed_error(content):
    try:
        parsed = parse_message(content, ROWS)
    except TSNEWidgetError:
        parsed = None
    assert parsed is None or isinstance(parsed, (Hello, Alive, Ack, Bye, Request, Question))


def test_the_page_on_the_protocol_names_every_message_command_and_query():
    text = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")
    said = [
        *(one["content"] for one in sample("from_python.json").values()),
        *sample("from_browser.json").values(),
    ]
    names = {one["type"] for one in said} | {one["name"] for one in said if "name" in one}
    names |= {one["query"]["name"] for one in said if "query" in one}
    assert {name for name in names if f"`{name}`" not in text} == set()
