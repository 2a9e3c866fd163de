"""Write the code that makes the maps again, with this package and with scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..maps.grid import Spec
from ..maps.methods import method_of
from ..parameters.axes import AXES
from ..parameters.defaults import DEFAULTS, Settings
from ..tsne.initialization import SPREAD

#: The settings besides `AXES` that affect a map.
_DECIDING = (
    *("early_exaggeration", "early_exaggeration_iter", "exaggeration", "learning_rate", "max_iter"),
    *("metric", "metric_params", "method", "angle", "neighbors", "affinity", "multiscale", "init_scale"),
)
#: The settings that scikit-learn's TSNE shares, with the same name and meaning.
_SHARED = ("early_exaggeration", "learning_rate", "max_iter", "metric", "metric_params")
#: The axes that the recipe always names, even at their defaults.
_ALWAYS = ("perplexity", "init", "random_state")
#: The settings that scikit-learn lacks, and what it does instead.
_MISSING = {
    "early_exaggeration_iter": "250 exaggerated iterations, always",
    "exaggeration": "no exaggeration after the first phase",
    "neighbors": "its own search for neighbours",
    "affinity": "Gaussian weights",
    "multiscale": "one perplexity",
}
#: The fewest iterations that scikit-learn does.
_FEWEST = 250


def recipe(settings: Settings, specs: Sequence[Spec], *, labels: bool) -> str:
    """Return Python code as text.

    Parameters
    ----------
    settings : Settings
        The settings that all maps share.
    specs : sequence of Spec
        The values that tell each map from the others.
    labels : bool
        Whether there are labels.

    Returns
    -------
    str
        The code, which refers to X and the user's other arrays and functions by name.
    """
    beside = [spec for spec in specs if spec.name]
    specs = [spec for spec in specs if not spec.name]
    differing = {
        name: getattr(settings, name) for name in _DECIDING if name not in AXES and _differs(settings, name)
    }
    given = ["X", *(["labels=labels"] if labels else []), *_axes(specs), *_arguments(differing)]
    given += _beside(beside)
    ours = ["from tsne_widget import TSNEWidget", "", f"w = TSNEWidget({', '.join(given)})"]
    if _is_part(specs):
        ours.append(f"# Only {len(specs)} of these maps remained.")
    others = [line for spec in beside for line in ["", *method_of(spec).code(spec.name)]]
    return "\n".join([*ours, "", *_scikit_learn(settings, specs, differing), *others, ""])


def _scikit_learn(settings: Settings, specs: Sequence[Spec], differing: dict[str, Any]) -> list[str]:
    shared = {name: differing[name] for name in _SHARED if name in differing}
    shared["max_iter"] = max(_FEWEST, settings.max_iter)
    told = {
        name: codes for name in AXES if (codes := _codes(name, specs)) != _default(name) or name in _ALWAYS
    }
    missing = [
        what
        for name, what in _MISSING.items()
        if name in differing or name in told or name == "early_exaggeration_iter"
    ]
    names = [name for name in told if name not in _MISSING]
    note = f"# The same kind of map by scikit-learn, at another minimum. It uses {', '.join(missing)}."
    begin = [note, "from sklearn.manifold import TSNE", ""]
    if settings.init_scale and any(isinstance(spec["init"], np.ndarray) for spec in specs):
        begin.append(
            f"init = {SPREAD:g} * (init - init.mean(axis=0)) / init.std(axis=0).max()  # scikit-learn doesn't"
        )
    rows = list(dict.fromkeys(tuple(_code(name, spec[name]) for name in names) for spec in specs))
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


def _axes(specs: Sequence[Spec]) -> list[str]:
    """Return the arguments for the axes, without defaults."""
    several = {name: _codes(name, specs) for name in AXES}
    return [
        f"{name}=[{', '.join(codes)}]" if len(codes) > 1 else f"{name}={codes[0]}"
        for name, codes in several.items()
        if codes != _default(name)
    ]


def _codes(name: str, specs: Sequence[Spec]) -> list[str]:
    """Return the distinct values of an axis as code."""
    return list(dict.fromkeys(_code(name, spec[name]) for spec in specs))


def _default(name: str) -> list[str]:
    return [_code(name, getattr(DEFAULTS, name))]


def _beside(specs: Sequence[Spec]) -> list[str]:
    """Return the argument for the maps beside t-SNE."""
    if not specs:
        return []
    if all(spec.name == method_of(spec).label for spec in specs):
        names = [spec.method for spec in specs]
        return [f"beside={(names if len(names) > 1 else names[0])!r}"]
    named = {spec.name: spec.method for spec in specs}
    return [f"beside={named!r}"]


def _is_part(specs: Sequence[Spec]) -> bool:
    """Tell whether there are fewer maps than combinations."""
    every = 1
    for name in AXES:
        every *= len(_codes(name, specs))
    return len(specs) < every


def _arguments(values: dict[str, Any]) -> Iterable[str]:
    return [f"{name}={_code(name, value)}" for name, value in values.items()]


def _code(name: str, value: Any) -> str:
    """Write a value as code; the user's own objects go by the parameter's name."""
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
