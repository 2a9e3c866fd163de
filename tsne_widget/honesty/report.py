"""What may be read from a map, for a notebook: sentences, numbers, a frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from textwrap import fill, indent
from typing import Any

from .findings import QUESTIONS, Finding, FoundGap

_MARKS = {"good": "✓", "caution": "!", "bad": "✗", "plain": "·"}
_WIDTH = 100


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """What may be read from a map, and what not; from `TSNEWidget.report()`.

    Attributes
    ----------
    title : str
        The map, and the moment at which it was measured.
    findings : tuple of Finding
        Each with its `question`, its `subject` (a group; empty for the whole map), `sentence`, `tone` and
        `values`.
    gaps : tuple of FoundGap
        The gaps of the map, the deepest first; each with its `answer`, `sentence`, `values` and the rows on
        both sides, `first` and `second`.
    """

    title: str
    findings: tuple[Finding, ...]
    gaps: tuple[FoundGap, ...]
    _new_frame: Callable[[dict[str, list[Any]]], Any]

    @property
    def sentences(self) -> list[str]:
        """All sentences, those about the map first."""
        return [finding.sentence for finding in self.findings]

    def to_frame(self) -> Any:
        """Return a frame, in the library of your data, with a row for each finding.

        The columns are subject, question, answer (the sentence), tone, and one for each number, which is
        missing where it does not apply.
        """
        numbers = list(dict.fromkeys(name for finding in self.findings for name in finding.values))
        return self._new_frame(
            {
                "subject": [finding.subject or "the map" for finding in self.findings],
                "question": [finding.question for finding in self.findings],
                "answer": [finding.sentence for finding in self.findings],
                "tone": [finding.tone for finding in self.findings],
                **{
                    name: [finding.values.get(name, float("nan")) for finding in self.findings]
                    for name in numbers
                },
            }
        )

    def __repr__(self) -> str:
        lines = [self.title]
        for subject, findings in self._by_subject():
            lines += ["", subject] if subject else []
            for one in findings:
                lines.append(f"{_MARKS[one.tone]} {QUESTIONS[one.question]}")
                lines.append(indent(fill(one.sentence, _WIDTH), "    "))
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = []
        for subject, findings in self._by_subject():
            if subject:
                rows.append(f'<tr><th colspan="3" style="text-align:left">{escape(subject)}</th></tr>')
            rows += [
                "<tr>"
                f'<td style="vertical-align:top">{_MARKS[one.tone]}</td>'
                f'<td style="text-align:left;vertical-align:top">{QUESTIONS[one.question]}</td>'
                f'<td style="text-align:left;white-space:normal;max-width:48em">{escape(one.sentence)}</td>'
                "</tr>"
                for one in findings
            ]
        return f"<p><strong>{escape(self.title)}</strong></p><table>{''.join(rows)}</table>"

    def _by_subject(self) -> Iterator[tuple[str, list[Finding]]]:
        for subject, findings in groupby(self.findings, key=lambda one: one.subject):
            yield subject, list(findings)
