"""Where a map is that begins as an estimator has fitted it."""

from __future__ import annotations

import math

import numpy as np

from ..tsne.slices import Slice
from ..tsne.state import State
from .checkpoint import Checkpoint
from .descent_method import CHANGING
from .grid import Spec
from .keyframes import Keyframe, Quantized
from .status import Layout, Status
from .tsne_method import ENDINGS, TSNEMethod


def checkpoint_as_fitted(run: int, spec: Spec, points: np.ndarray, end: Slice) -> Checkpoint:
    """Return where a run is whose map was fitted elsewhere and has ended.

    Parameters
    ----------
    run : int
        Its id.
    spec : Spec
        Its parameters, which are those of the fit.
    points : ndarray of shape (n, 2), float32
        The fitted map.
    end : Slice
        The numbers of the optimizer's state at its end, and what it said of itself; going on begins without
        momentum.
    """
    numbers, told = end.state.numbers, end.told
    iteration, ended = numbers["iteration"], numbers["ended"]
    figures = {"learning rate": told.learning_rate}
    if math.isfinite(told.kl_divergence):
        figures = {"KL": told.kl_divergence, **figures}
    status = Status(
        run=run,
        epoch=0,
        kind="at rest",
        stage=ENDINGS[ended],
        waiting="",
        progress=None,
        iteration=iteration,
        limit=numbers["limit"],
        figures=figures,
        words=TSNEMethod.written(figures),
        playing=False,
        ended=True,
        settled=ended == "settled",
        reason=told.why,
        values=spec.written,
        neighbors_kept=None,
        advice=told.advice,
        may_go_on=told.may_go_on,
    )
    rows = {"layout": points, "velocity": np.zeros_like(points), "gains": np.ones_like(points)}
    return Checkpoint(
        playing=False,
        steps=None,
        preparing=False,
        status=status,
        layout=Layout(points, 0, iteration),
        frames=(Keyframe(0, iteration, spec, figures, Quantized.of(points)),),
        ages=(iteration,),
        changed_at=0,
        state=State(rows, numbers).with_number(CHANGING, False),
    )
