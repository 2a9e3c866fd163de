"""What is found about a map or a group of its rows: a sentence, its numbers, and how good the news is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

#: "good": the map may be read here; "caution": with care; "bad": it may not; "plain": neither.
Tone = Literal["good", "caution", "bad", "plain"]
#: Whether the data have a gap: between two groups, or between two clumps of a map.
Answer = Literal["apart", "thin", "joined"]
#: The questions in plain words, in the order of a report.
QUESTIONS = {
    "fits": "Does it fit?",
    "torn": "Is it torn?",
    "noise": "Is it noise?",
    "gaps": "Are its gaps in the data?",
    "luck": "Is it luck?",
    "strong": "Is it strong?",
    "apart": "One or two?",
}


@dataclass(frozen=True)
class Finding:
    """One answer.

    Attributes
    ----------
    question : str
        "fits", "torn", "noise", "gaps", "apart", "strong" or "luck".
    subject : str
        The name of the group; empty for the whole map.
    sentence : str
        The answer in words.
    tone : {"good", "caution", "bad", "plain"}
    values : mapping of str to float
        Its numbers, by name.
    """

    question: str
    subject: str
    sentence: str
    tone: Tone = "plain"
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class FoundGap:
    """A gap of the map, and whether the data have it.

    Attributes
    ----------
    answer : {"apart", "thin", "joined"} or None
        None if nobody can tell; the sentence then says why.
    lines : list of ndarray of shape (m, 2), float32
        Points along the middle of the gap, in order, in the units of the map; there may be several lines,
        and a closed one ends where it begins.
    first, second : ndarray of int64
        The rows of the clumps on both sides.
    """

    answer: Answer | None
    sentence: str
    values: Mapping[str, float]
    lines: list[np.ndarray]
    first: np.ndarray
    second: np.ndarray

    def __repr__(self) -> str:
        return f"{self.sentence} ({len(self.first)} and {len(self.second)} rows)"


@dataclass(frozen=True, eq=False)
class Found:
    """The answers to one question about a map at one moment.

    Attributes
    ----------
    run, epoch, iteration : int
        The map, and the moment at which it was measured.
    findings : tuple of Finding
    gaps : tuple of FoundGap
        Filled by the question about all gaps.
    links : ndarray of shape (m, 2), int64
        The pairs of rows linked across two groups; filled by a verdict.
    advice : Finding or None
        The most important finding about the map; filled by the question about the map.
    seconds : mapping of str to float
        About how long the costly questions take; filled likewise.
    """

    run: int
    epoch: int
    iteration: int
    findings: tuple[Finding, ...]
    gaps: tuple[FoundGap, ...] = ()
    links: np.ndarray = field(default_factory=lambda: np.empty((0, 2), np.int64))
    advice: Finding | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
