"""Who looks at a widget, by the heartbeats of its pages."""

import pytest

from tsne_widget.parameters.constants import ABSENCE_SECONDS, PATIENCE_SECONDS
from tsne_widget.wire.audience import Audience

A_MOMENT = 0.001


@pytest.fixture
def audience(clock):
    return Audience(clock)


def test_a_widget_that_was_never_shown_has_no_audience_and_is_not_absent(audience, clock):
    clock.forward(1e9)
    assert not audience.present
    assert not audience.visible
    assert not audience.absent


def test_a_page_that_was_heard_is_present(audience):
    audience.heard("a")
    assert audience.present
    assert audience.visible


def test_a_page_that_goes_on_speaking_stays(audience, clock):
    for _ in range(100):
        audience.heard("a")
        clock.forward(ABSENCE_SECONDS)
        assert audience.present
        assert not audience.absent


def test_a_silent_page_is_gone_after_a_while(audience, clock):
    audience.heard("a")
    clock.forward(ABSENCE_SECONDS + A_MOMENT)
    assert audience.absent
    assert not audience.present


def test_a_page_that_said_goodbye_is_gone_at_once_but_only_later_missed(audience, clock):
    audience.heard("a")
    clock.forward(ABSENCE_SECONDS - A_MOMENT)
    audience.left("a")
    assert not audience.present
    clock.forward(ABSENCE_SECONDS)
    assert not audience.absent
    clock.forward(A_MOMENT)
    assert audience.absent


def test_while_one_page_is_there_nobody_misses_another(audience, clock):
    audience.heard("a")
    audience.heard("b")
    audience.left("a")
    assert audience.present
    clock.forward(ABSENCE_SECONDS - A_MOMENT)
    audience.heard("b")
    clock.forward(ABSENCE_SECONDS - A_MOMENT)
    assert not audience.absent


def test_a_page_comes_back(audience, clock):
    audience.heard("a")
    clock.forward(10 * ABSENCE_SECONDS)
    assert audience.absent
    audience.heard("a")
    assert audience.present
    assert not audience.absent


def test_the_goodbye_of_an_unknown_page_is_no_heartbeat(audience, clock):
    audience.left("nobody")
    clock.forward(ABSENCE_SECONDS + A_MOMENT)
    assert not audience.absent
    audience.heard("a")
    clock.forward(ABSENCE_SECONDS + A_MOMENT)
    audience.left("nobody")
    assert audience.absent


def test_a_hidden_page_is_present_but_not_visible(audience, clock):
    audience.heard("a", visible=False)
    assert audience.present
    assert not audience.visible
    clock.forward(ABSENCE_SECONDS - A_MOMENT)
    assert not audience.absent


def test_one_visible_page_is_enough(audience):
    audience.heard("a", visible=False)
    audience.heard("b", visible=True)
    assert audience.visible
    audience.heard("b", visible=False)
    assert not audience.visible


def test_a_silent_page_is_not_visible_any_more(audience, clock):
    audience.heard("a", visible=True)
    audience.heard("b", visible=False)
    clock.forward(ABSENCE_SECONDS)
    audience.heard("b", visible=False)
    clock.forward(A_MOMENT)
    assert audience.present
    assert not audience.visible


def test_without_a_page_nothing_is_acknowledged(audience):
    assert audience.acknowledged == 0
    audience.heard("a", acknowledged=5)
    audience.left("a")
    assert audience.acknowledged == 0


def test_an_acknowledgement_never_goes_back(audience):
    audience.heard("a", acknowledged=5)
    audience.heard("a", acknowledged=3)
    audience.heard("a")
    assert audience.acknowledged == 5


def test_the_slowest_visible_page_counts(audience):
    audience.heard("a", acknowledged=5)
    audience.heard("b", acknowledged=3)
    assert audience.acknowledged == 3


def test_a_hidden_page_holds_nobody_up(audience):
    audience.heard("a", acknowledged=5)
    audience.heard("b", acknowledged=3, visible=False)
    assert audience.acknowledged == 5


def test_the_slowest_counts_where_all_are_hidden(audience):
    audience.heard("a", acknowledged=5, visible=False)
    audience.heard("b", acknowledged=3, visible=False)
    assert audience.acknowledged == 3


def test_a_page_that_left_holds_nobody_up(audience):
    audience.heard("a", acknowledged=5)
    audience.heard("b", acknowledged=3)
    audience.left("b")
    assert audience.acknowledged == 5


def test_a_page_that_fell_silent_holds_nobody_up(audience, clock):
    audience.heard("b", acknowledged=3)
    clock.forward(ABSENCE_SECONDS)
    audience.heard("a", acknowledged=5)
    clock.forward(A_MOMENT)
    assert audience.acknowledged == 5


def test_a_page_that_hangs_holds_up_nobody_but_itself(audience, clock):
    audience.heard("hangs", acknowledged=3)
    audience.heard("a", acknowledged=5)
    assert audience.acknowledged == 3
    clock.forward(PATIENCE_SECONDS + A_MOMENT)
    audience.heard("a")
    assert audience.acknowledged == 5
    audience.left("a")
    assert audience.acknowledged == 3


def test_what_arrived_at_a_page_that_has_left_does_not_bring_it_back(audience):
    audience.heard("a")
    audience.left("a")
    audience.acknowledge("a", 5)
    assert not audience.knows("a")
    assert not audience.present


def test_an_acknowledgement_counts_as_a_heartbeat(audience, clock):
    audience.heard("a")
    clock.forward(ABSENCE_SECONDS - A_MOMENT)
    audience.acknowledge("a", 5)
    clock.forward(ABSENCE_SECONDS - A_MOMENT)
    assert audience.knows("a")
    assert audience.present
    assert audience.acknowledged == 5
