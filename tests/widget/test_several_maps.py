"""Several maps in one widget: how they are arranged, compared, changed, handled, and turned onto one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.clients import ENDLESS, PATIENCE, make
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    NotRunningError,
    PerplexityWarning,
    RunFailedError,
    SeveralRunsError,
)
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.wire import protocol

pytestmark = pytest.mark.usefixtures("close_widgets")


# --- which there are ----------------------------------------------------------------------------------


def handles(w):
    return [(run.perplexity, run.init, run.random_state) for run in w.runs]


def test_lists_make_the_product(blobs):
    w = make(blobs, perplexity=[5, 8], init=["pca", "random"], random_state=range(2), autostart=False)
    expected = [(p, init, seed) for p in (5, 8) for init in ("pca", "random") for seed in (0, 1)]
    assert handles(w) == expected
    assert (w.perplexity, w.init, w.random_state) == ((5, 8), ("pca", "random"), (0, 1))
    assert (w.reference, w.align) == (0, True)


def test_each_map_is_that_of_a_widget_of_its_own(blobs):
    w = make(blobs, perplexity=np.array([5, 8]), random_state=pd.Series([1, 2])).wait(PATIENCE)
    for run in w.runs:
        alone = make(blobs, perplexity=run.perplexity, random_state=run.random_state).wait(PATIENCE)
        assert run.embedding_.tobytes() == alone.embedding_.tobytes()
        assert run.settings == alone.settings
        results = (
            run.kl_divergence_,
            run.n_iter_,
            run.learning_rate_,
            run.iteration,
            run.status,
            run.settled,
        )
        assert results == (
            alone.kl_divergence_,
            alone.n_iter_,
            alone.learning_rate_,
            alone.iteration,
            alone.status,
            alone.settled,
        )
        assert 0 < run.neighbors_kept_ <= 1


def test_maps_of_several_exaggerations_are_those_of_widgets_of_their_own(blobs):
    w = make(blobs, exaggeration=[1, 4]).wait(PATIENCE)
    assert [run.title for run in w.runs] == ["exaggeration 1", "exaggeration 4"]
    assert (w.exaggeration, w.runs[1].exaggeration, w.settings.exaggeration) == ((1, 4), 4, (1, 4))
    assert list(w.to_frame()) == [
        "x_exaggeration_1",
        "y_exaggeration_1",
        "x_exaggeration_4",
        "y_exaggeration_4",
    ]
    for run in w.runs:
        alone = make(blobs, exaggeration=run.exaggeration).wait(PATIENCE)
        assert run.embedding_.tobytes() == alone.embedding_.tobytes()
        assert run.kl_divergence_ == alone.kl_divergence_
    w.runs[0].exaggeration = 12
    assert [run.exaggeration for run in w.compare(exaggeration=[12, 2]).wait(PATIENCE).runs] == [12, 2]


def test_a_list_of_one_is_the_value(blobs):
    w = make(blobs, perplexity=[8], init=("pca",), random_state=np.array([0]), autostart=False)
    assert (w.perplexity, w.init, w.random_state) == (8, "pca", 0)
    assert w.settings == make(blobs, autostart=False).settings


def test_a_seed_in_a_list_may_be_drawn(blobs):
    w = make(blobs, random_state=[None, 1], autostart=False)
    assert w.random_state[1] == 1
    assert isinstance(w.random_state[0], int)
    assert w.random_state[0] != 1


RESULTS = ["embedding_", "kl_divergence_", "n_iter_", "learning_rate_", "iteration"]


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_of_several_maps_is_asked_of_one_of_them(blobs, name):
    w = make(blobs, random_state=[0, 1, 2]).wait(PATIENCE)
    with pytest.raises(SeveralRunsError, match=rf"shows 3 maps: ask w.runs\[0\].{name}"):
        getattr(w, name)
    w.compare()
    assert getattr(w, name) is not None


def test_several_maps_are_told_in_words(blobs):
    w = make(blobs, perplexity=[5, 8], random_state=[0, 1, 2], autostart=False).wait(PATIENCE)
    assert (w.status, w.settled) == ("paused", False)
    assert repr(w) == "TSNEWidget(60 rows, 6 maps of perplexity 5, 8; seed 0, 1, 2: paused)"
    w.runs[4].start()
    w.wait(PATIENCE)
    assert w.status == "5 paused, 1 not settled yet"
    assert repr(w.runs[4]).startswith("RunHandle(perplexity 8, seed 1: not settled yet at ")
    assert repr(w.runs[0]) == "RunHandle(perplexity 5, seed 0: paused at iteration 0)"


def test_maps_have_settled_when_all_have(blobs):
    w = make(blobs, perplexity=[5, 8], max_iter=20_000).wait(PATIENCE)
    assert w.settled
    w.runs[0].restart().pause()
    assert not w.wait(PATIENCE).settled


def test_a_perplexity_of_several_may_be_out_of_range(blobs):
    with pytest.warns(PerplexityWarning, match="below n - 1 = 59") as caught:
        w = make(blobs, perplexity=[5, 100])
    ours = [warning.filename for warning in caught if warning.category is PerplexityWarning]
    assert ours == [__file__]
    w.wait(PATIENCE)
    assert [run.status for run in w.runs] == ["not settled yet", "out of range"]
    with pytest.raises(NotComputedError, match="there is no embedding_: perplexity=100 is not allowed"):
        w.runs[1].embedding_  # noqa: B018
    with pytest.raises(NotComputedError, match="found 1"):
        w.stability()
    frame = w.to_frame()
    assert frame["x_perplexity_100"].isna().all()
    assert not frame["x_perplexity_5"].isna().any()


@pytest.fixture
def half_empty(blobs):
    """A widget whose first map is out of range, and whose second is not."""
    with pytest.warns(PerplexityWarning, match="that map stays empty"):
        return make(blobs, perplexity=[100, 5], max_iter=20_000, autostart=False).wait(PATIENCE)


def test_a_map_out_of_range_does_not_keep_the_others_from_having_settled(half_empty):
    assert not half_empty.settled
    assert half_empty.start().wait(PATIENCE).settled
    assert not half_empty.runs[0].settled


def test_doubtful_perplexities_are_warned_of_together(blobs):
    with pytest.warns(PerplexityWarning) as caught:
        w = make(blobs, perplexity=[5, 40, 50, 60, 100], autostart=False)
    assert [warning.filename for warning in caught if warning.category is PerplexityWarning] == [__file__] * 2
    with pytest.warns(PerplexityWarning) as caught:
        w.perplexity = [5, 40, 50, 60]
    assert len(caught) == 2
    w.random_state = [0, 1]  # says nothing new of perplexities


def test_too_many_maps_are_no_reason_to_warn(blobs):
    with pytest.raises(InvalidValueError, match="this would be 66 maps"):
        make(blobs, perplexity=range(5, 71))
    w = make(blobs, autostart=False)
    with pytest.raises(InvalidValueError, match="this would be 66 maps"):
        w.perplexity = range(5, 71)


@pytest.mark.parametrize(
    "use",
    [
        lambda w: w._clients.carry_out(protocol.Keep(w.runs[0].id)),
        lambda w: w._clients.carry_out(protocol.Compare({"perplexity": (100.0, 200.0)})),
        lambda w: w.compare(perplexity=[100, 200]),
        lambda w: setattr(w, "perplexity", [100, 200]),
        lambda w: w.runs[1].remove(),
    ],
    ids=["keep", "menu", "compare", "set", "remove"],
)
def test_one_map_at_least_stays_in_range(half_empty, use):
    before = half_empty.runs, half_empty.perplexity, half_empty.reference, repr(half_empty)
    text = r"perplexity=100.* puts every map out of range: .* below n - 1 = 59"
    with pytest.raises(InvalidValueError, match=text):
        use(half_empty)
    after = half_empty.runs, half_empty.perplexity, half_empty.reference, repr(half_empty)
    assert after == before


def test_the_reference_is_in_range(half_empty):
    """Nothing can be turned onto a map that is not there."""
    kept = half_empty.runs[1]
    assert half_empty.reference == 1
    with pytest.raises(InvalidValueError, match=r"reference=0 .* a map in range"):
        half_empty.reference = 0
    assert half_empty.compare().runs == (kept,)


@pytest.mark.parametrize("name", ["start", "pause", "resume", "step", "restart"])
def test_a_command_to_a_map_out_of_range_is_an_error_with_the_reason(half_empty, name):
    text = "'perplexity 100' is out of range and cannot run: perplexity=100 .* below n - 1 = 59"
    with pytest.raises(NotRunningError, match=text):
        getattr(half_empty.runs[0], name)()
    assert getattr(half_empty, name)() is half_empty


def test_a_map_out_of_range_runs_with_a_perplexity_that_fits(half_empty):
    half_empty.runs[0].perplexity = 8
    half_empty.runs[0].step(3)
    half_empty.wait(PATIENCE)
    assert half_empty.runs[0].n_iter_ == 3


# --- comparing ----------------------------------------------------------------------------------------


def test_comparing_leaves_the_run_that_is_there_undisturbed(blobs):
    w = make(blobs).wait(PATIENCE)
    before, handle = w.embedding_, w.runs[0]
    assert w.compare(perplexity=[5, 8, 12]) is w
    assert handle == w.runs[1]
    assert w.reference == 1
    w.wait(PATIENCE)
    assert handle.embedding_.tobytes() == before.tobytes()
    assert handle.n_iter_ == 60
    alone = make(blobs, perplexity=5).wait(PATIENCE).embedding_
    assert w.runs[0].embedding_.tobytes() == alone.tobytes()
    assert w.compare().wait(PATIENCE).embedding_.tobytes() == before.tobytes()


def test_where_the_reference_goes_the_first_is_the_reference(blobs):
    w = make(blobs, autostart=False).compare(perplexity=[5, 12])
    assert (w.reference, handles(w)) == (0, [(5, "pca", 0), (12, "pca", 0)])
    w.reference = 1
    w.compare(perplexity=5)
    assert (w.reference, handles(w)) == (0, [(5, "pca", 0)])


def test_what_is_not_compared_stays_as_it_is_in_the_widget(blobs):
    w = make(blobs, init=["pca", "random"], random_state=[0, 1], autostart=False)
    kept = w.runs
    w.compare(perplexity=[5, 8])
    starts = [("pca", 0), ("pca", 1), ("random", 0), ("random", 1)]
    assert handles(w) == [(p, *start) for p in (5, 8) for start in starts]
    assert w.runs[4:] == kept
    w.compare(random_state=3, init="pca")
    assert handles(w) == [(5, "pca", 3), (8, "pca", 3)]


def test_what_is_compared_with_nothing_given_is_the_reference(blobs):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    w.reference = 2
    w.compare()
    assert (w.perplexity, w.reference) == (12, 0)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"perplexity": []}, InvalidValueError),
        ({"perplexity": 1000}, InvalidValueError),
        ({"perplexity": [59, 1000]}, InvalidValueError),
        ({"perplexity": [5, "8"]}, InvalidTypeError),
        ({"random_state": range(65)}, InvalidValueError),
        ({"perplexity": [5, 12], "random_state": [0, 0]}, InvalidValueError),
        ({"init": np.zeros((59, 2))}, InvalidValueError),
    ],
)
def test_a_comparison_that_is_refused_changes_nothing(blobs, values, error):
    w = make(blobs).wait(PATIENCE)
    before = w.embedding_.tobytes(), repr(w), w.runs
    with pytest.raises(error):
        w.compare(**values)
    assert (w.wait(PATIENCE).embedding_.tobytes(), repr(w), w.runs) == before


def test_a_new_map_waits_where_nothing_was_started(blobs):
    w = make(blobs, autostart=False).compare(random_state=[0, 1]).wait(PATIENCE)
    assert w.status == "paused"
    assert w.runs[1].embedding_.shape == (60, 2)


def test_coordinates_are_compared_too_and_known_again(blobs):
    given = np.random.default_rng(1).normal(size=(60, 2))
    w = make(blobs, init=["pca", given], autostart=False)
    assert [run.title for run in w.runs] == ["PCA", "given"]
    kept = w.runs[1]
    w.compare(init=[given.copy(), "random", given**2])
    assert [run.title for run in w.runs] == ["given", "random", "given 2"]
    assert w.runs[0] == kept
    w.compare(init=[w.init[2], w.init[0]])  # they were scaled before
    assert [run.title for run in w.runs] == ["given 2", "given"]


# --- parameters of all maps ---------------------------------------------------------------------------


def test_a_value_is_set_on_all_maps(blobs):
    w = make(blobs, perplexity=[5, 8], random_state=[0, 1], autostart=False)
    w.random_state = 4
    assert handles(w) == [(5, "pca", 4), (8, "pca", 4)]
    w.perplexity = 8
    assert handles(w) == [(8, "pca", 4)]


def test_one_map_stays_the_same_one(blobs):
    w = make(blobs, autostart=False)
    handle = w.runs[0]
    w.perplexity, w.random_state, w.init = 12, 3, "random"
    assert w.runs == (handle,)
    assert (handle.perplexity, handle.random_state, handle.init) == (12, 3, "random")


def test_a_list_is_combined_with_what_there_is(blobs):
    w = make(blobs, random_state=[0, 1], autostart=False)
    kept = w.runs
    w.perplexity = [5, 8]
    assert handles(w) == [(5, "pca", 0), (5, "pca", 1), (8, "pca", 0), (8, "pca", 1)]
    assert w.runs[2:] == kept


def test_parameters_are_observed_once_with_their_new_value(blobs):
    w, seen = make(blobs, autostart=False), []
    for name in ("perplexity", "random_state", "init"):
        w.observe(lambda change: seen.append((change["name"], change["new"], len(w.runs))), name)
    w.perplexity = [5, 8]
    w.perplexity = [5, 8]
    w.perplexity = w.perplexity
    w.runs[0].perplexity = 12
    w.compare(perplexity=8, random_state=[0, 1], init=["pca", "random"])
    assert seen == [
        ("perplexity", (5, 8), 2),
        ("perplexity", (12, 8), 2),
        ("perplexity", 8, 4),
        ("init", ("pca", "random"), 4),
        ("random_state", (0, 1), 4),
    ]


def test_changes_may_be_held_back_and_come_together(blobs):
    w, seen = make(blobs, autostart=False), []
    w.observe(lambda change: seen.append((change["name"], change["new"])), ["perplexity", "random_state"])
    with w.hold_trait_notifications():
        w.perplexity = [5, 8]
        w.random_state = [1, 2]
        w.runs[0].remove()
        assert seen == []
    assert seen == [("perplexity", (5, 8)), ("random_state", (2, 1))]
    assert handles(w) == [(5, "pca", 2), (8, "pca", 1), (8, "pca", 2)]
    w.wait(PATIENCE)
    assert [run.embedding_.shape for run in w.runs] == [(60, 2)] * 3


# --- one of several -----------------------------------------------------------------------------------


def test_a_map_is_steered_alone(blobs):
    w = make(blobs, random_state=[0, 1], **ENDLESS)
    one, other = w.runs
    assert one.pause() is one
    one.step(3)
    before = None
    while one.status != "paused" or one.iteration < 3:
        before = other.iteration
    w.step(1).wait(PATIENCE)
    assert other.iteration >= (before or 0)
    one.resume().pause().start().pause()
    w.wait(PATIENCE)
    one.restart()
    one.pause()
    w.wait(PATIENCE)
    assert (w._driver.session.runs[0].status.epoch, w._driver.session.runs[1].status.epoch) == (1, 0)


@pytest.mark.parametrize(
    ("name", "value"), [("perplexity", 12), ("random_state", 5), ("random_state", None), ("init", "random")]
)
def test_a_parameter_of_one_map_is_set_alone(blobs, name, value):
    w = make(blobs, perplexity=[5, 8]).wait(PATIENCE)
    other = w.runs[1].embedding_
    setattr(w.runs[0], name, value)
    assert value is None or getattr(w.runs[0], name) == value
    assert w.wait(PATIENCE).runs[1].embedding_.tobytes() == other.tobytes()
    assert len(w.runs) == 2
    assert w._driver.session.runs[0].status.epoch == 1


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("perplexity", 8, InvalidValueError),
        ("perplexity", 59, InvalidValueError),
        ("perplexity", [5, 12], InvalidTypeError),
        ("perplexity", "5", InvalidTypeError),
        ("random_state", -1, InvalidValueError),
        ("init", None, InvalidTypeError),
    ],
)
def test_a_bad_parameter_of_one_map_is_an_error_and_changes_nothing(blobs, name, value, error):
    w = make(blobs, perplexity=[5, 8], autostart=False)
    before = handles(w)
    with pytest.raises(error, match=name):
        setattr(w.runs[0], name, value)
    assert handles(w) == before


def test_a_map_that_is_so_already_is_told_with_its_values(blobs):
    given = np.eye(60, 2)
    w = make(blobs, perplexity=[5, 8], random_state=3, init=["pca", given], autostart=False)
    with pytest.raises(
        InvalidValueError, match=r"already has perplexity 8, .*seed 3, .*init pca: every map must differ"
    ):
        w.runs[0].perplexity = 8
    with pytest.raises(InvalidValueError, match=r"already has perplexity 5, .*seed 3, .*init given: every"):
        w.runs[0].init = given


def test_what_is_listed_of_a_map_is_for_its_users(blobs):
    (run,) = make(blobs, autostart=False).runs
    assert [name for name in dir(run) if not name.startswith("_")] == [
        *[
            "embedding_",
            "estimator_",
            "exaggeration",
            "figures",
            "gaps",
            "group_distances",
            "history",
            "id",
            "init",
        ],
        *[
            "isolated_rows",
            "iteration",
            "kl_divergence_",
            "learning_rate_",
            "lineup",
            "measure",
            "method",
            "metric",
        ],
        *["n_iter_", "neighbors", "neighbors_kept_", "pause", "perplexity", "random_state", "recover"],
        *[
            "remove",
            "report",
            "restart",
            "resume",
            "settings",
            "settled",
            "start",
            "status",
            "step",
            "title",
            "verdict",
        ],
    ]


def test_a_misspelt_parameter_of_one_map_is_an_error(blobs):
    with pytest.raises(AttributeError):
        make(blobs, autostart=False).runs[0].perplexty = 5


def test_a_doubtful_perplexity_of_one_map_warns_at_the_line_of_the_user(blobs):
    w = make(blobs, perplexity=[5, 8], autostart=False)
    with pytest.warns(PerplexityWarning) as caught:
        w.runs[0].perplexity = 50
    ours = [warning.filename for warning in caught if warning.category is PerplexityWarning]
    assert ours == [__file__]


def test_a_map_that_was_removed_is_an_error_and_the_others_stay(blobs):
    w = make(blobs, perplexity=[5, 8, 12])
    one, two, three = w.runs
    two.remove()
    assert w.runs == (one, three)
    assert w.perplexity == (5, 12)
    for use in (
        lambda: two.perplexity,
        lambda: two.status,
        lambda: two.title,
        lambda: two.embedding_,
        lambda: two.iteration,
        two.start,
        two.remove,
        lambda: setattr(two, "perplexity", 9),
    ):
        with pytest.raises(NotRunningError, match="no longer part"):
            use()
    assert repr(two) == "RunHandle(removed)"
    w.wait(PATIENCE)
    assert (one.n_iter_, three.n_iter_) == (60, 60)


def test_the_last_map_cannot_be_removed(blobs):
    w = make(blobs, autostart=False)
    with pytest.raises(NotRunningError, match="last map"):
        w.runs[0].remove()


def test_a_map_that_fails_is_named_after_all_others_have_ended(blobs, monkeypatch):
    step = Optimizer.step

    def broken(self):
        if self._P.perplexity == 8 and self.iteration == 5:
            raise FloatingPointError("the sky fell")
        step(self)

    monkeypatch.setattr(Optimizer, "step", broken)
    w = make(blobs, perplexity=[5, 8])
    with pytest.raises(RunFailedError, match="of 'perplexity 8' failed: FloatingPointError: the sky fell"):
        w.wait(PATIENCE)
    assert [run.iteration for run in w.runs] == [60, 5]


def test_a_stability_with_a_map_without_a_layout_names_it_and_says_why(half_empty):
    half_empty.wait(PATIENCE)
    text = r"w.runs\[0\] cannot be compared: there is no embedding_: perplexity=100 is not allowed"
    with pytest.raises(NotComputedError, match=text):
        half_empty.stability(runs=[1, 0])


# --- the reference ------------------------------------------------------------------------------------


def test_the_reference_is_a_position_and_stays_the_same_map(blobs):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    w.reference = 2
    w.runs[0].remove()
    assert (w.reference, w.runs[w.reference].perplexity) == (1, 12)
    w.runs[1].remove()
    assert w.reference == 0


@pytest.mark.parametrize(
    ("value", "error"), [(3, InvalidValueError), (-1, InvalidValueError), (True, InvalidTypeError)]
)
def test_a_reference_that_is_none_is_refused(blobs, value, error):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    with pytest.raises(error, match="reference"):
        w.reference = value
    assert w.reference == 0


def test_a_reference_may_be_one_of_the_maps(blobs):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    w.reference = w.runs[2]
    assert w.reference == 2


def test_a_reference_that_is_no_map_of_this_widget_is_refused(blobs):
    w, other = (make(blobs, perplexity=[5, 8, 12], autostart=False) for _ in range(2))
    removed = w.runs[2]
    removed.remove()
    for handle in (removed, other.runs[0]):
        with pytest.raises(InvalidValueError, match=r"reference=RunHandle.* at most 1, or one of w.runs"):
            w.reference = handle
    assert w.reference == 0


@pytest.mark.parametrize("value", [True, False, "selection"])
def test_maps_are_aligned_as_one_likes(blobs, value):
    w = make(blobs, align=value, autostart=False)
    assert (w.align, w.settings.align) == (value, value)
    w.align = False
    assert w.settings.align is False
