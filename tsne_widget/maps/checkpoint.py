"""What a run needs to go on later, in another session, as if it had never stopped."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..tsne.state import State
from .grid import Entry, Spec
from .keyframes import Keyframe
from .status import Layout, Status


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A run between two iterations; all arrays are constant.

    Attributes
    ----------
    playing : bool
        Whether it runs by itself.
    steps : int or None
        How many iterations it does before it pauses.
    preparing : bool
        Whether it was being prepared, for its start or with other parameters.
    status : Status
        What it said of itself.
    layout : Layout or None
        Its newest layout; None before there was one.
    frames : tuple of Keyframe
        Its keyframes.
    ages, changed_at : tuple of int, int
        When the keyframes were, see `Recorder`.
    state : State or None
        The state of its method; None if that begins anew, or is at a layout without momentum.
    neighbors_found : int
        How many neighbours of each row a search had found in its metric.
    failure, failed_when : str
        Why it failed, and what it was doing, in words; empty if it has not.
    """

    playing: bool
    steps: int | None
    preparing: bool
    status: Status
    layout: Layout | None
    frames: tuple[Keyframe, ...]
    ages: Sequence[int]
    changed_at: int
    state: State | None
    neighbors_found: int = 0
    failure: str = ""
    failed_when: str = ""


class Readable(Protocol):
    """What a checkpoint can be taken of: a run."""

    number: int
    spec: Spec

    def checkpoint(self) -> Checkpoint:
        """Return all that another run needs to go on from here."""


class Reading:
    """The checkpoints of some runs, by their ids, of which the engine's thread takes one at a time.

    Another thread may wait for `done`, and then read `checkpoints` and `entries`, the parameters that the
    runs had then, or `error` if they could not be taken.
    """

    def __init__(self) -> None:
        self.checkpoints: dict[int, Checkpoint] = {}
        self.entries: list[Entry] = []
        self.error: BaseException | None = None
        self.done = threading.Event()
        self._left: deque[Readable] = deque()

    def begin(self, runs: Iterable[Readable]) -> None:
        """Take note of the runs."""
        self._left.extend(runs)

    def go_on(self) -> None:
        """Take the checkpoint of the next run."""
        try:
            run = self._left.popleft()
            self.checkpoints[run.number] = run.checkpoint()
            self.entries.append(Entry(run.number, run.spec))
        except BaseException as error:
            self.refuse(error)
        if not self._left:
            self.done.set()

    def finish(self) -> None:
        """Take all that are left."""
        while not self.done.is_set():
            self.go_on()

    def refuse(self, error: BaseException) -> None:
        """End without the checkpoints."""
        self._left.clear()
        self.error = error
        self.done.set()
