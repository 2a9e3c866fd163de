"""The runs of a widget and their order; no thread, no Jupyter."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

from ..errors import InvalidValueError, NotRunningError
from ..parameters.axes import AXES, SPOKEN
from ..parameters.axis import name_of
from ..parameters.constants import RUNS_MAX
from ..parameters.given import plain
from .origin import Origin


@dataclass(frozen=True)
class Spec:
    """The parameters of one run, which may differ between the runs of a widget.

    Specs with equal values are equal; coordinates are compared by identity.

    Parameters
    ----------
    values : mapping
        The value of each axis that concerns the map, by name, as `check_values` returns it; ``spec["init"]``
        is as the user gave it.
    method : str
        The method that makes the map, one of `METHODS`.
    name : str
        The name of a map beside t-SNE, unique in its widget; empty for t-SNE maps.
    follows : tuple of str
        The axes whose values are always those of the first t-SNE map, such as the metric that measures a map.
    origin : Origin or None
        What the user gave to make the map, if that is no method of ours.
    """

    values: Mapping[str, Any]
    method: str = "tsne"
    name: str = ""
    follows: tuple[str, ...] = ()
    origin: Origin | None = None

    def __getitem__(self, name: str) -> Any:
        return plain(self.values[name])

    def __hash__(self) -> int:
        return hash((self.method, self.name, self.origin, frozenset(self.values.items())))

    def with_value(self, name: str, value: Any) -> Spec:
        """Return a copy with one value replaced."""
        return replace(self, values={**self.values, name: value})

    def changed(self, before: Spec) -> list[str]:
        """Return the names of the axes in which two specs differ."""
        return [name for name, value in self.values.items() if value != before.values.get(name)]

    def part(self, *decided: str) -> tuple[Any, ...]:
        """Return comparable values of the axes that decide a part of a map: "start", "affinities", ..."""
        return tuple(
            self.values[name] for name in AXES if name in self.values and AXES[name].decides in decided
        )

    def following(self, first: Spec) -> Spec:
        """Return a copy with those values of the first t-SNE map that this map follows."""
        return replace(self, values={**self.values, **{name: first.values[name] for name in self.follows}})

    @cached_property
    def written(self) -> dict[str, str]:
        """The values, each in a form that can be read again, or by its name."""
        return {name: name_of(value) for name, value in self.values.items()}


class Entry(NamedTuple):
    """A run's id, unique in its widget and never reused, and its spec."""

    run: int
    spec: Spec


@dataclass(frozen=True)
class Grid:
    """The runs of a widget in panel order; each operation returns a new grid.

    The t-SNE maps come first, in all combinations of their values; then the maps beside them.

    Parameters
    ----------
    entries : tuple of Entry
        At least one; no two share an id or a spec.
    next_run : int
        The id of the next new run.
    """

    entries: tuple[Entry, ...] = ()
    next_run: int = 0

    @property
    def runs(self) -> list[int]:
        """The ids of the runs."""
        return [entry.run for entry in self.entries]

    def __post_init__(self) -> None:
        """Let the maps beside t-SNE follow the first t-SNE map."""
        if self.beside and self.of_tsne:
            first = self.of_tsne[0].spec
            entries = (
                entry._replace(spec=entry.spec.following(first)) if entry.spec.follows else entry
                for entry in self.entries
            )
            object.__setattr__(self, "entries", tuple(entries))

    @property
    def of_tsne(self) -> tuple[Entry, ...]:
        """The t-SNE maps, at least one."""
        return tuple(entry for entry in self.entries if not entry.spec.name)

    @property
    def beside(self) -> dict[str, Entry]:
        """The maps beside t-SNE, by name."""
        return {entry.spec.name: entry for entry in self.entries if entry.spec.name}

    @property
    def varying(self) -> list[str]:
        """The names of the axes in which the t-SNE maps differ."""
        return [name for name in AXES if len(self.distinct(name)) > 1]

    def distinct(self, name: str) -> tuple[Any, ...]:
        """Return the distinct values of an axis among the t-SNE maps, in panel order."""
        return tuple(dict.fromkeys(entry.spec.values[name] for entry in self.of_tsne))

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
        raise NotRunningError("this map is no longer part of the widget: w.runs holds the current ones")

    def product(self, values: Mapping[str, Sequence[Any]]) -> Grid:
        """Combine the values of some axes with all current values of the others.

        Runs that already have such a combination keep their id.

        Raises
        ------
        InvalidValueError
            These would be more than 64.
        """
        axes = [values.get(name) or self.distinct(name) for name in AXES]
        _require_room(prod(map(len, axes)) + len(self.beside))
        known = {entry.spec: entry for entry in self.entries}
        specs = (Spec(dict(zip(AXES, combined, strict=True))) for combined in itertools.product(*axes))
        fresh = itertools.count(self.next_run)
        entries = tuple(known.get(spec) or Entry(next(fresh), spec) for spec in specs)
        return Grid((*entries, *self.beside.values()), next(fresh))

    def with_beside(self, specs: Sequence[Spec]) -> Grid:
        """Show these maps beside t-SNE; maps already there keep their id, and take the values given.

        Raises
        ------
        InvalidValueError
            These would be more than 64.
        """
        _require_room(len(self.of_tsne) + len(specs))
        known = {(spec.name, spec.method, spec.origin): run for run, spec in self.beside.values()}
        fresh = itertools.count(self.next_run)
        runs = (known.get((spec.name, spec.method, spec.origin)) for spec in specs)
        entries = tuple(
            Entry(next(fresh) if run is None else run, spec) for run, spec in zip(runs, specs, strict=True)
        )
        return Grid((*self.of_tsne, *entries), next(fresh))

    def change_all(self, name: str, value: Any) -> Grid:
        """Set an axis on all t-SNE maps; if several become equal, one stays.

        It is the one that already had the value, else the first. Maps beside them have their own values.
        """
        changed: dict[Spec, Entry] = {}
        for entry in self.entries:
            after = entry.spec if entry.spec.name else entry.spec.with_value(name, value)
            if after not in changed or after == entry.spec:
                changed[after] = Entry(entry.run, after)
        return replace(self, entries=tuple(changed.values()))

    def change_one(self, run: int, name: str, value: Any) -> Grid:
        """Set an axis on one run.

        Raises
        ------
        NotRunningError
            There is no such run any more.
        InvalidValueError
            Another run already has these values, or this run has no such parameter.
        """
        spec = self.spec(run)
        if name not in spec.values or name in spec.follows:
            raise InvalidValueError(f"{name} does not apply to {spec.name}")
        after = spec.with_value(name, value)
        if any(entry.spec == after and entry.run != run for entry in self.entries):
            so = ", ".join(f"{axis.label} {name_of(after.values[axis.name])}" for axis in SPOKEN)
            raise InvalidValueError(f"another map of this widget already has {so}: every map must differ")
        changed = (Entry(run, after) if entry.run == run else entry for entry in self.entries)
        return replace(self, entries=tuple(changed))

    def rename(self, run: int, name: str) -> Grid:
        """Give a map beside t-SNE another name.

        Raises
        ------
        InvalidValueError
            Another map has this name.
        """
        if name in self.beside and self.beside[name].run != run:
            raise InvalidValueError(f"another map of this widget is {name!r}: every map must differ")
        named = (
            entry._replace(spec=replace(entry.spec, name=name)) if entry.run == run else entry
            for entry in self.entries
        )
        return replace(self, entries=tuple(named))

    def keep(self, run: int) -> Grid:
        """Keep one run and remove all others.

        Raises
        ------
        NotRunningError
            There is no such run any more.
        InvalidValueError
            It is not a t-SNE map.
        """
        spec = self.spec(run)
        if spec.name:
            raise InvalidValueError(f"{spec.name} cannot be the only map: a widget needs a t-SNE map")
        return replace(self, entries=(Entry(run, spec),))

    def remove(self, run: int) -> Grid:
        """Remove a run.

        Raises
        ------
        NotRunningError
            There is no such run any more, or it is the last t-SNE map.
        """
        self.spec(run)
        others = replace(self, entries=tuple(entry for entry in self.entries if entry.run != run))
        if not others.of_tsne:
            which = "map" if not others.entries else "t-SNE map"
            raise NotRunningError(f"the last {which} of a widget cannot be removed: close() ends the widget")
        return others


def _require_room(count: int) -> None:
    if count > RUNS_MAX:
        raise InvalidValueError(f"this would be {count} maps: one widget shows at most {RUNS_MAX}")
