"""How a map came about: layouts of a run as they were, dense where it moved fast, bounded in number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..parameters.constants import HISTORY_BYTES, HISTORY_FRAMES, HISTORY_FRAMES_LEAST
from .grid import Spec

#: Steps of a quantised coordinate.
QUANTIZED = 65_535
#: A layout is kept once this share of the iterations since the start, or since a change, has passed.
_GAP = 0.04
#: Iterations after a start or a change for which a gap counts as one of the first.
_YOUNG = 20


@dataclass(frozen=True, eq=False)
class Quantized:
    """A layout in two bytes a coordinate: `offset` plus `scale` times `codes`."""

    offset: tuple[float, float]
    scale: float
    codes: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray) -> Quantized:
        """Quantise a layout, float32 of shape (n, 2)."""
        low = points.min(axis=0).astype(np.float64)
        span = float((points - low).max()) or 1.0
        codes = np.round((points - low) * (QUANTIZED / span)).astype("<u2")
        return cls((float(low[0]), float(low[1])), span / QUANTIZED, codes)

    @property
    def points(self) -> np.ndarray:
        """The layout, float32 of shape (n, 2)."""
        return (np.asarray(self.offset) + self.scale * self.codes).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Keyframe:
    """A map as it was at one iteration.

    Attributes
    ----------
    epoch : int
        Rises with every change of the map's parameters.
    iteration : int
        Iterations done.
    spec : Spec
        The parameters in force that may differ between maps.
    figures : mapping of float
        What was known then of the map, by name: "KL", ...
    """

    epoch: int
    iteration: int
    spec: Spec
    figures: Mapping[str, float]
    layout: Quantized

    @property
    def kl_divergence(self) -> float | None:
        """Kullback-Leibler divergence as last known then; None in the first iterations."""
        return self.figures.get("KL")

    @property
    def perplexity(self) -> float | None:
        """The perplexity in force; None where it does not concern the method."""
        return self.spec.values.get("perplexity")

    @property
    def embedding(self) -> np.ndarray:
        """The layout: float32 of shape (n_samples, 2), exact to 1/65,535 of the map's longer side."""
        return self.layout.points

    def __repr__(self) -> str:
        kl = "" if self.kl_divergence is None else f", KL {self.kl_divergence:.3f}"
        perplexity = "" if self.perplexity is None else f", perplexity {self.perplexity:g}"
        return f"Keyframe(iteration {self.iteration}{kl}{perplexity})"


class Recorder:
    """Keeps keyframes of one course of a run, from its initial layout on.

    `frames` is replaced as a whole: other threads may read it at any time.

    Parameters
    ----------
    n : int
        Points; their number tells how many keyframes are kept at most.
    """

    def __init__(self, n: int):
        self.frames: tuple[Keyframe, ...] = ()
        self._capacity = capacity(n)
        # For each frame how many iterations the map was old when it was taken, counted from the last change.
        self._ages: tuple[int, ...] = ()
        self._changed_at = 0

    def begin(self) -> None:
        """Forget all: the map starts anew."""
        self.frames, self._ages, self._changed_at = (), (), 0

    def go_back_to(self, iteration: int) -> None:
        """Forget what came after an iteration, from which the map goes on."""
        kept = len([frame for frame in self.frames if frame.iteration <= iteration])
        self.frames, self._ages, self._changed_at = self.frames[:kept], self._ages[:kept], iteration

    def note_change(self, iteration: int) -> None:
        """From here on the map moves fast again."""
        self._changed_at = iteration

    def wants(self, iteration: int) -> bool:
        """Tell whether the layout of an iteration is to be kept."""
        if not self.frames:
            return True
        gap = iteration - self.frames[-1].iteration
        return gap > 0 and gap >= _GAP * (iteration - self._changed_at)

    def take(self, frame: Keyframe) -> None:
        """Keep a layout; one that tells least goes where there are too many."""
        if self.frames and self.frames[-1].iteration == frame.iteration:
            frames, ages = self.frames[:-1], self._ages[:-1]
        else:
            frames, ages = self.frames, self._ages
        frames, ages = (*frames, frame), (*ages, frame.iteration - self._changed_at)
        if len(frames) > self._capacity:
            least = _least_missed([one.iteration for one in frames], ages)
            frames, ages = frames[:least] + frames[least + 1 :], ages[:least] + ages[least + 1 :]
        self.frames, self._ages = frames, ages


def capacity(n: int) -> int:
    """Return how many keyframes of n points are kept: fewer of so many points that they would fill memory."""
    return int(np.clip(HISTORY_BYTES // (4 * n), HISTORY_FRAMES_LEAST, HISTORY_FRAMES))


def _least_missed(iterations: list[int], ages: tuple[int, ...]) -> int:
    """Return the frame, neither the first nor the last, whose neighbours lie closest for its age."""
    gaps = [
        (iterations[i + 1] - iterations[i - 1]) / (ages[i] + _YOUNG) for i in range(1, len(iterations) - 1)
    ]
    return 1 + int(np.argmin(gaps))


def at(frames: tuple[Keyframe, ...], iteration: int) -> Keyframe | None:
    """Return the newest keyframe that is not later than an iteration; the first if all are; None of none."""
    earlier = [frame for frame in frames if frame.iteration <= iteration]
    return earlier[-1] if earlier else next(iter(frames), None)
