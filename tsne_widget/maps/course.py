"""A run's newest layout and its keyframes."""

from __future__ import annotations

from .checkpoint import Checkpoint
from .grid import Spec
from .keyframes import Keyframe, Quantized, Recorder
from .method import Method
from .status import Layout


class Course(Recorder):
    """Keeps copies of a method's layouts: the newest, and keyframes; no copy changes afterwards."""

    layout: Layout | None = None

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on with what another run has kept."""
        self.layout, self.frames = checkpoint.layout, checkpoint.frames
        self.ages, self.changed_at = tuple(checkpoint.ages), checkpoint.changed_at

    def keep(self, method: Method, epoch: int, spec: Spec) -> None:
        """Keep the current layout unless we already have it; the first one clears the keyframes."""
        known = self.layout
        if known is not None and (known.epoch, known.iteration) == (epoch, method.iteration):
            return
        points = method.layout
        if points is None:
            return
        gone_back = known is not None and points is known.points
        self.layout = Layout(
            points if gone_back else points.copy(),
            epoch,
            method.iteration,
            method.as_given,
        )
        if method.iteration == 0:
            self.begin()
            self.record(method, epoch, spec)

    def record(self, method: Method, epoch: int, spec: Spec) -> None:
        """Take a keyframe if the iteration is due for one or is the last."""
        if not (method.ended or self.wants(method.iteration)):
            return
        points = method.layout  # read once: it is a copy if the method has reordered its rows
        assert points is not None
        figures = dict(method.figures)
        self.take(Keyframe(epoch, method.iteration, spec, figures, Quantized.of(points)))
