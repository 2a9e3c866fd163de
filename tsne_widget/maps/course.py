"""The newest layout of a run, and how it came about."""

from __future__ import annotations

from .grid import Spec
from .keyframes import Keyframe, Quantized, Recorder
from .method import Method
from .status import Layout


class Course:
    """Keeps copies of what a method shows, each of which is never written to again.

    Parameters
    ----------
    n : int
        Points.
    """

    def __init__(self, n: int):
        self.layout: Layout | None = None
        self._recorder = Recorder(n)

    @property
    def frames(self) -> tuple[Keyframe, ...]:
        """The keyframes since the map last started; the tuple is replaced as a whole."""
        return self._recorder.frames

    def keep(self, method: Method, epoch: int, spec: Spec) -> None:
        """Keep the present layout, unless that is known; the first one begins the keyframes anew."""
        known = self.layout
        if known is not None and (known.epoch, known.iteration) == (epoch, method.iteration):
            return
        points = method.layout
        if points is None:
            return
        gone_back = known is not None and points is known.points
        self.layout = Layout(points if gone_back else points.copy(), epoch, method.iteration)
        if method.iteration == 0:
            self._recorder.begin()
            self.record(method, epoch, spec)

    def record(self, method: Method, epoch: int, spec: Spec) -> None:
        """Take a keyframe, where the iteration is one to be kept or the last."""
        if not (method.ended or self._recorder.wants(method.iteration)):
            return
        points = method.layout  # which costs a copy where the method has its rows in another order
        assert points is not None
        figures = dict(method.figures)
        self._recorder.take(Keyframe(epoch, method.iteration, spec, figures, Quantized.of(points)))

    def go_back_to(self, layout: Layout) -> None:
        """Forget what came after a layout, from which the map goes on."""
        self._recorder.go_back_to(layout.iteration)

    def note_change(self, iteration: int) -> None:
        """From here on the map moves fast again."""
        self._recorder.note_change(iteration)
