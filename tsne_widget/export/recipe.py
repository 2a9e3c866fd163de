"""Write the code that makes the maps again, with this package and with scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from keyword import iskeyword
from math import prod
from typing import Any

import numpy as np

from ..maps.grid import Spec
from ..maps.methods import method_of
from ..maps.origin import ChosenRows, GivenEstimator, GivenPoints, Origin
from ..maps.selection_method import chosen, rows_of
from ..maps.written import Written, is_literal, rows_in_code, variable, written
from ..parameters.axes import AXES
from ..parameters.defaults import DEFAULTS, Settings
from ..parameters.given import Given
from ..tsne.initialization import SPREAD

#: The settings besides `AXES` that affect a map.
_DECIDING = (
    *("early_exaggeration", "early_exaggeration_iter", "learning_rate", "max_iter", "metric_params"),
    *("method", "angle", "neighbors", "affinity", "multiscale", "init_scale", "standardize"),
)
#: The settings that scikit-learn's TSNE shares, with the same name and meaning.
_SHARED = ("early_exaggeration", "learning_rate", "max_iter", "metric_params")
#: The settings that scikit-learn lacks, and what it does instead.
_MISSING = {
    "early_exaggeration_iter": "always does 250 exaggerated iterations",
    "exaggeration": "has no later exaggeration",
    "neighbors": "searches the neighbours itself",
    "affinity": "has only Gaussian weights",
    "multiscale": "has only one perplexity",
}
#: The fewest iterations that scikit-learn does.
_FEWEST = 250


def recipe(settings: Settings, specs: Sequence[Spec], *, labels: bool, scaler: Any = None) -> str:
    """Return Python code as text.

    Parameters
    ----------
    settings : Settings
        The settings that all maps share.
    specs : sequence of Spec
        The values that tell each map from the others.
    labels : bool
        Whether there are labels.
    scaler : sklearn.preprocessing.StandardScaler, optional
        Standardises the features, which scikit-learn's estimators do not do themselves.

    Returns
    -------
    str
        The code, which refers to X and the user's other arrays and functions by name.
    """
    of_rows = [spec for spec in specs if isinstance(spec.origin, ChosenRows)]
    beside = [spec for spec in specs if spec.name and spec not in of_rows]
    specs = [spec for spec in specs if not spec.name]
    variables = _variables([*specs, *beside, *of_rows])
    maps = [
        {name: variables.get(value) or _code(name, value) for name, value in spec.values.items()}
        for spec in specs
    ]
    differing = {name: getattr(settings, name) for name in _DECIDING if _differs(settings, name)}
    given = ["X", *(["labels=labels"] if labels else []), *_axes(maps), *_arguments(differing)]
    classes: dict[str, type] = {}
    things = {spec.name: _thing(spec, specs[0], variables, classes) for spec in beside}
    given += _beside(beside, things)
    indices = {rows_of(spec): rows_in_code(rows_of(spec), chosen(spec).rows) for spec in of_rows}
    given += _subset(of_rows, specs[0], variables)
    parts = [*things.values(), *indices.values()]
    imports = dict.fromkeys(line for part in parts for line in part.imports)
    ours = [
        "from tsne_widget import TSNEWidget",
        *imports,
        "",
        *_yours(variables, differing, [name for part in parts for name in part.yours]),
        *(f"{name} = {rows.code}" for name, rows in indices.items() if not rows.yours),
        f"w = TSNEWidget({', '.join(given)})",
    ]
    if _is_part(maps):
        ours.append(f"# Only {len(maps)} of these maps remained.")
    ours += [line for spec in beside for line in _set_beside(spec, specs[0], variables)]
    layouts = [name for value, name in variables.items() if isinstance(value.value, np.ndarray)]
    theirs = _scikit_learn(settings, maps, differing, layouts if settings.init_scale else [])
    codes = filter(None, (method_of(spec).code(spec, settings) for spec in [*beside, *of_rows]))
    others = [line for code in codes for line in ["", *code]]
    return "\n".join([*ours, "", *_scaled(scaler), *theirs, *others, ""])


def _scaled(scaler: Any) -> list[str]:
    if scaler is None:
        return []
    return [
        "# The other maps are made of standardised features too.",
        "from sklearn.preprocessing import StandardScaler",
        "",
        f"X = {scaler!r}.fit_transform(X)",
        "",
    ]


def _variables(specs: Sequence[Spec]) -> dict[Given, str]:
    """Name a variable for each value that is no text or number; functions go by their own names."""
    variables: dict[Given, str] = {}
    for name in AXES:
        there = dict.fromkeys(spec.values.get(name) for spec in specs)
        values = [value for value in there if isinstance(value, Given)]
        own = {value: value.name for value in values if _is_function_called(value)}
        others = [value for value in values if value not in own]
        numbered = {value: f"{name}_{number}" for number, value in enumerate(others, 1)}
        variables |= own | (numbered if len(others) > 1 else dict.fromkeys(others, name))
    return variables


def _is_function_called(value: Given) -> bool:
    """Tell whether the user's code probably knows a value by the name that we show."""
    name = value.name
    return callable(value.value) and name.isidentifier() and not iskeyword(name) and name not in AXES


def _yours(variables: Mapping[Given, str], settings: Mapping[str, Any], others: Sequence[str]) -> list[str]:
    """Return a comment that says which variables the user has to set."""
    yours = [name for name, value in settings.items() if _code(name, value) == name]
    yours += [f"{name} (shown as {value.name!r})" for value, name in variables.items() if name != value.name]
    yours += dict.fromkeys(others)
    return [f"# Set to your own: {', '.join(yours)}."] if yours else []


def _scikit_learn(
    settings: Settings, maps: Sequence[Mapping[str, str]], differing: dict[str, Any], scaled: Sequence[str]
) -> list[str]:
    shared = {name: differing[name] for name in _SHARED if name in differing}
    shared["max_iter"] = max(_FEWEST, settings.max_iter)
    changed = {"early_exaggeration_iter", *differing, *_changed(maps)}
    *lacking, last = (what for name, what in _MISSING.items() if name in changed)
    missing = f"{', '.join(lacking)} and {last}" if lacking else last
    names = [name for name in AXES if name not in _MISSING]
    rows = list(dict.fromkeys(tuple(each[name] for name in names) for each in maps))
    one = "A similar map by scikit-learn (another local minimum)"
    several = "Similar maps by scikit-learn (other local minima)"
    begin = [
        f"# {one if len(rows) == 1 else several}. It {missing}.",
        "from sklearn.manifold import TSNE",
        "",
        *(
            f"{name} = {SPREAD:g} * ({name} - {name}.mean(axis=0)) / {name}.std(axis=0).max()"
            "  # scikit-learn does not scale it"
            for name in scaled
        ),
    ]
    if len(rows) == 1:
        axes = [f"{name}={code}" for name, code in zip(names, rows[0], strict=True)]
        return [*begin, f"embedding = TSNE({', '.join([*axes, *_arguments(shared)])}).fit_transform(X)"]
    given = ", ".join([*(f"{name}={name}" for name in names), *_arguments(shared)])
    made = f"    TSNE({given}).fit_transform(X)"
    return [
        *begin,
        "maps = [",
        *(f"    ({', '.join(row)})," for row in rows),
        "]",
        "embeddings = [",
        made,
        f"    for {', '.join(names)} in maps",
        "]",
    ]


def _axes(maps: Sequence[Mapping[str, str]]) -> list[str]:
    """Return the arguments for the axes, without defaults."""
    return [
        f"{name}=[{', '.join(codes)}]" if len(codes) > 1 else f"{name}={codes[0]}"
        for name, codes in _changed(maps).items()
    ]


def _changed(maps: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the distinct values of each axis as code, without defaults."""
    several = {name: _codes(name, maps) for name in AXES}
    return {name: codes for name, codes in several.items() if codes != [_code(name, getattr(DEFAULTS, name))]}


def _codes(name: str, maps: Sequence[Mapping[str, str]]) -> list[str]:
    return list(dict.fromkeys(each[name] for each in maps))


def _thing(spec: Spec, first: Spec, variables: Mapping[Given, str], classes: dict[str, type]) -> Written:
    """Write what makes a map beside t-SNE."""
    match spec.origin:
        case GivenEstimator(unfitted=unfitted):
            return written(unfitted, variable(spec.name), classes)
        case GivenPoints(key=key) if key:
            return Written(repr(key))
        case GivenPoints(estimator=estimator):
            name = variable(spec.name)
            what = "its coordinates" if estimator is None else "the fitted estimator"
            return Written(name, yours=[f"{name} ({what})"])
    if not method_of(spec).named_by_values:
        return Written(repr(spec.method))
    values = [f", {name!r}: {code}" for name, code in _own_values(spec, first, variables).items()]
    return Written(f"{{'method': {spec.method!r}{''.join(values)}}}")


def _beside(specs: Sequence[Spec], things: Mapping[str, Written]) -> list[str]:
    """Return the argument for the maps beside t-SNE."""
    if not specs:
        return []
    if all(spec.name == _own_name(spec) for spec in specs):
        codes = [thing.code for thing in things.values()]
        return [f"beside={codes[0]}" if len(codes) == 1 else f"beside=[{', '.join(codes)}]"]
    named = ", ".join(f"{name!r}: {thing.code}" for name, thing in things.items())
    return [f"beside={{{named}}}"]


def _subset(specs: Sequence[Spec], first: Spec, variables: Mapping[Given, str]) -> list[str]:
    """Return the argument for maps of some rows."""
    given = []
    for spec in specs:
        own = _own_values(spec, first, variables)
        others = "".join(f", {name!r}: {code}" for name, code in own.items())
        rows = f"{{'rows': {rows_of(spec)}{others}}}" if own else rows_of(spec)
        given.append(f"{spec.name!r}: {rows}")
    return [f"subset={{{', '.join(given)}}}"] if given else []


def _own_name(spec: Spec) -> str:
    """Return the name that a map has if the user gives it none."""
    match spec.origin:
        case GivenPoints(key=key) if key:
            return key
        case Origin(label=label):
            return label
    return method_of(spec).name_of(spec)


def _set_beside(spec: Spec, first: Spec, variables: Mapping[Given, str]) -> list[str]:
    """Return the lines that set those values of a map beside t-SNE with which it does not begin."""
    if method_of(spec).named_by_values:
        return []
    codes = _own_values(spec, first, variables)
    return [f"w.beside[{spec.name!r}].{name} = {code}" for name, code in codes.items()]


def _own_values(spec: Spec, first: Spec, variables: Mapping[Given, str]) -> dict[str, str]:
    """Write those values of a map beside t-SNE with which it does not begin."""
    changed = spec.changed(method_of(spec).spec_beside(spec.name, first))
    return {name: variables.get(spec.values[name]) or _code(name, spec[name]) for name in changed}


def _is_part(maps: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether there are fewer maps than combinations."""
    return len(maps) < prod(len(_codes(name, maps)) for name in AXES)


def _arguments(values: dict[str, Any]) -> Iterable[str]:
    return [f"{name}={_code(name, value)}" for name, value in values.items()]


def _code(name: str, value: Any) -> str:
    """Write a value as code; the user's own arrays go by the parameter's name."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    code = repr(list(value) if isinstance(value, tuple) else value)
    return code if is_literal(code) else name


def _differs(settings: Settings, name: str) -> bool:
    value, default = getattr(settings, name), getattr(DEFAULTS, name)
    return type(value) is not type(default) or value != default
