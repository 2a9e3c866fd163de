"""Repetitions of the map, and how far groups of rows hold together on them: whether they are luck."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import Source
from ..errors import InvalidValueError, NotComputedError
from ..honesty.luck import (
    NOT_REAL,
    TOGETHER_NEIGHBORS,
    Held,
    Luck,
    together_in_steps,
)
from ..maps.grid import Spec
from ..maps.repeat_method import SUBSAMPLE, RepeatMethod
from ..maps.run import Run
from ..measures.neighborhoods import map_neighbors_in_steps
from ..measures.stability import AGREE_BY_CONSTRUCTION
from ..parameters.axes import AXES, check_values
from ..parameters.constants import REPEATED_SHARE, REPEATS, RUNS_MAX
from ..parameters.limits import LIMITS, Limit, check_one_of
from ..tsne.steps import result_of
from .handle import RunHandle, layout_of
from .map_set import MapSet
from .measurements import Measurements, Named, agree_by_construction
from .row_set import RowSet

#: The name of the selected rows among groups.
SELECTED = "selected rows"
#: What decides a map besides its start and its rows.
_SAME = ("metric", "perplexity", "exaggeration")


class Repeating:
    """Repeats the map, and compares the repetitions."""

    def __init__(self, shown: Any, source: Source, maps: MapSet, rows: RowSet, measurements: Measurements):
        self._shown, self._source, self._maps, self._rows = shown, source, maps, rows
        self._measurements = measurements

    # --- the maps -----------------------------------------------------------------------------------

    def repeat(self, n: Any, kind: Any) -> None:
        """Show n repetitions of the first map in place of those shown."""
        count = Limit(0, RUNS_MAX - 1, integer=True).check("n", n)
        specs = self._specs(count, check_one_of("kind", kind, REPEATS))
        others = {name: spec for name, spec in self._maps.beside.items() if not _is_ours(spec)}
        self._maps.set_beside({**others, **{spec.name: spec for spec in specs}})

    def _specs(self, count: int, kind: str) -> list[Spec]:
        first = self._maps.grid.of_tsne[0].spec
        share = REPEATED_SHARE if kind == "rows" and count else 1.0
        (checked,) = check_values(SUBSAMPLE, share, self._maps.facts)
        begin = RepeatMethod.spec_beside("", first).with_value("subsample", checked)
        why = RepeatMethod.out_of_range(begin, self._maps.n_rows)
        if count and why:
            raise InvalidValueError(f"kind={kind!r}: {why}")
        seeds = _seeds(count, self._maps.grid.distinct("random_state"))
        specs = [begin.with_value("random_state", seed) for seed in seeds]
        return [_named(spec) for spec in specs]

    # --- what they say ------------------------------------------------------------------------------

    def holds_together(self, by: str | None) -> Any:
        """Return as a frame how far labels, groups or the selected rows hold together."""
        found = result_of(self.steps(by))
        if not found.maps:
            raise NotComputedError(self._why_none())
        columns: dict[str, Any] = {
            "group": [held.name for held in found.held],
            "kind": [held.kind for held in found.held],
            "rows": [held.rows for held in found.held],
        }
        for position, title in enumerate(found.maps.values()):
            columns[title] = np.array([held.values[position] for held in found.held])
        columns["reference"] = np.array([held.here for held in found.held])
        columns["mean"] = np.array([held.mean for held in found.held])
        said = ((held, held.in_words(found.in_words)) for held in found.held)
        columns["in words"] = [f"{words} {NOT_REAL}" if held.verdict else words for held, words in said]
        return self._source.new_frame(columns, indexed=False)

    def steps(self, by: str | None = None) -> Generator[None, None, Luck]:
        """Compare the repetitions in steps; by default for labels, groups and the selected rows."""
        kinds, named = self._groups(by)
        return (yield from self.compare(kinds, named))

    def compare(self, kinds: Sequence[str], named: Named) -> Generator[None, None, Luck]:
        """Tell in steps how far some sets of rows hold together on the repetitions that there are."""
        names, rows = named
        maps = self._repetitions()
        here = [run for run in self._maps.with_layouts() if run.id == self._base[0]]
        k = min(TOGETHER_NEIGHBORS, self._maps.n_rows - 1)
        found = []
        for run in [*here, *maps]:
            neighbors = yield from map_neighbors_in_steps(layout_of(run), k)
            found.append([one.value for one in (yield from together_in_steps(neighbors, rows))])
        base, others = (found[0] if here else [math.nan] * len(rows)), found[len(here) :]
        held = [
            Held(name, kind, len(some), len(some) == self._maps.n_rows, base[i], [one[i] for one in others])
            for i, (name, kind, some) in enumerate(zip(names, kinds, rows, strict=True))
        ]
        return Luck({run.id: run.title for run in maps}, self._maps_in_words(maps), held)

    def _groups(self, by: str | None) -> tuple[list[str], Named]:
        """Return what some sets of rows are, their names, and the rows."""
        if by is not None:
            names, rows = self._measurements.rows_by(by)
            kind = "group" if by == "groups" and by not in self._source.columns else "label"
            return [kind] * len(names), (names, rows)
        kinds: list[str] = []
        names, rows = [], []
        selection = self._shown.selection
        if len(selection):
            kinds, names, rows = ["selected"], [SELECTED], [selection]
        groups = self._measurements.by_group()
        labels = self._measurements.labels_shown()
        kinds += ["group"] * len(groups[0]) + ["label"] * len(labels[0])
        return kinds, ([*names, *groups[0], *labels[0]], [*rows, *groups[1], *labels[1]])

    def _repetitions(self) -> list[RunHandle]:
        """Return the maps with a layout that differ from the base in their start or rows, and not in vain."""
        return [run for run in self._maps.with_layouts() if self._repeats(run)]

    def _repeats(self, run: RunHandle) -> bool:
        base, spec = self._base
        return run.id != base and is_repetition(self._maps.grid.spec(run.id), spec)

    @property
    def at_rest(self) -> bool:
        """Whether no repetition is on its way any more: until then nobody knows what comes apart."""
        return all(
            _has_arrived(self._maps.run_of(run.id)) for run in self._maps.handles if self._repeats(run)
        )

    @property
    def base(self) -> int:
        """The map that others repeat."""
        return self._base[0]

    @property
    def _base(self) -> tuple[int, Spec]:
        """The map that others repeat: the reference, or else the first t-SNE map."""
        reference = self._shown._reference
        spec = self._maps.grid.spec(reference)
        if spec.method in _METHODS:
            return reference, spec
        return self._maps.grid.of_tsne[0]

    def _maps_in_words(self, maps: Sequence[RunHandle]) -> str:
        shares = {_share(self._maps.grid.spec(run.id)) for run in maps}
        count = f"{len(maps)} map{'' if len(maps) == 1 else 's'}"
        if shares == {1.0}:
            return f"{count} from {'another start' if len(maps) == 1 else 'other starts'}"
        if len(shares) == 1:
            return f"{count} of {100 * min(shares):g} % of the rows"
        return f"{count} from other starts or of a part of the rows"

    def _why_none(self) -> str:
        base, spec = self._base
        specs = {run: spec for run, spec in self._maps.grid.entries if run != base}
        if any(is_repetition(other, spec) for other in specs.values()):
            return "the repetitions of the map have no layout yet: wait() waits for them"
        why = "holds_together() needs repetitions of the map: repeat() makes them"
        alike = any(agree_by_construction([spec, other]) for other in specs.values())
        return f"{why}; {AGREE_BY_CONSTRUCTION}" if alike else why


_METHODS = ("tsne", RepeatMethod.name)


def is_repetition(spec: Spec, base: Spec) -> bool:
    """Tell whether a map is one more of the same data and parameters, and agrees not by construction."""
    if spec.method not in _METHODS or any(spec.values[name] != base.values[name] for name in _SAME):
        return False
    if min(_share(spec), _share(base)) < 1:
        return True
    one, other = ({name: each.values[name] for name in AXES} for each in (spec, base))
    return one != other and agree_by_construction([Spec(one), Spec(other)]) is None


def _has_arrived(run: Run | None) -> bool:
    """Tell whether a map rests elsewhere than where it began, or will never move."""
    if run is None or run.status.kind in ("preparing", "moving"):
        return False
    return run.status.kind != "at rest" or run.status.iteration > 0


def _share(spec: Spec) -> float:
    return float(spec.values.get(SUBSAMPLE.name, 1.0))


def _is_ours(spec: Spec) -> bool:
    """Tell whether a map beside t-SNE is a repetition that no user has named."""
    return spec.method == RepeatMethod.name and spec.name == RepeatMethod.name_of(spec)


def _named(spec: Spec) -> Spec:
    return replace(spec, name=RepeatMethod.name_of(spec))


def _seeds(count: int, used: Sequence[int]) -> list[int]:
    """Return seeds from 1 that no t-SNE map has."""
    seeds = (seed for seed in range(1, int(LIMITS["random_state"].high)) if seed not in used)
    return [next(seeds) for _ in range(count)]
