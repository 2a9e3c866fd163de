"""Parametric t-SNE beside t-SNE: a live map that is a function of a row, and the estimator's bit for bit."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from tests.clients import PATIENCE, make
from tsne_widget import InvalidValueError, NotComputedError, NotRunningError, ParametricTSNE, RunFailedError

pytestmark = pytest.mark.usefixtures("close_widgets")
NAME = "Parametric t-SNE"


@pytest.fixture
def w(blobs):
    return make(blobs, beside="parametric").wait(PATIENCE)


def method_of(w):
    return w._driver.run_of(w.beside[NAME].id)._method


def estimator(**parameters):
    return ParametricTSNE(**{"perplexity": 8, "max_iter": 60, **parameters})


def test_it_is_the_map_of_the_estimator(blobs):
    w = make(blobs, beside="parametric", early_exaggeration_iter=75).wait(PATIENCE)
    made = estimator().fit(blobs)
    assert w.beside[NAME].embedding_.tobytes() == made.embedding_.tobytes()
    assert w.beside[NAME].figures == {"KL": made.kl_divergence_}
    assert w.beside[NAME].iteration == made.n_iter_ == 160


def test_it_moves_pauses_and_does_single_steps(blobs):
    w = make(blobs, beside="parametric", autostart=False, max_iter=3000)
    run = w.beside[NAME]
    run.step(5)
    w.wait(PATIENCE)
    assert (run.iteration, run.status) == (5, "paused")
    before = run.embedding_
    run.step(40)
    w.wait(PATIENCE)
    assert run.iteration == 45
    assert (run.embedding_ != before).any()
    run.start()
    w.wait(PATIENCE)
    assert (run.status, run.settled) == ("settled", True)
    assert w.runs[0].iteration == 0
    assert [frame.iteration for frame in run.history][:3] == [0, 1, 2]
    done = run.iteration
    run.start()
    assert w.wait(PATIENCE).beside[NAME].iteration == done + 100
    run.restart()
    assert w.wait(PATIENCE).beside[NAME].iteration == done


def test_steps_make_the_map_that_one_go_makes(blobs, w):
    other = make(blobs, beside="parametric", autostart=False)
    while not other.beside[NAME].settled and other.beside[NAME].iteration < 160:
        other.beside[NAME].step(53)
        other.wait(PATIENCE)
    assert other.beside[NAME].embedding_.tobytes() == w.beside[NAME].embedding_.tobytes()


def test_it_continues_with_another_perplexity_and_exaggeration(w):
    run = w.beside[NAME]
    before, kl = run.iteration, run.figures["KL"]
    for name, value in (("perplexity", 15), ("exaggeration", 1.5)):
        setattr(run, name, value)
        w.wait(PATIENCE)
        assert run.iteration > before + 100
        assert run.figures["KL"] != kl
        before, kl = run.iteration, run.figures["KL"]
    assert w.runs[0].perplexity == 8


def test_another_seed_or_start_restarts_it(blobs):
    w = make(blobs, beside="parametric", early_exaggeration_iter=75).wait(PATIENCE)
    run = w.beside[NAME]
    run.init = "random"
    run.random_state = 5
    w.wait(PATIENCE)
    made = estimator(init="random", random_state=5).fit(blobs)
    assert (run.iteration, run.embedding_.tobytes()) == (160, made.embedding_.tobytes())


def test_cosine_is_followed_and_other_metrics_are_out_of_range(w, blobs):
    run = w.beside[NAME]
    run.metric = "cosine"
    w.wait(PATIENCE)
    function = method_of(w).function
    assert (function.transform(3 * blobs) == function.transform(blobs)).all()
    run.metric = "manhattan"
    w.wait(PATIENCE)
    assert run.status == "out of range"
    with pytest.raises(
        NotRunningError, match="metric='manhattan': a map that is a function of a row follows"
    ):
        run.start()
    run.metric = "euclidean"
    assert w.wait(PATIENCE).beside[NAME].iteration == 160


def test_it_hands_out_its_function_at_any_time(blobs):
    w = make(blobs, beside="parametric", autostart=False)
    run = w.beside[NAME]
    assert method_of(w).function is None
    with pytest.raises(NotComputedError, match="estimator_"):
        _ = run.estimator_
    for count in (7, 60, 40, 53):
        run.step(count)
        w.wait(PATIENCE)
        function = method_of(w).function
        assert (function.transform(blobs) == run.embedding_).all()
        assert (run.estimator_.transform(blobs) == run.embedding_).all()


def test_it_hands_out_a_fitted_estimator(w, blobs, tmp_path):
    made = w.beside[NAME].estimator_
    assert (made.embedding_ == w.beside[NAME].embedding_).all()
    assert made.get_params() == estimator().get_params()
    assert (made.n_iter_, made.kl_divergence_) == (160, w.beside[NAME].figures["KL"])
    made.save(tmp_path / "map.npz")
    assert (ParametricTSNE.load(tmp_path / "map.npz").embedding_ == made.embedding_).all()


def test_it_goes_back_to_its_last_good_layout(w, monkeypatch):
    run = w.beside[NAME]
    at = run.iteration

    def fail(self):
        raise FloatingPointError("as if it had diverged")

    with monkeypatch.context() as broken:
        broken.setattr(type(method_of(w)), "step", fail)
        run.start()
        with pytest.raises(RunFailedError, match="as if it had diverged"):
            w.wait(PATIENCE)
    run.recover()
    run.start()
    assert w.wait(PATIENCE).beside[NAME].iteration > at


def test_what_needs_rows_says_so(blobs):
    distances = np.linalg.norm(blobs[:, None] - blobs[None], axis=2)
    with pytest.raises(InvalidValueError, match="needs the rows of X"):
        make(distances, metric="precomputed", beside="parametric")
    w = make(blobs, beside="parametric").wait(PATIENCE)
    w.beside[NAME].metric = "manhattan"
    w.wait(PATIENCE)
    with pytest.raises(NotComputedError, match="there is no estimator_: metric='manhattan'"):
        w.beside[NAME].estimator_  # noqa: B018
    sparse = make(csr_array(blobs), beside=None)
    with pytest.raises(InvalidValueError, match="'parametric' needs dense rows, and X is sparse"):
        sparse.beside["more"] = "parametric"
    assert len(sparse.runs) == 1


def test_the_recipe_makes_it_again(w, blobs):
    w.beside[NAME].exaggeration = 1.5
    w.wait(PATIENCE)
    code = w.recipe()
    assert "beside='parametric'" in code
    assert "w.beside['Parametric t-SNE'].exaggeration = 1.5" in code
    names = {"X": blobs}
    exec(code[code.index("from tsne_widget import ParametricTSNE") :], names)
    assert names["parametric_t_sne"].shape == (60, 2)


def test_panels_pictures_and_pages_show_it(w, tmp_path):
    assert repr(w.beside[NAME]).startswith("RunHandle(Parametric t-SNE: not settled yet")
    page = w.save_html(tmp_path / "maps.html").read_text()
    assert "Parametric t-SNE: not settled yet" in page
    assert list(w.to_frame().columns) == ["x", "y", "x_parametric_t-sne", "y_parametric_t-sne"]
