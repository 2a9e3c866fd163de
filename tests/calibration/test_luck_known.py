"""What 'holds together' says of clouds whose groups are known."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.cluster import KMeans

from tests.clients import PATIENCE
from tsne_widget import TSNEWidget

pytestmark = [pytest.mark.usefixtures("close_widgets")]
ROWS = 500


def cloud(d):
    """One Gaussian cloud: whatever the map cuts is no group."""
    return np.random.default_rng(0).normal(size=(ROWS, d))


def groups(count, d, apart):
    """Gaussian groups that far apart, in standard deviations, each in a direction of its own."""
    labels = np.arange(ROWS) % count
    centers = np.eye(count, d) * apart / np.sqrt(2)
    return cloud(d) + centers[labels], labels


def held(X, labels, kind):
    """How far the labels hold together on three maps; without labels, the halves that the first map shows."""
    w = TSNEWidget(X, perplexity=30).wait(PATIENCE)
    if labels is None:
        labels = KMeans(2, n_init=5, random_state=0).fit_predict(w.embedding_)
    for label in np.unique(labels):
        w.groups[str(label)] = np.flatnonzero(labels == label)
    found = w.repeat(3, kind).wait(PATIENCE).holds_together("groups")
    w.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("kind", [pytest.param("starts", marks=pytest.mark.release), "rows"])
def test_halves_of_a_cloud_come_apart_and_groups_stay_together(kind):
    halves = held(cloud(50), None, kind)
    assert halves["mean"].max() < 0.4
    assert halves["reference"].min() > 0.8
    assert halves["in words"].str.contains("comes apart").all()
    for count, d, apart, least in ((2, 50, 6, 0.95), (2, 10, 4, 0.85), (10, 10, 6, 0.9)):
        real = held(*groups(count, d, apart), kind)
        assert real["mean"].min() > least
        assert real["in words"].str.contains("stays together \\(").all()


def test_halves_of_a_flat_cloud_hold_together_and_are_not_real():
    halves = held(cloud(2), None, "starts")
    assert halves["mean"].min() > 0.8
