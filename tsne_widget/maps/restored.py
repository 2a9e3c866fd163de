"""What a run was in another session, which it shows until it can go on from there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .checkpoint import Checkpoint
from .method import Method, Slices
from .stages import Stage
from .status import Kind, Layout, Status


def way_on(checkpoint: Checkpoint, method: Method) -> Slices | None:
    """Return the preparation by which a method goes on as the run did; None if it has to begin anew."""
    layout, state = checkpoint.layout, checkpoint.state
    if layout is None:
        return None
    where = layout.points, layout.iteration, checkpoint.status.limit
    if state is not None:
        return method.resume(state, *where)
    if not method.live:
        return method.prepare()
    if layout.iteration > 0 and not _is_of_sample(layout, method):
        return method.go_back_to(*where)
    return None


def status_of_playing(told: Status, stage: Stage, progress: float | None) -> Status:
    """Return the status of a map that has all its figures, and will move once it is prepared."""
    kind: Kind = "preparing" if stage.awaited else "moving"
    told = replace(told, kind=kind, stage=stage.name, waiting=stage.awaited, progress=progress)
    return replace(told, ended=False, settled=False, reason="", advice="", may_go_on=False)


def status_at_rest(told: Status, reason: str) -> Status:
    """Return the status of a map that has all its figures, and rests as it did."""
    if not told.ended:
        told = replace(told, stage="paused", reason=reason)
    return replace(told, kind="at rest", waiting="")


def _is_of_sample(layout: Layout, method: Method) -> bool:
    """Tell whether rows that the map is made of have no place yet."""
    points = layout.points if method.rows is None else layout.points[method.rows]
    return bool(np.isnan(points).any())
