"""Undo goes back step by step, redo forward again, and a new selection ends the way forward."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tsne_widget.widget.undo import Undo


def rows(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_there_and_back_again():
    history, now = Undo(), rows()
    for new in (rows(1), rows(2, 3)):
        history.note(now)
        now = new
    now = history.back(now)
    assert now.tolist() == [1]
    now = history.back(now)
    assert now.tolist() == []
    assert history.back(now) is None
    assert history.sizes == (0, 2)
    now = history.forward(now)
    now = history.forward(now)
    assert now.tolist() == [2, 3]
    assert history.forward(now) is None


def test_a_new_selection_ends_the_way_forward():
    history = Undo()
    history.note(rows())
    history.back(rows(1))
    history.note(rows())
    assert history.sizes == (1, 0)


def test_the_oldest_are_forgotten_first():
    history = Undo(steps=3, rows=5)
    for size in (1, 1, 1, 1):
        history.note(np.arange(size))
    assert history.sizes == (3, 0)
    history.note(np.arange(4))
    assert history.sizes == (2, 0)


@given(st.lists(st.sampled_from(["new", "back", "forward"]), max_size=40))
def test_it_is_as_a_list_with_a_place_in_it(steps):
    history, states, at = Undo(), [0], 0
    now = rows(0)
    for number, step in enumerate(steps, 1):
        if step == "new":
            history.note(now)
            now = rows(number)
            states, at = [*states[: at + 1], number], at + 1
        else:
            moved = getattr(history, step)(now)
            target = at + (1 if step == "forward" else -1)
            assert (moved is None) == (not 0 <= target < len(states))
            if moved is not None:
                now, at = moved, target
        assert now.tolist() == [states[at]]
        assert history.sizes == (at, len(states) - 1 - at)
