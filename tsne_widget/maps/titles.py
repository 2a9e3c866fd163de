"""What is said of maps: their titles, names of columns, captions, what cannot be compared."""

from __future__ import annotations

import re

from ..parameters.axes import SPOKEN
from ..parameters.axis import Axis, name_of
from ..parameters.given import unused
from .grid import Grid, Spec
from .method import Method
from .methods import method_of
from .origin import ChosenRows
from .written import variable


def title(grid: Grid, run: int) -> str:
    """Return what tells a run from the others: 'perplexity 5', 'seed 1, PCA'.

    A single map shows its perplexity. Beside other methods it is 't-SNE, perplexity 5'; their maps show their
    names.
    """
    spec = grid.spec(run)
    if spec.name:
        return spec.name
    method = "t-SNE, " if grid.beside else ""
    return method + ", ".join(axis.title.format(axis.text(spec.values[axis.name])) for axis in _told(grid))


def short_title(grid: Grid, run: int) -> str:
    """Return a short title: '5 · s1 · PCA', or 't-SNE' for the only t-SNE map beside others."""
    told, spec = _told(grid), grid.spec(run)
    if spec.name and method_of(spec).named_by_values and spec.name == method_of(spec).name_of(spec):
        return method_of(spec).short_name_of(spec)
    if grid.beside and len(grid.of_tsne) == 1:
        return spec.name or "t-SNE"
    if spec.name or len(told) == 1:
        return title(grid, run).removeprefix("t-SNE, ")
    return " · ".join(axis.short.format(axis.text(spec.values[axis.name])) for axis in told)


def column_suffixes(grid: Grid) -> dict[int, str]:
    """Return the title of each run as a suffix of a column's name: '_perplexity_5', '_seed_1_init_pca'.

    It is '_pca' for a map beside t-SNE, and empty for a single map. Equal ones are numbered.
    """
    suffixes: dict[int, str] = {}
    for run in grid.runs:
        suffixes[run] = unused(_column_suffix(grid, run), [*suffixes.values()], "{}_{}")
    return suffixes


def _column_suffix(grid: Grid, run: int) -> str:
    spec = grid.spec(run)
    if spec.name and method_of(spec).named_by_values:
        return f"_{variable(spec.name)}"
    if isinstance(spec.origin, ChosenRows):
        return "_" + re.sub(r"\W+", "_", spec.name).strip("_").lower()
    if spec.name:
        return f"_{spec.name.lower().replace(' ', '_')}"
    names = ((axis.label, name_of(grid.spec(run).values[axis.name])) for axis in _varying(grid))
    return "".join(f"_{label}_{name.replace(' ', '_')}" for label, name in names)


def maps_in_words(grid: Grid) -> str:
    """Count and name the maps: '3 maps of perplexity 5, 30, 100', '2 maps: t-SNE, PCA'."""
    varying = [f"{axis.label} {', '.join(map(name_of, grid.distinct(axis.name)))}" for axis in _varying(grid)]
    if not varying:
        return f"{len(grid.runs)} maps: {', '.join(['t-SNE', *grid.beside])}"
    return f"{len(grid.runs)} maps of {'; '.join([*varying, *grid.beside])}"


def methods_in_words(grid: Grid, n: int) -> str:
    """Name the methods that made the maps of n rows: 't-SNE and PCA of 1,797 rows'."""
    others = [spec for _, spec in grid.entries if not isinstance(spec.origin, ChosenRows)]
    rows = f"{n:,} rows{' or some of these' if len(others) < len(grid.entries) else ''}"
    *first, last = dict.fromkeys(method_of(spec).label_of(spec) for spec in others)
    return f"{', '.join(first)} and {last} of {rows}" if first else f"{last} of {rows}"


def caption(grid: Grid, n: int) -> str:
    """Say below a picture what made its maps, and what they do not show."""
    what = "sizes of clusters and gaps between them carry no meaning."
    warning = f"On t-SNE maps {what}" if grid.beside else what.capitalize()
    return f"{methods_in_words(grid, n)}. {warning}"


def incomparable(grid: Grid) -> list[tuple[str, str]]:
    """Say which figures cannot be compared between maps, and why."""
    specs_by_method: dict[type[Method], list[Spec]] = {}
    for _, spec in grid.entries:
        specs_by_method.setdefault(method_of(spec), []).append(spec)
    told = []
    for method, specs in specs_by_method.items():
        differing = [axis for axis in method.axes if len({spec.values[axis.name] for spec in specs}) > 1]
        for figure in method.told:
            axes = [axis for axis in differing if figure.name in axis.incomparable]
            if axes:
                between = " and ".join(axis.plural for axis in axes)
                why = "; ".join(axis.incomparable[figure.name] for axis in axes)
                told.append((f"{figure.name} cannot be compared between {between}", why))
    return [*told, *_other_rows(grid), *_other_metrics(grid)]


def _other_rows(grid: Grid) -> list[tuple[str, str]]:
    """Say that a map of some rows has another KL."""
    if not any(isinstance(spec.origin, ChosenRows) for _, spec in grid.entries):
        return []
    return [("KL cannot be compared between maps of different rows", "each row has other neighbours there")]


def _other_metrics(grid: Grid) -> list[tuple[str, str]]:
    """Say which maps beside t-SNE have a metric of their own, which no title tells."""
    first = grid.of_tsne[0].spec.written["metric"]
    metrics = {spec.name: spec.written["metric"] for _, spec in grid.beside.values()}
    others = [f"{name} in {metric}" for name, metric in metrics.items() if metric != first]
    if not others:
        return []
    return [("neighbours are counted in different metrics", f"{', '.join(others)}, the first map in {first}")]


def _varying(grid: Grid) -> list[Axis]:
    return [axis for axis in SPOKEN if axis.name in grid.varying]


def _told(grid: Grid) -> list[Axis]:
    return _varying(grid) or list(SPOKEN[:1])
