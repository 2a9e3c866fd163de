"""What may be read from a map, as users and clients ask for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import pairwise_distances

from tests.clients import PATIENCE, make
from tsne_widget import DataError, InvalidValueError, NotComputedError, SelectionError, SeveralRunsError
from tsne_widget.tsne.steps import result_of
from tsne_widget.wire.protocol import Read, Subject

pytestmark = pytest.mark.filterwarnings("ignore::tsne_widget.IsolatedRowsWarning")
#: For tests with widgets of their own. It closes all, so they come last.
own = pytest.mark.usefixtures("close_widgets")

N = 300
KINDS = np.repeat(["ants", "bees", "cats"], N // 3)


def three(apart: float = 12.0, d: int = 8) -> np.ndarray:
    """Return three clouds in a line."""
    rows = np.random.default_rng(0).standard_normal((N, d))
    rows[:, 0] += np.repeat([0, apart, 2 * apart], N // 3)
    return rows


@pytest.fixture(scope="module")
def settled():
    """A widget whose map has settled, for tests that change nothing."""
    w = make(three(), labels=KINDS, perplexity=20, max_iter=250).wait(PATIENCE)
    yield w
    w.close()


def ask(w, question, first=None, second=None):
    return result_of(w._readings.steps(Read(question, w._runs[0]["run"], first, second, 0)))


def test_a_report_tells_of_the_map(settled):
    report = settled.report()
    assert [one.question for one in report.findings] == ["fits", "torn", "noise", "gaps"]
    assert not any(one.subject for one in report.findings)
    by_question = {one.question: one for one in report.findings}
    assert by_question["noise"].tone == "good"
    assert by_question["gaps"].values["apart"] == len(report.gaps) == 2
    assert by_question["fits"].values["kept"] == pytest.approx(settled.measure("kept").mean())
    assert by_question["torn"].values["median"] == pytest.approx(np.median(settled.measure("reach")))
    assert by_question["torn"].values["null"] > 1  # the median on a map of noise


def test_a_report_reads_well_and_makes_a_frame(settled):
    report = settled.report(by="label")
    said = repr(report)
    assert "Is it noise?" in said
    assert "'bees'" in said
    assert max(map(len, said.splitlines())) <= 104
    shown = report._repr_html_()
    assert shown.count("<tr>") == len(report.findings) + 3  # a heading for each label
    frame = report.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert frame.subject.drop_duplicates().tolist() == ["the map", "'ants'", "'bees'", "'cats'"]
    assert frame.loc[frame.question == "apart", "W"].lt(0.5).all()
    assert frame.loc[frame.question == "noise", "W"].isna().all()


def test_html_of_a_report_is_text(settled):
    settled.groups["<b>"] = np.arange(60)
    shown = settled.report()._repr_html_()
    del settled.groups["<b>"]
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown


def test_a_report_tells_of_the_selection_and_the_groups(settled):
    settled.select(np.arange(100))
    settled.groups["mine"] = np.arange(200, 300)
    subjects = [one.subject for one in settled.report().findings]
    settled.select(np.array([], int))
    del settled.groups["mine"]
    assert list(dict.fromkeys(subjects)) == ["", "the selection", "'mine'"]


def test_a_verdict_takes_labels_groups_and_rows(settled):
    by_label = settled.verdict("ants", "bees")
    assert by_label.answer == "apart"
    assert by_label.names == ("'ants'", "'bees'")
    by_rows = settled.verdict(np.arange(100), KINDS == "bees")
    assert by_rows.values == by_label.values
    assert repr(by_rows).startswith("These two are apart in the data: ")
    settled.groups["left"] = np.arange(50)
    joined = settled.verdict("left", np.arange(50, 100))
    del settled.groups["left"]
    assert joined.answer == "joined"


def test_a_verdict_on_one_group_is_against_the_clump_beside_it(settled):
    found = settled.verdict("bees")
    assert found.names == ("'bees'", "the clump beside it")
    assert found.answer == "apart"
    assert settled.verdict(np.arange(50)).answer == "joined"  # with the rest of its own clump


@pytest.mark.parametrize(
    ("given", "error", "why"),
    [
        (("dogs",), InvalidValueError, "'dogs' is neither a group nor a label"),
        (("ants", np.arange(90, 200)), SelectionError, "share 10 rows"),
        ((np.arange(44), "bees"), DataError, "only 44 rows"),
        ((np.array([], int),), SelectionError, "a holds no rows"),
        (([500],), SelectionError, "500"),
        ((np.arange(N),), DataError, "outside the group"),
    ],
)
def test_what_has_no_verdict_says_why(settled, given, error, why):
    with pytest.raises(error, match=why):
        settled.verdict(*given)


def test_gaps_are_those_of_the_map(settled):
    gaps = settled.gaps()
    assert [gap.answer for gap in gaps] == ["apart", "apart"]
    for gap in gaps:
        assert len(np.unique(KINDS[gap.first])) == len(np.unique(KINDS[gap.second])) == 1
        low, high = settled.embedding_.min(axis=0), settled.embedding_.max(axis=0)
        (line,) = gap.lines
        assert (line > low - np.ptp([low, high])).all()
        assert (line < high + np.ptp([low, high])).all()
    assert repr(gaps[0]).endswith("(100 and 100 rows)")


def test_a_client_gets_the_same_answers(settled):
    told = ask(settled, "map")
    assert [one.question for one in told.findings] == ["fits", "torn", "noise"]
    assert told.advice.question == "advice"
    assert set(told.seconds) == {"noise", "gaps", "torn", "lineup"}
    assert all(seconds > 0 for seconds in told.seconds.values())
    assert (told.run, told.iteration) == (settled._runs[0]["run"], settled.n_iter_)
    assert len(ask(settled, "gaps").gaps) == 2
    bees = ask(settled, "group", Subject("label", "bees"))
    assert [one.question for one in bees.findings] == ["fits", "apart", "strong"]
    verdict = ask(settled, "verdict", Subject("label", "ants"), Subject("label", "bees"))
    assert verdict.findings[0].sentence == settled.verdict("ants", "bees").sentence
    assert np.array_equal(verdict.links, settled.verdict("ants", "bees").links)
    with pytest.raises(SelectionError, match="nothing is selected"):
        ask(settled, "group", Subject("selection", None))


def test_tears_are_told_beside_those_of_noise(settled):
    (torn,) = ask(settled, "torn").findings
    assert torn.values["null"] > 1
    assert "structureless cloud" in torn.sentence


def test_answers_are_of_the_map_as_it_is(settled):
    first = settled._readings._moment(settled.runs[0])
    assert settled._readings._moment(settled.runs[0]) is first


@own
def test_after_a_change_the_map_is_measured_anew():
    w = make(three(), max_iter=100).wait(PATIENCE)
    before = w.report().findings[0].values["kept"]
    w.perplexity = 5
    w.wait(PATIENCE)
    after = w.report().findings[0].values["kept"]
    assert after != before
    assert after == pytest.approx(w.measure("kept").mean())


@own
def test_before_the_search_a_client_is_told_nothing():
    told = ask(make(three(), autostart=False).wait(PATIENCE), "map")
    assert (told.findings, told.advice, told.seconds) == ((), None, {})


@own
def test_noise_is_called_noise():
    w = make(np.random.default_rng(0).standard_normal((N, 20)), max_iter=100).wait(PATIENCE)
    advice = ask(w, "map").advice
    assert advice.tone == "bad"
    assert "take no clump seriously" in advice.sentence
    assert "take no clump seriously" in repr(w.report())


@own
def test_several_maps_are_asked_one_by_one():
    w = make(three(), perplexity=[5, 20], max_iter=60).wait(PATIENCE)
    for asked in (w.report, w.gaps, lambda: w.verdict(np.arange(100))):
        with pytest.raises(SeveralRunsError, match=r"w\.runs\[0\]"):
            asked()
    assert w.verdict(np.arange(100), np.arange(100, 200)).answer == "apart"
    assert w.runs[1].verdict(np.arange(100)).answer == "apart"
    assert len(w.runs[1].gaps()) >= 2
    assert "perplexity 20" in repr(w.runs[1].report())


@own
def test_before_the_search_nothing_is_known():
    w = make(three(), autostart=False, init=np.random.default_rng(0).random((N, 2)))
    with pytest.raises(NotComputedError):
        w.verdict(np.arange(100), np.arange(100, 200))


def farthest(one, other):
    return float(np.abs(one - other).max())


@own
@pytest.mark.parametrize(
    ("X", "metric", "noise", "verdict"),
    [
        (csr_array(three()), "euclidean", True, True),
        (three() + 30, "cosine", True, True),
        (three(), "manhattan", False, True),
        (pairwise_distances(three()), "precomputed", False, True),
        (three()[::5], farthest, False, False),
        (three()[::10], "euclidean", False, False),
    ],
    ids=["sparse", "cosine", "manhattan", "distances", "function", "few rows"],
)
def test_all_data_have_an_answer_or_a_reason(X, metric, noise, verdict):
    w = make(X, metric=metric, perplexity=9, max_iter=60).wait(PATIENCE)
    w.groups["first"] = np.arange(X.shape[0] // 3)
    report = w.report()
    told = {(one.subject, one.question): one for one in report.findings}
    assert bool(told["", "noise"].values) == noise
    assert bool(told["'first'", "apart"].values) == verdict
    for one in report.findings:
        assert one.values or one.sentence.startswith(("There is no answer: ", "This map shows no gap"))


@own
def test_rows_without_a_place_are_left_out():
    points = np.random.default_rng(1).standard_normal((N, 2)) + np.repeat(
        [[0, 0], [9, 0], [0, 9]], 100, axis=0
    )
    points[:30] = np.nan
    w = make(three(), beside={"mine": points}, max_iter=60).wait(PATIENCE)
    report = w.beside["mine"].report()
    assert report.findings[0].values["kept"] < 0.5
    assert sum(len(gap.first) for gap in report.gaps) > 0


@own
def test_equal_rows_have_answers():
    w = make(np.repeat(three()[::30], 20, axis=0), perplexity=9, max_iter=60).wait(PATIENCE)
    assert "only 10 different rows" in repr(w.report())


@own
def test_repetitions_tell_of_luck():
    w = make(three(), labels=KINDS, perplexity=20, max_iter=120).wait(PATIENCE)
    assert not any(one.question == "luck" for one in w.runs[0].report(by="label").findings)
    w.repeat(2).wait(PATIENCE)
    of_map, of_ants = (one for one in w.runs[0].report(by="label").findings[:7] if one.question == "luck")
    assert of_map.sentence.startswith("All 3 clumps stay together in 2 maps from other starts.")
    assert of_ants.subject == "'ants'"
    assert of_ants.sentence.endswith("Holding together does not make a group real.")
    assert not any(one.question == "luck" for one in w.runs[1].report().findings)  # it is one of them


@own
def test_repetitions_tell_nothing_until_they_rest():
    w = make(three(), labels=KINDS, perplexity=20, max_iter=120).wait(PATIENCE)
    ants = Subject("label", "ants")

    def luck() -> int:
        found = (*ask(w, "map").findings, *ask(w, "group", ants).findings)
        return sum(one.question == "luck" for one in found)

    w.pause()
    w.repeat(2)
    for run in w.runs[1:]:
        run.pause()
    w.wait(PATIENCE)
    assert all(run.iteration == 0 for run in w.runs[1:])
    assert luck() == 0
    w.resume()
    w.wait(PATIENCE)
    assert luck() == 2
