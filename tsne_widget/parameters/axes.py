"""The parameters that may differ between maps. An axis is an entry of `AXES` and its use in `maps/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set, ValuesView
from dataclasses import replace
from math import nextafter
from typing import Any

import numpy as np

from ..errors import InvalidValueError, invalid_type
from .axis import Axis, Facts, Needs, Note, Reach
from .constants import COMPARE_PERPLEXITIES, EXAGGERATIONS, METRICS, NEIGHBORS_PER_PERPLEXITY
from .defaults import DEFAULTS, Settings
from .init import INITS, check_init, inits_allowed, inits_for, require_rows
from .limits import LIMITS, require_distinct, several_of
from .metric import metric_called, require_metric, require_metrics_together, why_one_metric
from .neighbors import require_known
from .perplexity import check_perplexity, require_one_in_range, warn_if_doubtful, why_out_of_range


def _check_metrics(values: list[Any], facts: Facts) -> list[Any]:
    if all(isinstance(metric, str) or callable(metric) for metric in values):
        require_metrics_together(values, facts)
    for metric in values:
        settings = replace(
            DEFAULTS, metric=metric, metric_params=facts.metric_params, neighbors=facts.neighbors
        )
        require_metric(settings, facts.matrix())
    return [
        str(metric) if isinstance(metric, str) else facts.names["metric"].known(metric, metric_called(metric))
        for metric in values
    ]


def _check_perplexities(values: list[Any], facts: Facts) -> list[float]:
    return [check_perplexity(value, facts.n, alone=len(values) == 1) for value in values]


def _require_neighbors(values: Sequence[float], settings: Settings, facts: Facts) -> None:
    for perplexity in values:
        if not why_out_of_range(perplexity, facts.n):
            require_known(settings, facts.matrix(), perplexity)


def _reach_of_perplexities(facts: Facts) -> Reach:
    rows, others = f"neighbours of {facts.n:,}", facts.n - 1
    usual = others / NEIGHBORS_PER_PERPLEXITY
    slider = min(0.99 * others, max(usual, 2))
    beyond = ": nearly all rows, so the map shows little"
    note = Note(f"≈ {{}} {rows}", NEIGHBORS_PER_PERPLEXITY, others, usual, beyond)
    if facts.affinity == "uniform":
        note = Note(f"{{}} {rows}, weighted equally", 1, others, usual)
    return Reach(
        low=nextafter(1, 2),
        high=nextafter(others, 0),
        allowed="a number above 1",
        in_range=f"below {others}",
        slider=(min(2, (1 + slider) / 2), slider),
        note=note,
    )


#: Böhm, Berens & Kobak (2022) found this order of the maps; how far UMAP lies depends on the data.
SPECTRUM = "1 is t-SNE; larger values lead towards UMAP and Laplacian eigenmaps"


def _check_exaggerations(values: list[Any], _facts: Facts) -> list[float]:
    return [LIMITS["exaggeration"].check("exaggeration", value) for value in values]


def check_inits(values: list[Any], facts: Facts, names: Sequence[str] = INITS) -> list[Any]:
    """Check initial layouts: names of those that a method knows, or coordinates."""
    checked = [
        check_init(value, facts.n, scale=facts.init_scale, index=facts.index, names=names) for value in values
    ]
    if facts.distances:
        require_rows(checked, names)
    return [init if isinstance(init, str) else facts.names["init"].known(init) for init in checked]


def _several_inits(value: Any) -> list[Any] | None:
    # Coordinates may also be a list, of pairs.
    values = several_of(value)
    several = values is not None and (not values or any(map(_is_an_init, values)))
    return values if several else None


def _is_an_init(value: Any) -> bool:
    try:
        return isinstance(value, str) or np.ndim(value) == 2
    except ValueError:  # its rows differ in length
        return False


def _check_seeds(values: list[Any], _facts: Facts) -> list[int]:
    checked = [LIMITS["random_state"].check("random_state", value) for value in values]
    for position, seed in enumerate(checked):
        while seed is None or (values[position] is None and checked.count(seed) > 1):
            seed = checked[position] = fresh_seed()
    return checked


def fresh_seed() -> int:
    """Draw a seed from the operating system, short enough to read and type again."""
    return int(np.random.default_rng().integers(1_000_000))


#: By name, in the order of the panels; the last changes fastest.
AXES = {
    axis.name: axis
    for axis in (
        Axis(
            name="metric",
            label="metric",
            plural="metrics",
            kind="choice",
            decides="neighbors",
            check=_check_metrics,
            allowed=lambda facts: "a name, a function of two rows, or a list of these",
            together=require_metrics_together,
            title="{}",
            short="{}",
            head="{}",
            offered=lambda facts: () if why_one_metric(facts) else (*METRICS, *facts.names["metric"]),
            in_toolbar=False,
            incomparable={"KL": "each metric has its own neighbours"},
        ),
        Axis(
            name="perplexity",
            label="perplexity",
            plural="perplexities",
            kind="number",
            decides="affinities",
            check=_check_perplexities,
            allowed=lambda facts: "a number or a list of numbers",
            together=lambda values, facts: require_one_in_range(values, facts.n),
            require=_require_neighbors,
            warn=warn_if_doubtful,
            out_of_range=why_out_of_range,
            title="perplexity {}",
            short="{}",
            head="perplexity {}",
            offered=lambda facts: COMPARE_PERPLEXITIES,
            reach=_reach_of_perplexities,
            incomparable={"KL": "it falls as the perplexity rises, even if the map is no better"},
        ),
        Axis(
            name="exaggeration",
            label="exaggeration",
            plural="exaggerations",
            kind="number",
            decides="descent",
            check=_check_exaggerations,
            allowed=lambda facts: "a number or a list of numbers",
            title="exaggeration {}",
            short="×{}",  # noqa: RUF001 # the sign of a factor
            head="exaggeration {}",
            offered=lambda facts: EXAGGERATIONS,
            reach=lambda facts: Reach(
                low=LIMITS["exaggeration"].low,
                allowed=str(LIMITS["exaggeration"]),
                slider=(EXAGGERATIONS[0], EXAGGERATIONS[-1]),
                note=Note(SPECTRUM),
            ),
            in_toolbar=False,
            incomparable={"KL": "it rises with the exaggeration, which draws clusters together"},
        ),
        Axis(
            name="init",
            label="init",
            plural="inits",
            kind="choice",
            decides="start",
            check=check_inits,
            allowed=lambda facts: f"{inits_allowed(facts.n)}, or a list of these",
            title="{}",
            short="{}",
            head="{} init",
            offered=lambda facts: (*inits_for(facts.distances), *facts.names["init"]),
            words={"pca": "PCA"},
            several=_several_inits,
        ),
        Axis(
            name="random_state",
            label="seed",
            plural="seeds",
            kind="seed",
            decides="start",
            check=_check_seeds,
            allowed=lambda facts: "an integer, None, or a list of these",
            title="seed {}",
            short="s{}",
            head="seed {}",
            reach=lambda facts: Reach(0, LIMITS["random_state"].high),
            needs=Needs(
                axis="init",
                value="random",
                hint="With this init the seed changes almost nothing; with random init it matters",
                sentence="Maps that start alike hardly differ between seeds.",
                offer="start at random",
            ),
        ),
    )
}
#: In the order in which titles name them: choices come last.
SPOKEN = tuple(sorted(AXES.values(), key=lambda axis: axis.kind == "choice"))


def check_axis(name: str, value: Any, facts: Facts) -> tuple[Any, ...]:
    """Check one or several values of a parameter that may differ between runs.

    Parameters
    ----------
    name : str
        One of `AXES`.
    value : object
        One value, or several: a list, a tuple, a range or a 1-D array. A perplexity among several may be
        too large for the rows; its run is then out of range. None draws a seed.
    facts : Facts

    Returns
    -------
    tuple
        The distinct values; just one if one was given. Values without a name become `Given`.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        With the parameter's name, the value and what is allowed.
    """
    return check_values(AXES[name], value, facts)


def check_values(axis: Axis, value: Any, facts: Facts) -> tuple[Any, ...]:
    """Check one or several values of an axis, of `AXES` or of a method; see `check_axis`."""
    name = axis.name
    # Sets and dicts have no order, and iterators can be read only once.
    if isinstance(value, (Set, Mapping, ValuesView, Iterator)):
        raise invalid_type(name, value, axis.allowed(facts))
    values = axis.several(value)
    if values is None:
        values = [value]
    if not values:
        raise InvalidValueError(f"{name} is an empty list: {name} must be a value or a list of values")
    checked = axis.check(values, facts)
    require_distinct(name, checked)
    axis.together(checked, facts)
    return tuple(checked)
