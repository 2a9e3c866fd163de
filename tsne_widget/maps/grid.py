"""Which runs a widget has, in which order, and what tells them apart; no thread, no Jupyter."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import Any, NamedTuple

from ..errors import InvalidValueError, NotRunningError
from ..parameters.axes import AXES, SPOKEN
from ..parameters.axis import Axis, name_of
from ..parameters.constants import RUNS_MAX
from ..parameters.given import plain


@dataclass(frozen=True, eq=False)
class Spec:
    """What may differ between the runs of a widget.

    Two are equal, and have one hash, where all values are; coordinates are compared by identity.

    Parameters
    ----------
    values : mapping
        Of each of `AXES`, by name, as `check_axis` returns it; ``spec["init"]`` is as the user gave it.
    """

    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return plain(self.values[name])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Spec) and self.values == other.values

    def __hash__(self) -> int:
        return hash(self.part(*(axis.decides for axis in AXES.values())))

    def with_value(self, name: str, value: Any) -> Spec:
        """Return another one that differs in one value."""
        return Spec({**self.values, name: value})

    def changed(self, before: Spec) -> list[Axis]:
        """Return the axes in which this one differs from another."""
        return [axis for name, axis in AXES.items() if self.values[name] != before.values[name]]

    def part(self, *decided: str) -> tuple[Any, ...]:
        """Return the values that decide some part of a map, to be compared: "start", "affinities", ..."""
        return tuple(self.values[name] for name, axis in AXES.items() if axis.decides in decided)

    @property
    def start(self) -> tuple[Any, ...]:
        """What decides the initial layout, to be compared."""
        return self.part("start")


class Entry(NamedTuple):
    """A run's id, unique in its widget and never used twice, and its spec."""

    run: int
    spec: Spec


@dataclass(frozen=True)
class Grid:
    """The runs of a widget in the order of their panels; each operation returns another grid.

    Parameters
    ----------
    entries : tuple of Entry
        At least one, no two with the same id or spec.
    next_run : int
        The id of the next new run.
    """

    entries: tuple[Entry, ...] = ()
    next_run: int = 0

    @property
    def runs(self) -> list[int]:
        """The ids."""
        return [entry.run for entry in self.entries]

    @property
    def varying(self) -> list[str]:
        """Those of `AXES` in which the runs differ."""
        return [name for name in AXES if len(self.distinct(name)) > 1]

    def distinct(self, name: str) -> tuple[Any, ...]:
        """Return the distinct values of one of `AXES`, in the order of the panels."""
        return tuple(dict.fromkeys(entry.spec.values[name] for entry in self.entries))

    def spec(self, run: int) -> Spec:
        """Return the spec of a run.

        Raises
        ------
        NotRunningError
            There is no such run any more.
        """
        for entry in self.entries:
            if entry.run == run:
                return entry.spec
        raise NotRunningError("this map is no longer part of the widget: w.runs holds those that are")

    def product(self, axes: Mapping[str, Sequence[Any]]) -> Grid:
        """Combine all values of all `AXES`; runs that are among the combinations keep their id.

        Raises
        ------
        InvalidValueError
            These would be more than 64.
        """
        count = prod(len(axes[name]) for name in AXES)
        if count > RUNS_MAX:
            raise InvalidValueError(f"this would be {count} maps: one widget shows at most {RUNS_MAX}")
        known = {entry.spec: entry for entry in self.entries}
        specs = (
            Spec(dict(zip(AXES, values, strict=True)))
            for values in itertools.product(*(axes[name] for name in AXES))
        )
        fresh = itertools.count(self.next_run)
        entries = tuple(known.get(spec) or Entry(next(fresh), spec) for spec in specs)
        return Grid(entries, next(fresh))

    def change_all(self, name: str, value: Any) -> Grid:
        """Set one of `AXES` on all runs; of those that become equal, one stays.

        That is the one which was so already, else the first.
        """
        changed: dict[Spec, Entry] = {}
        for entry in self.entries:
            after = entry.spec.with_value(name, value)
            if after not in changed or after == entry.spec:
                changed[after] = Entry(entry.run, after)
        return replace(self, entries=tuple(changed.values()))

    def change_one(self, run: int, name: str, value: Any) -> Grid:
        """Set one of `AXES` on one run.

        Raises
        ------
        NotRunningError
            There is no such run any more.
        InvalidValueError
            Another run is so already.
        """
        after = self.spec(run).with_value(name, value)
        if any(entry.spec == after and entry.run != run for entry in self.entries):
            so = ", ".join(f"{axis.label} {name_of(after.values[axis.name])}" for axis in SPOKEN)
            raise InvalidValueError(f"another map of this widget has {so} already: each must differ")
        changed = (Entry(run, after) if entry.run == run else entry for entry in self.entries)
        return replace(self, entries=tuple(changed))

    def keep(self, run: int) -> Grid:
        """Keep one run alone; NotRunningError where there is no such run any more."""
        return replace(self, entries=(Entry(run, self.spec(run)),))

    def remove(self, run: int) -> Grid:
        """Go on without one run.

        Raises
        ------
        NotRunningError
            There is no such run any more, or no other one.
        """
        self.spec(run)
        others = tuple(entry for entry in self.entries if entry.run != run)
        if not others:
            raise NotRunningError("the last map of a widget cannot be removed: close() ends the widget")
        return replace(self, entries=others)


def title(grid: Grid, run: int) -> str:
    """Say what tells a run from the others: 'perplexity 5', 'seed 1, PCA'; of a single one its perplexity."""
    spec = grid.spec(run)
    return ", ".join(axis.title.format(axis.text(spec.values[axis.name])) for axis in _told(grid))


def short_title(grid: Grid, run: int) -> str:
    """Say the same where there is little room: '5 · s1 · PCA'."""
    told, spec = _told(grid), grid.spec(run)
    if len(told) == 1:
        return title(grid, run)
    return " · ".join(axis.short.format(axis.text(spec.values[axis.name])) for axis in told)


def column_suffix(grid: Grid, run: int) -> str:
    """Say the same as a part of a column's name: '_perplexity_5', '_seed_1_init_pca'; empty for one run."""
    names = ((axis.label, name_of(grid.spec(run).values[axis.name])) for axis in _varying(grid))
    return "".join(f"_{label}_{name.replace(' ', '_')}" for label, name in names)


def summary(grid: Grid) -> str:
    """Say how many maps there are and what varies: '3 maps of perplexity 5, 30, 100'."""
    varying = (f"{axis.label} {', '.join(map(name_of, grid.distinct(axis.name)))}" for axis in _varying(grid))
    return f"{len(grid.runs)} maps of {'; '.join(varying)}"


def _varying(grid: Grid) -> list[Axis]:
    return [axis for axis in SPOKEN if axis.name in grid.varying]


def _told(grid: Grid) -> list[Axis]:
    return _varying(grid) or list(SPOKEN[:1])
