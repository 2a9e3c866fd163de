"""Maps as nested dicts, lists and arrays for a file, and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ..errors import DataError
from ..maps.checkpoint import Checkpoint
from ..maps.given_method import GivenMethod
from ..maps.grid import Entry, Grid, Spec
from ..maps.keyframes import Keyframe, Quantized
from ..maps.methods import METHODS
from ..maps.origin import ChosenRows, GivenEstimator, GivenPoints, Origin
from ..maps.status import Layout, Status
from ..parameters.axis import Facts
from ..parameters.given import Given
from ..tsne.state import State

#: What stands for a value without a name of its own.
_GIVEN = "given"
#: Those arrays of a state that have a row for each point.
_OF_POINTS = ("layout", "velocity", "gains")
_QUANTIZED = ("offset", "scale", "codes", "gaps")


class SpecsWritten:
    """Turns specs into numbers, and lists what these stand for; equal ones, and their origins, occur once.

    A map that an estimator makes, or has made, becomes one of given coordinates: `made` returns them by the
    origin, or None if there are none yet.
    """

    def __init__(self, facts: Facts, made: Callable[[Origin], np.ndarray | None]):
        self._facts, self._made = facts, made
        self._numbers: dict[Spec, int] = {}
        self._specs: list[dict[str, Any]] = []
        self._origins: dict[Origin, int] = {}
        self._origin_trees: list[dict[str, Any]] = []

    def number(self, spec: Spec) -> int:
        """Return the number of a spec."""
        if spec not in self._numbers:
            self._numbers[spec] = len(self._specs)
            origin = spec.origin
            self._specs.append(
                {
                    "values": {name: _value(name, value) for name, value in spec.values.items()},
                    "method": GivenMethod.name if isinstance(origin, GivenEstimator) else spec.method,
                    "name": spec.name,
                    "follows": spec.follows,
                    "origin": None if origin is None else self._origin(origin),
                }
            )
        return self._numbers[spec]

    @property
    def tree(self) -> dict[str, Any]:
        """What the numbers stand for, and all values that have names of ours."""
        return {
            "specs": self._specs,
            "origins": self._origin_trees,
            "inits": {given.name: given.value for given in self._used("init")},
            "metrics": [given.name for given in self._used("metric")],
        }

    def _used(self, axis: str) -> list[Given]:
        """Return those values with names of ours that a spec has."""
        used = [spec["values"].get(axis) for spec in self._specs]
        return [given for given in self._facts.names[axis] if {_GIVEN: given.name} in used]

    def _origin(self, origin: Origin) -> int:
        if origin not in self._origins:
            self._origins[origin] = len(self._origins)
            tree: dict[str, Any] = {"label": origin.label}
            if isinstance(origin, ChosenRows):
                tree |= {"rows": origin.rows, "most_neighbors": origin.most_neighbors}
            else:
                of_estimator = (
                    isinstance(origin, GivenEstimator) or getattr(origin, "estimator", None) is not None
                )
                lost = origin.label if of_estimator else getattr(origin, "lost", "")
                key = getattr(origin, "key", "")
                tree |= {"points": self._made(origin), "key": key, "lost": lost}
            self._origin_trees.append(tree)
        return self._origins[origin]


class SpecsRead:
    """The specs of a file by their numbers.

    Parameters
    ----------
    tree : mapping
        From `SpecsWritten`.
    facts : Facts
        Learns of the values that have names.
    metrics : mapping
        The functions that the user gives again, by name.
    """

    def __init__(self, tree: Mapping[str, Any], facts: Facts, metrics: Mapping[str, Any]):
        self._given = {
            "init": facts.names["init"].restored(tree["inits"]),
            "metric": facts.names["metric"].restored({name: metrics[name] for name in tree["metrics"]}),
        }
        self._origins = [_origin_of(one, facts) for one in tree["origins"]]
        self._specs = [self._spec(one) for one in tree["specs"]]

    def __getitem__(self, number: int) -> Spec:
        return self._specs[number]

    def _spec(self, tree: Mapping[str, Any]) -> Spec:
        if tree["method"] not in METHODS:
            raise DataError(f"this tsne_widget has no method {tree['method']!r}")
        origin = None if tree["origin"] is None else self._origins[tree["origin"]]
        values = {
            name: self._given[name][value[_GIVEN]] if isinstance(value, Mapping) else value
            for name, value in tree["values"].items()
        }
        return Spec(values, tree["method"], tree["name"], tuple(tree["follows"]), origin)


def grid_tree(grid: Grid, specs: SpecsWritten) -> dict[str, Any]:
    """Return a grid for a file."""
    entries = [[run, specs.number(spec)] for run, spec in grid.entries]
    return {"entries": entries, "next_run": grid.next_run}


def grid_of(tree: Mapping[str, Any], specs: SpecsRead) -> Grid:
    """Return the grid of a file."""
    return Grid(tuple(Entry(run, specs[number]) for run, number in tree["entries"]), tree["next_run"])


def checkpoint_tree(checkpoint: Checkpoint, specs: SpecsWritten) -> dict[str, Any]:
    """Return a checkpoint for a file."""
    layout, state = checkpoint.layout, checkpoint.state
    return {
        "playing": checkpoint.playing,
        "steps": checkpoint.steps,
        "preparing": checkpoint.preparing,
        "status": asdict(checkpoint.status),
        "layout": None if layout is None else dict(vars(layout)),
        "frames": [_frame_tree(frame, specs) for frame in checkpoint.frames],
        "ages": checkpoint.ages,
        "changed_at": checkpoint.changed_at,
        "state": None if state is None else {"arrays": state.arrays, "numbers": state.numbers},
        "neighbors_found": checkpoint.neighbors_found,
        "failure": checkpoint.failure,
        "failed_when": checkpoint.failed_when,
    }


def checkpoint_of(tree: Mapping[str, Any], n: int, specs: SpecsRead) -> Checkpoint:
    """Return the checkpoint of a file, of a map of n rows.

    Raises
    ------
    ValueError, KeyError, TypeError
        It is none: the file is damaged.
    """
    layout, state = tree["layout"], tree["state"]
    if state is not None:
        state = State(state["arrays"], state["numbers"])
        _require_shapes(state, n)
    return Checkpoint(
        playing=bool(tree["playing"]),
        steps=tree["steps"],
        preparing=bool(tree["preparing"]),
        status=Status(**tree["status"]),
        layout=None if layout is None else _layout_of(layout, n),
        frames=tuple(_frame_of(frame, n, specs) for frame in tree["frames"]),
        ages=tuple(tree["ages"]),
        changed_at=int(tree["changed_at"]),
        state=state,
        neighbors_found=min(max(int(tree["neighbors_found"]), 0), n - 1),
        failure=str(tree["failure"]),
        failed_when=str(tree["failed_when"]),
    )


def _require_shapes(state: State, n: int) -> None:
    """Raise ValueError unless the arrays of a state go together; what resumes it knows how many points."""
    if any(rows.dtype.kind != "f" or rows.ndim != 2 for rows in state.arrays.values()):
        raise ValueError("the state of a map has another shape")
    points = {len(rows) for name, rows in state.arrays.items() if name.rpartition(".")[2] in _OF_POINTS}
    if len(points) > 1 or max(points, default=0) > n:
        raise ValueError("the state of a map has another number of rows")


def _frame_tree(frame: Keyframe, specs: SpecsWritten) -> dict[str, Any]:
    told = {"epoch": frame.epoch, "iteration": frame.iteration, "figures": frame.figures}
    return {
        **told,
        "spec": specs.number(frame.spec),
        **{name: getattr(frame.layout, name) for name in _QUANTIZED},
    }


def _frame_of(tree: Mapping[str, Any], n: int, specs: SpecsRead) -> Keyframe:
    codes = np.asarray(tree["codes"], "<u2")
    if codes.shape != (n, 2):
        raise ValueError("a keyframe has another number of rows")
    first, second = tree["offset"]
    layout = Quantized((first, second), tree["scale"], codes, tree["gaps"])
    return Keyframe(tree["epoch"], tree["iteration"], specs[tree["spec"]], tree["figures"], layout)


def _layout_of(tree: Mapping[str, Any], n: int) -> Layout:
    layout = Layout(**tree)
    if layout.points.shape != (n, 2) or layout.points.dtype != np.float32:
        raise ValueError("the layout of a map has another shape")
    return layout


def _value(axis: str, value: Any) -> Any:
    return {_GIVEN: value.name} if isinstance(value, Given) else value


def _origin_of(tree: Mapping[str, Any], facts: Facts) -> Origin:
    if "rows" in tree:
        rows = np.asarray(tree["rows"], np.int64)
        if not len(rows) or rows[0] < 0 or rows[-1] >= facts.n or (np.diff(rows) <= 0).any():
            raise ValueError("the rows of a map do not exist")
        return ChosenRows(rows, tree["label"], rows, facts.n, tree["most_neighbors"])
    points = tree["points"]
    if points.shape != (facts.n, 2) or points.dtype.kind != "f":
        raise ValueError("given coordinates have another shape")
    key = tree["key"] if tree["key"] in facts.embeddings() else ""
    return GivenPoints(points, tree["label"], points, key=key, lost=tree["lost"])


def without_unmade(grid: Grid, made: Callable[[Origin], np.ndarray | None]) -> tuple[Grid, list[str]]:
    """Return a grid without the maps that an estimator has not made yet, and the names of these."""
    gone = [
        entry
        for entry in grid.entries
        if isinstance(entry.spec.origin, GivenEstimator) and made(entry.spec.origin) is None
    ]
    left = tuple(entry for entry in grid.entries if entry not in gone)
    return replace(grid, entries=left), [entry.spec.name for entry in gone]
