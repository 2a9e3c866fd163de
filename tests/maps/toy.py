"""A method as somebody would add one: this file and a line in the registry."""

from __future__ import annotations

import numpy as np

from tsne_widget.maps.grid import Spec
from tsne_widget.maps.method import Figure, Method, Slices
from tsne_widget.maps.stages import Stage
from tsne_widget.parameters.axes import AXES
from tsne_widget.parameters.axis import Axis, Reach
from tsne_widget.parameters.defaults import Settings
from tsne_widget.parameters.limits import Limit

SHUFFLING = Stage("shuffling rows", "shuffling the rows into an order", "rows shuffled")
TURNING = Stage("turning", short=True)
TURNS = Limit(1, 100, integer=True)


class Spiral(Method):
    """Winds the rows, in an order drawn by the seed, onto a spiral that opens step by step."""

    name = "spiral"
    label = "Spiral"
    live = True
    axes = (
        AXES["random_state"],
        Axis(
            name="turns",
            label="turns",
            plural="turns",
            kind="number",
            decides="descent",
            check=lambda values, facts: [TURNS.check("turns", value) for value in values],
            allowed=lambda facts: str(TURNS),
            title="{} turns",
            short="{}",
            head="{} turns",
            incomparable={"openness": "more turns open sooner"},
            reach=lambda facts: Reach(low=TURNS.low, high=TURNS.high, allowed=str(TURNS)),
        ),
    )
    defaults = {"turns": 3}  # noqa: RUF012 # as in any method
    told = (Figure("openness", "how far the spiral has opened", share=True),)

    points: np.ndarray | None = None
    _places: np.ndarray | None = None
    _done, _limit = 0, 5

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that draws the same order."""
        return [f"order = np.random.default_rng({spec['random_state']}).permutation(len(X))"]

    def prepare(self) -> Slices:
        """Draw the order."""
        yield SHUFFLING, None
        self._places = np.random.default_rng(self.spec["random_state"]).permutation(self.shared_work.n)
        yield SHUFFLING, 0.5
        self._wind()

    def step(self) -> None:
        """Open the spiral a little."""
        self._done += 1
        self._wind()

    def continue_with(self, spec: Spec) -> Slices | None:
        """Continue with other turns."""
        seed, self.spec = self.spec["random_state"], spec
        return self._turn() if seed == spec["random_state"] and self.ready else None

    def extend(self) -> None:
        """Open it farther."""
        self._limit = self._done + 5

    def _turn(self) -> Slices:
        yield TURNING, None
        self.extend()
        self._wind()

    def _wind(self) -> None:
        share = (self._places + 1) / self.shared_work.n
        angle = 2 * np.pi * self.spec["turns"] * share
        radius = share * (1 + self._done)
        self.points = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).astype(np.float32)

    layout = property(lambda self: self.points)
    ready = property(lambda self: self.points is not None)
    iteration = property(lambda self: self._done)
    limit = property(lambda self: self._limit)
    ended = property(lambda self: self._done >= self._limit)
    settled = ended
    phase = property(lambda self: "wound" if self.ended else "winding")
    why = property(lambda self: "all turns are wound")
    figures = property(lambda self: {"openness": self._done / (1 + self._done)} if self.ready else {})
