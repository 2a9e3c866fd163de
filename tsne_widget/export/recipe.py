"""The code that makes maps again, with this package and with scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..maps.grid import Spec
from ..parameters.axes import AXES
from ..parameters.defaults import DEFAULTS, Settings
from ..tsne.initialization import SPREAD

#: What decides where the points end, besides `AXES`.
_DECIDING = (
    *("early_exaggeration", "early_exaggeration_iter", "exaggeration", "learning_rate", "max_iter"),
    *("metric", "metric_params", "method", "angle", "neighbors", "affinity", "multiscale", "init_scale"),
)
#: Of these, what scikit-learn's TSNE has under the same name and with the same meaning.
_SHARED = ("early_exaggeration", "learning_rate", "max_iter", "metric", "metric_params")
#: What it has not, and what it does instead.
_MISSING = {
    "early_exaggeration_iter": "250 exaggerated iterations, always",
    "exaggeration": "no exaggeration after the first phase",
    "neighbors": "its own search for neighbours",
    "affinity": "Gaussian weights",
    "multiscale": "one perplexity",
}
#: Iterations that it does at least.
_FEWEST = 250


def recipe(settings: Settings, specs: Sequence[Spec], *, labels: bool) -> str:
    """Return Python code as text.

    Parameters
    ----------
    settings : Settings
        What all maps share.
    specs : sequence of Spec
        What tells the maps apart, one for each.
    labels : bool
        Whether there are labels.

    Returns
    -------
    str
        X, and what else is an array or a function of the user's, stands as a name.
    """
    differing = {name: getattr(settings, name) for name in _DECIDING if _differs(settings, name)}
    given = ["X", *(["labels=labels"] if labels else []), *_axes(specs), *_arguments(differing)]
    ours = ["from tsne_widget import TSNEWidget", "", f"w = TSNEWidget({', '.join(given)})"]
    if _is_part(specs):
        ours.append(f"# Of these maps, {len(specs)} were left.")
    return "\n".join([*ours, "", *_scikit_learn(settings, specs, differing), ""])


def _scikit_learn(settings: Settings, specs: Sequence[Spec], differing: dict[str, Any]) -> list[str]:
    shared = {name: differing[name] for name in _SHARED if name in differing}
    shared["max_iter"] = max(_FEWEST, settings.max_iter)
    missing = [
        what for name, what in _MISSING.items() if name in differing or name == "early_exaggeration_iter"
    ]
    note = f"# The same kind of map by scikit-learn, another minimum: it has {', '.join(missing)}."
    begin = [note, "from sklearn.manifold import TSNE", ""]
    if settings.init_scale and any(isinstance(spec["init"], np.ndarray) for spec in specs):
        begin.append(
            f"init = {SPREAD:g} * (init - init.mean(axis=0)) / init.std(axis=0).max()  # it would not"
        )
    if len(specs) == 1:
        axes = {name: specs[0][name] for name in AXES}
        return [*begin, f"embedding = TSNE({', '.join(_arguments(axes | shared))}).fit_transform(X)"]
    names = ", ".join(AXES)
    rows = [f"    ({', '.join(_code(name, spec[name]) for name in AXES)})," for spec in specs]
    given = ", ".join([*(f"{name}={name}" for name in AXES), *_arguments(shared)])
    made = f"    TSNE({given}).fit_transform(X)"
    return [
        *begin,
        f"maps = [\n{rows[0]}",
        *rows[1:],
        "]",
        "embeddings = [",
        made,
        f"    for {names} in maps",
        "]",
    ]


def _axes(specs: Sequence[Spec]) -> list[str]:
    """Return the arguments of what may differ between maps, without those that are the default."""
    arguments = []
    for name in AXES:
        codes = list(dict.fromkeys(_code(name, spec[name]) for spec in specs))
        if len(codes) > 1:
            arguments.append(f"{name}=[{', '.join(codes)}]")
        elif codes != [_code(name, getattr(DEFAULTS, name))]:
            arguments.append(f"{name}={codes[0]}")
    return arguments


def _is_part(specs: Sequence[Spec]) -> bool:
    """Tell whether there are fewer maps than combinations."""
    every = 1
    for name in AXES:
        every *= len({_code(name, spec[name]) for spec in specs})
    return len(specs) < every


def _arguments(values: dict[str, Any]) -> Iterable[str]:
    return [f"{name}={_code(name, value)}" for name, value in values.items()]


def _code(name: str, value: Any) -> str:
    """Write a value as code; what is the user's own is called by the parameter's name."""
    if isinstance(value, np.ndarray) or (name == "neighbors" and not isinstance(value, str)):
        return name
    if callable(value):
        return getattr(value, "__name__", name)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(list(value) if isinstance(value, tuple) else value)


def _differs(settings: Settings, name: str) -> bool:
    value, default = getattr(settings, name), getattr(DEFAULTS, name)
    return type(value) is not type(default) or value != default
