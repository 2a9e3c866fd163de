"""Which runs a widget has, in which order, and what tells them apart; no thread, no Jupyter."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidValueError, NotRunningError
from ..parameters.axes import AXES
from ..parameters.constants import RUNS_MAX


def _called(init: Any) -> str:
    return init if isinstance(init, str) else "given"


@dataclass(frozen=True, eq=False)
class Spec:
    """What may differ between the runs of a widget.

    Attributes
    ----------
    perplexity : float
    init : str or ndarray of float32, shape (n_samples, 2)
        Coordinates are compared by identity; `Coordinates` makes equal ones the same.
    random_state : int
    """

    perplexity: float
    init: Any
    random_state: int

    @property
    def start(self) -> tuple[Any, int]:
        """What decides the initial layout, to be compared."""
        return (self.init if isinstance(self.init, str) else id(self.init), self.random_state)

    @property
    def key(self) -> tuple[Any, ...]:
        """What decides the map, to be compared."""
        return (self.perplexity, *self.start)


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
        At least one, no two with the same id or key.
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
        values = (getattr(entry.spec, name) for entry in self.entries)
        return tuple({_key(value): value for value in values}.values())

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
        count = int(np.prod([len(axes[name]) for name in AXES]))
        if count > RUNS_MAX:
            raise InvalidValueError(f"this would be {count} maps: one widget shows at most {RUNS_MAX}")
        known = {entry.spec.key: entry for entry in self.entries}
        specs = (
            Spec(**dict(zip(AXES, values, strict=True)))
            for values in itertools.product(*(axes[name] for name in AXES))
        )
        fresh = itertools.count(self.next_run)
        entries = tuple(known.get(spec.key) or Entry(next(fresh), spec) for spec in specs)
        return Grid(entries, next(fresh))

    def change_all(self, name: str, value: Any) -> Grid:
        """Set one of `AXES` on all runs; of those that become equal, one stays.

        That is the one which was so already, else the first.
        """
        changed: dict[tuple[Any, ...], Entry] = {}
        for entry in self.entries:
            after = replace(entry.spec, **{name: value})
            if after.key not in changed or after.key == entry.spec.key:
                changed[after.key] = Entry(entry.run, after)
        return replace(self, entries=tuple(changed.values()))

    def change_one(self, run: int, name: str, value: Any, called: Callable[[Any], str] = _called) -> Grid:
        """Set one of `AXES` on one run; `called` names an init.

        Raises
        ------
        NotRunningError
            There is no such run any more.
        InvalidValueError
            Another run is so already.
        """
        after = replace(self.spec(run), **{name: value})
        if any(entry.spec.key == after.key and entry.run != run for entry in self.entries):
            raise InvalidValueError(
                f"another map of this widget has perplexity {number_text(after.perplexity)}, "
                f"seed {after.random_state}, init {called(after.init)} already: each must differ"
            )
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


class Coordinates:
    """The initial layouts given as arrays, each once, and what they are called."""

    def __init__(self) -> None:
        self._given: list[np.ndarray] = []

    def known(self, init: Any) -> Any:
        """Return an init, or the array known before that holds the same coordinates."""
        if isinstance(init, str):
            return init
        for given in self._given:
            if np.array_equal(given, init):
                return given
        self._given.append(init)
        return init

    def name(self, init: Any) -> str:
        """Return 'pca', 'random', or for arrays in the order they came 'given', 'given 2', 'given 3', ..."""
        if isinstance(init, str):
            return init
        number = next(number for number, given in enumerate(self._given, 1) if given is init)
        return "given" if number == 1 else f"given {number}"

    def named(self, name: str) -> Any:
        """Return the init of a name; KeyError where none is called so."""
        for given in self._given:
            if self.name(given) == name:
                return given
        raise KeyError(name)


def title(grid: Grid, run: int, name: Callable[[Any], str]) -> str:
    """Say what tells a run from the others: 'perplexity 5', 'seed 1, PCA'; `name` names an init."""
    words = {
        "perplexity": "perplexity {}".format,
        "seed": "seed {}".format,
        "init": lambda init: "PCA" if init == "pca" else init,
    }
    differences = _differences(grid, run, name)
    alone = f"perplexity {number_text(grid.spec(run).perplexity)}"
    return ", ".join(words[what](value) for what, value in differences.items()) or alone


def column_suffix(grid: Grid, run: int, name: Callable[[Any], str]) -> str:
    """Say the same as a part of a column's name: '_perplexity_5', '_seed_1_init_pca'; empty for one run."""
    differences = _differences(grid, run, name)
    return "".join(f"_{what}_{value.replace(' ', '_')}" for what, value in differences.items())


def summary(grid: Grid, name: Callable[[Any], str]) -> str:
    """Say how many maps there are and what varies: '3 maps of perplexity 5, 30, 100'."""
    values: dict[str, dict[str, None]] = {}
    for run in grid.runs:
        for what, value in _differences(grid, run, name).items():
            values.setdefault(what, {})[value] = None
    varying = "; ".join(f"{what} {', '.join(texts)}" for what, texts in values.items())
    return f"{len(grid.runs)} maps of {varying}"


def _differences(grid: Grid, run: int, name: Callable[[Any], str]) -> dict[str, str]:
    spec, varying = grid.spec(run), grid.varying
    words = {
        "perplexity": ("perplexity", number_text(spec.perplexity)),
        "random_state": ("seed", str(spec.random_state)),
        "init": ("init", name(spec.init)),
    }
    return dict(words[axis] for axis in words if axis in varying)


def _key(value: Any) -> Any:
    return id(value) if isinstance(value, np.ndarray) else value


def number_text(number: float) -> str:
    """Write a number so short that it can be read again."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)
