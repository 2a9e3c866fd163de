"""Keyframes of a run: a bounded number of past layouts, denser where the map moved fast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..parameters.constants import HISTORY_BYTES, HISTORY_FRAMES, HISTORY_FRAMES_LEAST
from .grid import Spec

#: The number of steps of a quantized coordinate.
QUANTIZED = 65_535
#: The code of both coordinates of a row without a place, if there is one; then there is a step less.
NO_PLACE = 65_535
#: The gap to the next keyframe, as a share of the iterations since the start or the last change.
_GAP = 0.04
#: How many iterations after a start or a change a gap counts as one of the first.
_YOUNG = 20


@dataclass(frozen=True, eq=False)
class Quantized:
    """A layout in two bytes per coordinate: `offset` plus `scale` times `codes`.

    If `gaps`, rows without a place have the codes `NO_PLACE`.
    """

    offset: tuple[float, float]
    scale: float
    codes: np.ndarray
    gaps: bool = False

    @classmethod
    def of(cls, points: np.ndarray) -> Quantized:
        """Quantize a layout, float32 of shape (n, 2), NaN where a row has no place."""
        placed = ~np.isnan(points[:, 0])
        if not placed.all():
            some = cls._of_places(points[placed], QUANTIZED - 1)
            codes = np.full(points.shape, NO_PLACE, "<u2")
            codes[placed] = some.codes
            return cls(some.offset, some.scale, codes, gaps=True)
        return cls._of_places(points, QUANTIZED)

    @classmethod
    def _of_places(cls, points: np.ndarray, steps: int) -> Quantized:
        low = points.min(axis=0).astype(np.float64)
        span = float((points - low).max()) or 1.0
        codes = np.round((points - low) * (steps / span)).astype("<u2")
        return cls((float(low[0]), float(low[1])), span / steps, codes)

    @property
    def points(self) -> np.ndarray:
        """The layout, float32 of shape (n, 2), NaN where a row has no place."""
        points = (np.asarray(self.offset) + self.scale * self.codes).astype(np.float32)
        if self.gaps:
            points[self.codes[:, 0] == NO_PLACE] = np.nan
        return points


@dataclass(frozen=True, eq=False)
class Keyframe:
    """A map at one iteration.

    Attributes
    ----------
    epoch : int
        Counts the changes of the map's parameters.
    iteration : int
        Iterations done.
    spec : Spec
        The parameters in force that may differ between maps.
    figures : mapping of float
        The figures known at that iteration, by name: "KL", ...
    """

    epoch: int
    iteration: int
    spec: Spec
    figures: Mapping[str, float]
    layout: Quantized

    @property
    def kl_divergence(self) -> float | None:
        """The latest Kullback-Leibler divergence at that iteration; None in the first iterations."""
        return self.figures.get("KL")

    @property
    def perplexity(self) -> float | None:
        """The perplexity in force; None where it does not concern the method."""
        return self.spec.values.get("perplexity")

    @property
    def embedding(self) -> np.ndarray:
        """The layout, float32 of shape (n_samples, 2), accurate to 1/65,535 of the map's longer side."""
        return self.layout.points

    def __repr__(self) -> str:
        kl = "" if self.kl_divergence is None else f", KL {self.kl_divergence:.3f}"
        perplexity = "" if self.perplexity is None else f", perplexity {self.perplexity:g}"
        return f"Keyframe(iteration {self.iteration}{kl}{perplexity})"


class Recorder:
    """Keeps a run's keyframes from its initial layout on.

    `frames` is immutable and replaced as a whole, so other threads may read it at any time. `ages` are, for
    each frame, the iterations between the start, or the last change at `changed_at`, and the frame.

    Parameters
    ----------
    n : int
        The number of points; it limits how many keyframes are kept.
    """

    def __init__(self, n: int):
        self.frames: tuple[Keyframe, ...] = ()
        self._capacity = capacity(n)
        self.ages: tuple[int, ...] = ()
        self.changed_at = 0

    def begin(self) -> None:
        """Clear all keyframes, as the map starts anew."""
        self.frames, self.ages, self.changed_at = (), (), 0

    def go_back_to(self, iteration: int) -> None:
        """Drop the keyframes after an iteration; the map continues from there."""
        kept = len([frame for frame in self.frames if frame.iteration <= iteration])
        self.frames, self.ages, self.changed_at = self.frames[:kept], self.ages[:kept], iteration

    def note_change(self, iteration: int) -> None:
        """Note that the map starts to move fast again."""
        self.changed_at = iteration

    def wants(self, iteration: int) -> bool:
        """Return whether an iteration is due for a keyframe."""
        if not self.frames:
            return True
        gap = iteration - self.frames[-1].iteration
        return gap > 0 and gap >= _GAP * (iteration - self.changed_at)

    def take(self, frame: Keyframe) -> None:
        """Add a keyframe; if there are too many, drop the one that is missed least."""
        frames, ages = self.frames, self.ages
        if frames and frames[-1].iteration == frame.iteration:
            frames, ages = frames[:-1], ages[:-1]
        frames, ages = (*frames, frame), (*ages, frame.iteration - self.changed_at)
        if len(frames) > self._capacity:
            least = _least_missed([one.iteration for one in frames], ages)
            frames, ages = frames[:least] + frames[least + 1 :], ages[:least] + ages[least + 1 :]
        self.frames, self.ages = frames, ages


def capacity(n: int) -> int:
    """Return how many keyframes of n points to keep: fewer for many points, to bound memory."""
    return int(np.clip(HISTORY_BYTES // (4 * n), HISTORY_FRAMES_LEAST, HISTORY_FRAMES))


def _least_missed(iterations: list[int], ages: tuple[int, ...]) -> int:
    """Return the frame, except the first and last, whose neighbours lie closest together for its age."""
    gaps = [
        (iterations[i + 1] - iterations[i - 1]) / (ages[i] + _YOUNG) for i in range(1, len(iterations) - 1)
    ]
    return 1 + int(np.argmin(gaps))


def at(frames: tuple[Keyframe, ...], iteration: int) -> Keyframe | None:
    """Return the newest keyframe at or before an iteration, else the first; None if there are none."""
    earlier = [frame for frame in frames if frame.iteration <= iteration]
    return earlier[-1] if earlier else next(iter(frames), None)
