"""A widget that saves itself: what a kernel that dies has not lost."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from tests.clients import ENDLESS, PATIENCE, make
from tsne_widget import InvalidTypeError, InvalidValueError, SaveError, SavingWarning, TSNEWidget
from tsne_widget.widget import loading

pytestmark = pytest.mark.usefixtures("close_widgets")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "maps.tsne"


def until(reached):
    """Wait for what another thread does."""
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)


def previous(path):
    """Return where a file is kept that was there before."""
    return path.with_name("maps.previous.tsne")


def full(*_):
    """Fail like a full disk."""
    raise OSError(28, "No space left on device")


def paused(X, path, **given):
    return make(X, autostart=False, autosave=(path, 3600), **given).wait(PATIENCE)


def save_now(w):
    """Look for changes, as the thread does every now and then."""
    w._saving._autosave.save()


def threads():
    return [one for one in threading.enumerate() if one.name == "tsne-widget-autosave"]


def test_a_widget_saves_itself_as_it_runs(blobs, path):
    w = make(blobs, autosave=(path, 1), **ENDLESS)
    until(path.exists)
    v = TSNEWidget.load(path, blobs).pause().wait(PATIENCE)
    assert v.iteration > 0
    written = path.stat().st_mtime_ns
    until(lambda: path.stat().st_mtime_ns != written)
    w.close()
    until(lambda: not threads())


def test_only_changes_are_saved(blobs, path):
    w = paused(blobs, path)
    save_now(w)
    for change in (
        lambda: w.step(3).wait(PATIENCE),
        lambda: w.select([1, 2]),
        lambda: w.groups.save("a", [1]),
        lambda: setattr(w, "height", 300),
        lambda: setattr(w, "color_by", "groups"),
        lambda: w.filter(np.arange(5)),
        lambda: setattr(w, "perplexity", [8, 9]),
        lambda: setattr(w, "reference", 1),
        lambda: w.undo(),
        lambda: w.start().wait(PATIENCE),
    ):
        path.unlink()
        save_now(w)
        assert not path.exists()
        change()
        w.wait(PATIENCE)
        save_now(w)
        v = TSNEWidget.load(path, blobs)
        assert [run.iteration for run in v.runs] == [run.iteration for run in w.runs]
        np.testing.assert_array_equal(v.selection, w.selection)
        assert (v.height, dict(v.groups), v.reference) == (w.height, dict(w.groups), w.reference)
        assert v._undo == w._undo
        v.close()


def test_the_last_changes_are_saved_when_the_widget_is_closed(blobs, path):
    w = paused(blobs, path)
    w.step(4).wait(PATIENCE)
    w.close()
    assert TSNEWidget.load(path, blobs).iteration == 4
    until(lambda: not threads())


def test_it_is_begun_moved_and_ended(blobs, path):
    w = make(blobs, autostart=False)
    assert w.autosave is None
    w.autosave = path
    assert w.autosave == (path, 60)
    w.autosave = w.autosave
    w.autosave = path, 30  # it is its own file, so nothing is kept
    w.save(path)
    w.autosave = None
    w.autosave = path
    assert os.listdir(path.parent) == ["maps.tsne"]
    other = path.with_name("other.tsne")
    w.autosave = str(other), 5
    assert (path.exists(), w.autosave) == (True, (other, 5))
    w.autosave = None
    assert (other.exists(), w.autosave) == (True, None)
    until(lambda: not threads())


def test_a_loaded_widget_may_save_itself_into_the_same_file(blobs, path):
    paused(blobs, path).close()
    v = TSNEWidget.load(path, blobs, autosave=path)
    v.step(2).wait(PATIENCE)
    v.close()
    assert TSNEWidget.load(path, blobs).iteration == 2
    assert not previous(path).exists()


def test_a_file_that_is_there_is_kept_and_said(blobs, path):
    first = paused(blobs, path)
    first.step(7).wait(PATIENCE)
    first.close()
    with pytest.warns(SavingWarning, match=r"maps.tsne exists: TSNEWidget.load\(.* maps.previous.tsne"):
        second = paused(blobs, path)
    assert TSNEWidget.load(path, blobs).iteration == 7
    second.close()
    assert TSNEWidget.load(path, blobs).iteration == 0
    assert TSNEWidget.load(previous(path), blobs).iteration == 7
    with pytest.warns(SavingWarning, match=r"maps.previous-2.tsne"):
        third = paused(blobs, path)
    third.close()
    assert TSNEWidget.load(previous(path), blobs).iteration == 7
    assert TSNEWidget.load(path.with_name("maps.previous-2.tsne"), blobs).iteration == 0


def test_the_newest_of_two_widgets_has_the_file(blobs, path, caplog):
    first = paused(blobs, path)
    with caplog.at_level(logging.INFO, "tsne_widget"):
        second = paused(blobs, path)
    assert "another widget saves itself there" in caplog.text
    first.step(5).wait(PATIENCE)
    assert first._saving_problem == f"another widget saves itself into {path} now: this one no longer does"
    assert first.autosave is None
    second.close()
    first.close()
    assert TSNEWidget.load(path, blobs).iteration == 0


def test_another_program_may_write_while_a_file_is_read(blobs, path, monkeypatch):
    paused(blobs, path).close()
    first_bytes = path.read_bytes()
    read = loading.read_maps

    def slow(where):
        tree = read(where)
        path.write_bytes(first_bytes + b" ")
        return tree

    monkeypatch.setattr(loading, "read_maps", slow)
    with pytest.warns(SavingWarning, match="maps.tsne exists"):
        w = TSNEWidget.load(path, blobs, autosave=path)
    w.close()
    assert previous(path).read_bytes() == first_bytes + b" "


def test_a_full_disk_is_said_once_and_the_file_before_stays(blobs, path, monkeypatch, caplog):
    w = paused(blobs, path)
    save_now(w)
    before = path.read_bytes()
    fsync = os.fsync
    monkeypatch.setattr("os.fsync", full)
    for _ in range(3):
        w.step(2).wait(PATIENCE)
        save_now(w)
    assert caplog.text.count("No space left on device") == 1
    assert w._saving_problem.startswith("autosave fails: ")
    assert w._saving_problem.endswith("the file written before is as it was")
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == ["maps.tsne"]
    monkeypatch.setattr("os.fsync", fsync)
    save_now(w)
    assert w._saving_problem == ""
    assert TSNEWidget.load(path, blobs).iteration == 6


def test_what_is_lost_at_the_end_is_warned_of(blobs, path, monkeypatch):
    w = paused(blobs, path)
    save_now(w)
    w.step(2).wait(PATIENCE)
    monkeypatch.setattr("os.fsync", full)
    with pytest.warns(SavingWarning, match="last changes are not saved: autosave fails: .* No space"):
        w.close()


def test_a_file_that_another_program_writes_is_left_to_it(blobs, path):
    w = paused(blobs, path)
    save_now(w)
    theirs = path.read_bytes() + b" "
    path.with_name("new").write_bytes(theirs)
    path.with_name("new").replace(path)
    w.step(2).wait(PATIENCE)
    save_now(w)
    assert f"another program has written {path} meanwhile" in w._saving_problem
    assert path.read_bytes() == theirs
    with (
        pytest.warns(SavingWarning, match="maps.tsne exists"),
        pytest.warns(SavingWarning, match="last changes are not saved"),
    ):
        w.autosave = path, 30
    assert w._saving_problem == ""
    save_now(w)
    assert previous(path).read_bytes() == theirs
    assert TSNEWidget.load(path, blobs).iteration == 2


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (60, InvalidTypeError),
        ("", InvalidTypeError),
        (("maps.tsne", 0), InvalidValueError),
        (("maps.tsne", "often"), InvalidTypeError),
        (("maps.tsne", 5, 6), InvalidTypeError),
        ("none/maps.tsne", SaveError),
        (".", InvalidValueError),
    ],
)
def test_what_is_no_file_is_refused(blobs, value, error):
    with pytest.raises(error, match=r"autosave|none"):
        make(blobs, autosave=value)
    w = make(blobs, autostart=False)
    with pytest.raises(error, match=r"autosave|none"):
        w.autosave = value
    assert w.autosave is None


KILLED = """
    import time
    import numpy as np
    from tsne_widget import TSNEWidget
    X = np.random.default_rng(0).normal(size=(3000, 10))
    w = TSNEWidget(X, perplexity=[20, 30], beside="umap", max_iter=100_000, autosave=({path!r}, 1))
    w.groups["a"] = [1, 2, 3]
    while True:
        time.sleep(1)
"""


@pytest.mark.release
def test_a_kernel_that_is_killed_loses_at_most_what_was_not_written(path):
    script = textwrap.dedent(KILLED.format(path=str(path)))
    process = subprocess.Popen([sys.executable, "-c", script])
    try:
        until(path.exists)
        written = path.stat().st_mtime_ns
        until(lambda: path.stat().st_mtime_ns != written)
        time.sleep(0.3)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    X = np.random.default_rng(0).normal(size=(3000, 10))
    v = TSNEWidget.load(path, X, autosave=path)
    assert list(v.groups["a"]) == [1, 2, 3]
    first = [run.iteration for run in v.runs]
    assert all(run.embedding_.shape == (3000, 2) for run in v.runs)
    until(lambda: all(run.iteration > before for run, before in zip(v.runs, first, strict=True)))
    v.pause().wait(PATIENCE)
    # The same maps without a death on the way, as far as these have come.
    w = TSNEWidget(X, perplexity=[20, 30], beside="umap", max_iter=100_000, autostart=False).wait(PATIENCE)
    for run, other in zip(v.runs, w.runs, strict=True):
        other.step(run.iteration)
        w.wait(PATIENCE)
        np.testing.assert_array_equal(run.embedding_, other.embedding_)


@pytest.mark.release
def test_a_script_that_ends_saves_its_last_changes(path):
    script = (
        KILLED.format(path=str(path)).replace("while True:", "for _ in range(2):").replace("path, 1", "path")
    )
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], timeout=2 * PATIENCE)
    assert done.returncode == 0
    assert TSNEWidget.load(path, np.random.default_rng(0).normal(size=(3000, 10))).groups
