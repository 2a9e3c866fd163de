"""What other threads may read of a run: its state and its newest layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["preparing", "moving", "at rest", "failed", "out of range"]


@dataclass(frozen=True, eq=False)
class Layout:
    """A layout at one iteration; `points` never changes, and is NaN where a row has no place.

    `as_given` is that of its method.
    """

    points: np.ndarray
    epoch: int
    iteration: int
    as_given: np.ndarray | None = None


@dataclass(frozen=True)
class Status:
    """The state of a run; the browser gets the same.

    Attributes
    ----------
    kind : str
        Whether the run is preparing, moving, at rest, failed or out of range.
    stage : str
        What the run is doing, as the view shows it.
    waiting : str
        What the map waits for, as its panel says it; empty if it does not wait.
    progress : float or None
        The progress of a long stage, from 0 to 1.
    figures : mapping of float
        What the method reports about its map, by name; see `Method.told`.
    words : mapping of str
        Those of them that the view shows, as they are written.
    playing : bool
        Whether the run continues by itself.
    reason : str
        Why it ended or rests, in a sentence; empty if there is nothing to say.
    advice : str
        What would help a map that is not settled; empty if nothing would.
    may_go_on : bool
        Whether going on would.
    values : mapping of str
        The values in force of the axes that concern the method, as `Spec.written` has them.
    neighbors_kept : float or None
        The share of the 10 nearest neighbours that the map keeps; known once the run rests.
    kept_in_words : str
        The same in a sentence, which names the metric if the maps have several; empty if it is unknown.
    doubt : str
        Why the data's neighbours cast doubt on the map, in a sentence; empty if they do not.
    placing : str
        What new rows wait for, or why they cannot be placed; empty if they are placed, or there are none.
    """

    run: int
    epoch: int
    kind: Kind
    stage: str
    waiting: str
    progress: float | None
    iteration: int
    limit: int
    figures: Mapping[str, float]
    words: Mapping[str, str]
    playing: bool
    ended: bool
    settled: bool
    reason: str
    values: Mapping[str, str]
    neighbors_kept: float | None
    kept_in_words: str = ""
    doubt: str = ""
    placing: str = ""
    advice: str = ""
    may_go_on: bool = False
