"""Check all parameters of a widget together."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import UnknownParameterError
from ..tsne.repulsion import REPULSIONS
from .defaults import Settings
from .limits import LIMITS, check_align, check_one_of, check_show_names, check_yes_or_no
from .neighbors import check_search
from .perplexity import check_multiscale

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: How to weight neighbours.
AFFINITIES = ("gaussian", "uniform")
#: Keywords allowed besides `Settings`.
GIVEN = (
    *("labels", "features", "use_rep", "data", "image", "tooltip_columns", "color_by", "palette"),
    *("name_by", "beside", "subset", "executor", "autosave"),
    "layout",  # of ipywidgets
)
#: Names from other packages, and our names for them.
OTHER_NAMES = {
    "n_iter": "max_iter",
    "initialization": "init",
    "seed": "random_state",
    "random_seed": "random_state",
    "y": "labels",
    "color": "labels",
    "c": "labels",
    "cmap": "palette",
    "n_neighbors": "perplexity",
    "tooltip": "tooltip_columns",
    "distance": "metric",
    "lr": "learning_rate",
}


def check_settings(values: Mapping[str, Any], matrix: np.ndarray | csr_array) -> Settings:
    """Check all parameters against their limits and the data, except what `check_axis` checks.

    Parameters
    ----------
    values : mapping
        Parameters by name; those left out take their default.
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data, or distances with ``metric="precomputed"``. Sparse data allow fewer metrics.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError
        With the parameter's name, its value and what is allowed; or what is wrong with the distances.
    """
    checked = dict(values)
    for name, limit in LIMITS.items():
        if name in checked:
            checked[name] = limit.check(name, checked[name])
    for name, names in (("method", REPULSIONS), ("affinity", AFFINITIES)):
        if name in checked:
            checked[name] = check_one_of(name, checked[name], names)
    settings = Settings(**checked)
    n = matrix.shape[0]
    multiscale = check_multiscale(settings.multiscale, settings.affinity, n)
    settings = replace(settings, multiscale=multiscale, neighbors=check_search(settings.neighbors, n))
    return replace(
        settings,
        autostart=check_yes_or_no("autostart", settings.autostart),
        init_scale=check_yes_or_no("init_scale", settings.init_scale),
        standardize=check_yes_or_no("standardize", settings.standardize),
        save_state=check_yes_or_no("save_state", settings.save_state),
        advice=check_yes_or_no("advice", settings.advice),
        align=check_align(settings.align),
        show_names=check_show_names(settings.show_names),
        show_images=check_yes_or_no("show_images", settings.show_images),
    )


def reject_unknown(unknown: Mapping[str, Any]) -> None:
    """Raise for the first keyword that is not a parameter, naming the nearest that is."""
    for name in unknown:
        known = [*(field.name for field in fields(Settings)), *GIVEN]
        near = OTHER_NAMES.get(name) or next(iter(difflib.get_close_matches(name, known, 1)), None)
        hint = f"; did you mean {near!r}?" if near else f"; the parameters are {', '.join(known)}"
        raise UnknownParameterError(f"{name!r} is not a parameter of TSNEWidget{hint}")
