"""The only home of defaults and limits, and where parameters are checked."""

from __future__ import annotations

import difflib
import math
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence, Set, ValuesView
from dataclasses import dataclass, fields, replace
from numbers import Integral, Real
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..data import Index
from ..data.coordinates import coordinates_of
from ..data.matrix import as_array
from ..errors import (
    DataError,
    InitWarning,
    InvalidValueError,
    PerplexityWarning,
    UnknownParameterError,
    invalid_type,
    invalid_value,
)
from ..failure import error_in_words
from ..tsne.distances import first_wrong, stored_counts, why_no_distances, why_no_matrix
from ..tsne.metrics import FARTHEST, NEAREST, for_scikit_learn, params_of_all_rows, reach_of
from ..tsne.schedule import Schedule

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Neighbours wanted for each unit of perplexity (van der Maaten 2014, section 4.1).
NEIGHBORS_PER_PERPLEXITY = 3
#: Neighbours searched at least, so that the perplexity can rise to 100 without a new search ...
NEIGHBORS_HEADROOM = 300
#: ... up to this many rows; above, only what the perplexity asks for.
NEIGHBORS_HEADROOM_MAX_ROWS = 5_000
#: Rows between which a metric is tried at once, both ways.
ROWS_TRIED = 5
#: Seconds of work given to one widget before the next has its turn.
SLICE_SECONDS = 0.02
#: Seconds without any view after which a widget that was shown pauses.
ABSENCE_SECONDS = 30.0
#: Seconds of silence after which a page no longer holds up the frames of the others.
PATIENCE_SECONDS = 2.0
#: Seconds between two signs of life of a page.
HEARTBEAT_SECONDS = 5.0
#: Pages that show one widget at a time at most; and those whose last message is remembered.
PAGES_MAX, PAGES_REMEMBERED = 100, 1_000
#: Questions of all pages of one widget that wait for their answer at most.
QUESTIONS_MAX = 1_000
#: Seconds between frames sent when every page that shows the widget is hidden.
HIDDEN_FRAME_SECONDS = 1.0
#: Frames on their way to the browser at most, below and from `LARGE_ROWS` rows.
WINDOW, WINDOW_LARGE, LARGE_ROWS = 2, 1, 100_000
#: Iterations of one `step()`.
STEP_ITERATIONS = 1
#: Maps in one widget at most.
RUNS_MAX = 64
#: The perplexities that the compare menu offers.
COMPARE_PERPLEXITIES = (5.0, 30.0, 100.0)
#: Nearest neighbours whose share that is kept on the map tells how good it is.
KEPT_NEIGHBORS = 10
#: Nearest neighbours on the maps that their stability is measured by, where there are as many other rows.
STABILITY_NEIGHBORS = 15

#: Nearest neighbours by which the density of the data around a row is told.
DENSITY_NEIGHBORS = 10
#: Neighbours that are told of a row.
NEIGHBORS_LISTED = 10
#: Keyframes of a map that are kept at most, and bytes that they may take; of many points fewer, but these.
HISTORY_FRAMES, HISTORY_BYTES, HISTORY_FRAMES_LEAST = 100, 64_000_000, 12
#: CSS pixels of a saved picture unless told otherwise.
IMAGE_WIDTH = 900
#: Keyframes of each map in a saved page unless told otherwise.
PAGE_KEYFRAMES = 25
#: Columns that a tooltip tells unless others are chosen.
TOOLTIP_COLUMNS = 4
#: What a new selection does with the one before; the first one is the default.
SELECT_MODES = ("replace", "add", "remove", "intersect")

INITS = ("pca", "random")
#: Standard deviation of coordinates, taken as they are, above which a user is warned, as by openTSNE.
INIT_SPREAD_MAX = 10.0
#: How repulsion is computed, how neighbours are searched, how their weights are found.
METHODS = ("auto", "exact", "mesh", "barnes_hut")
SEARCHES = ("auto", "exact", "approximate")
AFFINITIES = ("gaussian", "uniform")
#: What may differ between the runs of a widget, in the order of the panels: the last one changes fastest.
AXES = ("perplexity", "init", "random_state")
_OWN = (__name__.split(".")[0], "sklearn", "traitlets")


class _NotGiven:
    """Tells a parameter that was left out from None."""

    def __repr__(self) -> str:
        return "not given"


NOT_GIVEN: Any = _NotGiven()


@dataclass(frozen=True)
class Limit:
    """What a number may be; `low` and `high` are included unless `open_low`, `never` is not."""

    low: float = -math.inf
    high: float = math.inf
    integer: bool = False
    open_low: bool = False
    never: float | None = None
    also: tuple[Any, ...] = ()

    def __str__(self) -> str:
        kind = "an integer" if self.integer else "a number"
        low = f"above {self.low:.15g}" if self.open_low else f"at least {self.low:.15g}"
        bounds = [] if math.isinf(self.low) else [low]
        bounds += [] if math.isinf(self.high) else [f"at most {self.high:.15g}"]
        bounds += [] if self.never is None else [f"other than {self.never:.15g}"]
        other = "".join(f" or {value!r}" for value in self.also)
        return f"{kind} {' and '.join(bounds)}{other}"

    def check(self, name: str, value: Any) -> Any:
        """Return the value as a plain int or float, or raise."""
        if any(value is other or (isinstance(value, str) and value == other) for other in self.also):
            return value
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Integral if self.integer else Real):
            raise invalid_type(name, value, str(self))
        if not is_finite(value):
            raise invalid_value(name, value, str(self))
        number = int(value) if self.integer else float(value)  # type: ignore[call-overload] # both convert
        too_low = number <= self.low if self.open_low else number < self.low
        if too_low or number > self.high or number == self.never:
            raise invalid_value(name, value, str(self))
        return number


def is_finite(number: Real) -> bool:
    """Tell whether a number is one that a float can hold."""
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


LIMITS = {
    "early_exaggeration": Limit(1),
    "early_exaggeration_iter": Limit(0, integer=True),
    # Below 1 repulsion wins at every distance: the points fly apart without end, and there is no map.
    "exaggeration": Limit(1),
    "learning_rate": Limit(0, open_low=True, also=("auto",)),
    "max_iter": Limit(1, integer=True),
    "angle": Limit(0, 1),
    "random_state": Limit(0, 2**32 - 1, integer=True, also=(None,)),
    "n_jobs": Limit(high=1024, integer=True, never=0),
    "height": Limit(120, 10_000, integer=True),
    "point_size": Limit(0, 100, open_low=True, also=("auto",)),
    "opacity": Limit(0, 1, open_low=True, also=("auto",)),
}

#: What may be given besides `Settings`.
GIVEN = (
    *("labels", "features", "use_rep", "data", "image", "tooltip_columns", "color_by"),
    "layout",  # of ipywidgets
)

#: Spellings of other packages, and what they are called here.
OTHER_NAMES = {
    "n_iter": "max_iter",
    "initialization": "init",
    "seed": "random_state",
    "random_seed": "random_state",
    "y": "labels",
    "color": "labels",
    "c": "labels",
    "n_neighbors": "perplexity",
    "tooltip": "tooltip_columns",
    "distance": "metric",
    "lr": "learning_rate",
}


@dataclass(frozen=True)
class Settings:
    """The parameters of a widget's optimisation, checked; their defaults stand only here.

    75 exaggerated iterations reach the KL of scikit-learn's 250 sooner, see `tsne/schedule.py`; 1500
    iterations let maps of 10,000 points settle.
    """

    perplexity: float = 30.0
    early_exaggeration: float = 12.0
    early_exaggeration_iter: int = 75
    exaggeration: float = 1.0
    learning_rate: float | Literal["auto"] = "auto"
    max_iter: int = 1500
    metric: Any = "euclidean"
    metric_params: Mapping[str, Any] | None = None
    init: Any = "pca"
    init_scale: bool = True
    random_state: int | None = 0
    method: str = "auto"
    angle: float = 0.5
    neighbors: Any = "auto"
    affinity: str = "gaussian"
    multiscale: Any = ()
    n_jobs: int = -1
    autostart: bool = True
    height: int = 560
    align: bool | Literal["selection"] = True
    point_size: float | Literal["auto"] = "auto"
    opacity: float | Literal["auto"] = "auto"
    save_state: bool = True


DEFAULTS = Settings()


def schedule_of(settings: Settings) -> Schedule:
    """Return what of the settings the optimizer goes by."""
    return Schedule(
        early_exaggeration=settings.early_exaggeration,
        early_exaggeration_iter=settings.early_exaggeration_iter,
        exaggeration=settings.exaggeration,
        learning_rate=settings.learning_rate,
        max_iter=settings.max_iter,
    )


def check_settings(values: Mapping[str, Any], matrix: np.ndarray | csr_array) -> Settings:
    """Check all parameters but `AXES`, which `check_axis` checks, against their limits and the data.

    Parameters
    ----------
    values : mapping
        Parameters by name; those left out take their default.
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data, or with ``metric="precomputed"`` distances. Where it is sparse fewer metrics are
        allowed.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError
        With the parameter's name, its value and what is allowed; or what is wrong with the distances.
    """
    checked = dict(values)
    for name, limit in LIMITS.items():
        if name in checked and name not in AXES:
            checked[name] = limit.check(name, checked[name])
    for name, names in (("method", METHODS), ("affinity", AFFINITIES)):
        if name in checked:
            checked[name] = check_one_of(name, checked[name], names)
    settings = Settings(**checked)
    n = matrix.shape[0]
    multiscale = check_multiscale(settings.multiscale, settings.affinity, n)
    settings = replace(settings, multiscale=multiscale, neighbors=check_search(settings.neighbors, n))
    _check_metric(settings.metric, settings.metric_params, matrix)
    _check_reach(settings, matrix)
    return replace(
        settings,
        autostart=check_yes_or_no("autostart", settings.autostart),
        init_scale=check_yes_or_no("init_scale", settings.init_scale),
        save_state=check_yes_or_no("save_state", settings.save_state),
        align=check_align(settings.align),
    )


def check_axis(
    name: str, value: Any, n: int, *, init_scale: bool = True, index: Index | None = None
) -> tuple[Any, ...]:
    """Check a value, or a list of values, of what may differ between the runs.

    Parameters
    ----------
    name : str
        One of `AXES`.
    value : object
        One value, or several: a list, a tuple, a range or a 1-D array. A perplexity among several may be
        too large for the rows: that run is then out of range. Seeds that are None are drawn.
    n : int
        Rows of the data.
    init_scale, index
        See `check_init`.

    Returns
    -------
    tuple
        The values, each once; of length 1 where one value was given.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        With the parameter's name, the value and what is allowed.
    """
    _reject_without_order(name, value, n)
    values = _several_inits(value) if name == "init" else _several(value)
    if values is None:
        values = [value]
    if not values:
        raise InvalidValueError(f"{name} is an empty list: {name} must be a value or a list of at least one")
    if name == "init":
        checked = [check_init(value, n, scale=init_scale, index=index) for value in values]
    elif name == "perplexity":
        checked = [check_perplexity(value, n, alone=len(values) == 1) for value in values]
    else:
        checked = _check_seeds(values)
    _require_distinct(name, checked)
    return tuple(checked)


def _reject_without_order(name: str, value: Any, n: int) -> None:
    """Raise for several values that are no list: sets, whose order is none, dicts, and what is read once."""
    if isinstance(value, (Set, Mapping, ValuesView, Iterator)):
        allowed = {
            "perplexity": "a number or a list of numbers",
            "random_state": "an integer, None, or a list of these",
            "init": f"{_inits_of(n)}, or a list of these",
        }
        raise invalid_type(name, value, allowed[name])


def _several(value: Any) -> list[Any] | None:
    if isinstance(value, (list, tuple, range)):
        return list(value)
    if hasattr(value, "__array__") and np.ndim(value) == 1:
        return list(np.asarray(value))
    return None


def _several_inits(value: Any) -> list[Any] | None:
    # Coordinates are a list too: of pairs.
    values = _several(value)
    several = values is not None and (not values or any(map(_is_an_init, values)))
    return values if several else None


def _is_an_init(value: Any) -> bool:
    try:
        return isinstance(value, str) or np.ndim(value) == 2
    except ValueError:  # its rows differ in length
        return False


def _check_seeds(values: list[Any]) -> list[int]:
    checked = [LIMITS["random_state"].check("random_state", value) for value in values]
    for position, seed in enumerate(checked):
        while seed is None or (values[position] is None and checked.count(seed) > 1):
            seed = checked[position] = fresh_seed()
    return checked


def _require_distinct(name: str, values: list[Any]) -> None:
    seen = set()
    for value in values:
        key = value.tobytes() if isinstance(value, np.ndarray) else value
        if key in seen:
            shown = "the same coordinates" if isinstance(value, np.ndarray) else repr(value)
            raise InvalidValueError(f"{name} holds {shown} more than once: each map of a widget must differ")
        seen.add(key)


def check_perplexity(value: Any, n: int, *, alone: bool = True) -> float:
    """Check a perplexity against the number of rows.

    A Gaussian over n - 1 others has a perplexity between 1 and n - 1. One that is not `alone` may be larger.
    """
    return _perplexity("perplexity", value, n, _perplexities_of(n), alone=alone)


def _perplexity(name: str, value: Any, n: int, allowed: str, *, alone: bool) -> float:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
        raise invalid_type(name, value, allowed)
    if not is_finite(value) or float(value) <= 1 or (alone and float(value) >= n - 1):
        raise invalid_value(name, value, allowed)
    return float(value)


def why_out_of_range(perplexity: float, n: int) -> str:
    """Say why a map cannot have a perplexity; empty where it can."""
    if perplexity < n - 1:
        return ""
    return str(invalid_value("perplexity", _plain(perplexity), _perplexities_of(n)))


def require_one_in_range(perplexities: Sequence[float], n: int) -> None:
    """Raise InvalidValueError where all perplexities are too large for the rows: no map would be shown."""
    if all(why_out_of_range(perplexity, n) for perplexity in perplexities):
        raise InvalidValueError(
            f"perplexity={_listed(perplexities)} would leave no map in range: "
            f"of one map at least it must be {_perplexities_of(n)}"
        )


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(repr(_plain(number)) for number in numbers)


def _is(numbers: Sequence[float]) -> str:
    return "is" if len(numbers) == 1 else "are"


def _perplexities_of(n: int) -> str:
    return f"a number above 1 and below n - 1 = {n - 1} for {n} rows"


def _plain(number: float) -> float:
    return int(number) if number.is_integer() else number


def check_runs(value: Any, count: int) -> list[int]:
    """Check positions of runs to compare: two at least, each once, of `count` there are."""
    allowed = runs_allowed(count)
    several = _several(value)
    if several is None or any(isinstance(one, bool) or not isinstance(one, Integral) for one in several):
        raise invalid_type("runs", value, allowed)
    positions = [int(position) for position in several]
    if len(set(positions) & set(range(count))) < max(2, len(positions)):
        raise invalid_value("runs", value, allowed)
    return positions


def runs_allowed(count: int) -> str:
    """Say which of `count` runs may be compared."""
    return f"two positions in w.runs at least, each once, from 0 to {count - 1}, or these maps themselves"


def check_align(value: Any) -> bool | Literal["selection"]:
    """Check how maps are turned onto the reference."""
    allowed = "True, False or 'selection'"
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if not isinstance(value, str):
        raise invalid_type("align", value, allowed)
    if value != "selection":
        raise invalid_value("align", value, allowed)
    return "selection"


def warn_if_doubtful(perplexities: Sequence[float], n: int) -> None:
    """Warn once of all that have fewer than three other rows for each unit, once of all without any map."""
    outside = [perplexity for perplexity in perplexities if why_out_of_range(perplexity, n)]
    doubtful = [
        perplexity
        for perplexity in perplexities
        if perplexity not in outside and perplexity > (n - 1) / NEIGHBORS_PER_PERPLEXITY
    ]
    if doubtful:
        warn_user(
            f"perplexity={_listed(doubtful)} {_is(doubtful)} more than a third of the {n - 1} other rows: "
            f"each point is drawn to nearly all others, and the map shows little structure; {_usual(n)}",
            PerplexityWarning,
        )
    if outside:
        empty = "that map stays empty" if len(outside) == 1 else "those maps stay empty"
        warn_user(
            f"perplexity={_listed(outside)} {_is(outside)} not allowed: "
            f"perplexity must be {_perplexities_of(n)}; {empty}",
            PerplexityWarning,
        )


def _usual(n: int) -> str:
    most = (n - 1) / NEIGHBORS_PER_PERPLEXITY
    return f"up to {most:.4g} is usual" if most > 1 else f"{n} rows are too few for a smaller one"


def warn_user(text: str, category: type[Warning]) -> None:
    """Warn at the user's line, however deep the check is called."""
    warnings.warn(text, category, stacklevel=_stacklevel())


def fresh_seed() -> int:
    """Draw a seed from the operating system; short enough to be read and typed again."""
    return int(np.random.default_rng().integers(1_000_000))


def neighbors_wanted(perplexity: float, n: int) -> int:
    """Neighbours that a perplexity needs."""
    return min(n - 1, math.floor(NEIGHBORS_PER_PERPLEXITY * perplexity))


def known_neighbors(settings: Settings, matrix: np.ndarray | csr_array) -> tuple[int, str] | None:
    """Return how many neighbours of each row are given at least, and by whom; None: they are searched."""
    if not isinstance(settings.neighbors, str):
        return settings.neighbors.indices.shape[1], "neighbors= has"
    if not is_precomputed(settings.metric) or isinstance(matrix, np.ndarray):
        return None
    counts = stored_counts(matrix)
    row = int(counts.argmin())
    return int(counts[row]), f"of row {row} the graph in X stores"


def require_known(settings: Settings, matrix: np.ndarray | csr_array, perplexity: float) -> int | None:
    """Return how many neighbours are given at least, if they are.

    Raises
    ------
    InvalidValueError
        They are fewer than a perplexity, or one of those it is mixed with, needs.
    """
    found = known_neighbors(settings, matrix)
    if found is None:
        return None
    (known, teller), n = found, matrix.shape[0]
    wanted = neighbors_wanted(max(perplexity, *settings.multiscale, 0.0), n)
    if known >= wanted:
        return known
    hint = f"kneighbors(X, n_neighbors={wanted + 1}), which counts the row, has them"
    if teller != "neighbors= has":
        short = int((stored_counts(matrix) < wanted).sum())
        rows = "1 row has" if short == 1 else f"{short} rows have"
        hint = f"{rows} too few; leave them out, store more, or lower the perplexity"
    raise InvalidValueError(
        f"perplexity={perplexity:g} needs {wanted} neighbours of each row, and {teller} {known} "
        f"besides the row itself: {hint}"
    )


def check_multiscale(value: Any, affinity: str, n: int) -> tuple[float, ...]:
    """Check further perplexities, and return them as a tuple; empty where there are none."""
    several = [] if value is None else _several(value)
    if several is None:
        raise invalid_type("multiscale", value, f"a list of perplexities, each {_perplexities_of(n)}")
    if several and affinity == "uniform":
        raise InvalidValueError(
            f"multiscale={value!r} mixes Gaussians, and affinity='uniform' has none: give one of the two"
        )
    checked = tuple(
        _perplexity("multiscale", one, n, f"a list of numbers, each {_perplexities_of(n)}", alone=True)
        for one in several
    )
    _require_distinct("multiscale", list(checked))
    return checked


def check_search(value: Any, n: int) -> Any:
    """Check how neighbours are found: by a name, or those given as arrays, returned as `Neighbors`."""
    allowed = f"one of {', '.join(map(repr, SEARCHES))} or a pair (indices, distances) of shape ({n}, k) each"
    if isinstance(value, str):
        return check_one_of("neighbors", value, SEARCHES, allowed)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise invalid_type("neighbors", value, allowed)
    from ..tsne.precomputed import given_neighbors

    indices, distances = (as_array("neighbors", part) for part in value)
    try:
        return given_neighbors(indices, distances, n)
    except ValueError as error:
        raise InvalidValueError(f"neighbors cannot be used: {error}") from error


def weights_in_words(settings: Settings) -> str:
    """Say how P is made where that is not by one perplexity; empty where it is."""
    if settings.affinity == "uniform":
        return "uniform weights"
    return f"mixed with perplexity {_listed(settings.multiscale)}" if settings.multiscale else ""


def check_yes_or_no(name: str, value: Any) -> bool:
    """Return True or False, checked."""
    if not isinstance(value, (bool, np.bool_)):
        raise invalid_type(name, value, "True or False")
    return bool(value)


def check_one_of(name: str, value: Any, names: Sequence[str], allowed: str = "") -> str:
    """Return one of some words, checked."""
    allowed = allowed or f"one of {', '.join(map(repr, names))}"
    if not isinstance(value, str):
        raise invalid_type(name, value, allowed)
    if value not in names:
        raise invalid_value(name, value, allowed)
    return str(value)


def stability_neighbors(n: int) -> int:
    """Neighbours that the stability of maps is measured by, unless the user says how many."""
    return min(STABILITY_NEIGHBORS, n - 1)


def neighbors_to_search(perplexity: float, n: int) -> int:
    """Neighbours to look for at once, with headroom for a larger perplexity later."""
    headroom = NEIGHBORS_HEADROOM if n <= NEIGHBORS_HEADROOM_MAX_ROWS else 0
    return max(neighbors_wanted(perplexity, n), min(n - 1, max(headroom, KEPT_NEIGHBORS)))


def reject_unknown(unknown: Mapping[str, Any]) -> None:
    """Raise for the first keyword that is not a parameter, naming the nearest that is."""
    for name in unknown:
        known = [*(field.name for field in fields(Settings)), *GIVEN]
        near = OTHER_NAMES.get(name) or next(iter(difflib.get_close_matches(name, known, 1)), None)
        hint = f"; did you mean {near!r}?" if near else f"; known are {', '.join(known)}"
        raise UnknownParameterError(f"{name!r} is not a parameter of TSNEWidget{hint}")


def check_init(init: Any, n: int, *, scale: bool = True, index: Index | None = None) -> Any:
    """Check an initial layout: a name, or coordinates, see `coordinates_of`; warn where they lie far apart.

    Parameters
    ----------
    init : str or array-like of shape (n, 2)
    n : int
        Rows of the data.
    scale : bool
        Whether coordinates are scaled.
    index : Index, optional
        Labels of the rows, in whose order a frame is brought.
    """
    if isinstance(init, str):
        return check_one_of("init", init, INITS, f"one of {_inits_of(n)}")
    if init is None:
        raise invalid_type("init", init, f"one of {_inits_of(n)}")
    layout = coordinates_of("init", init, n, scale=scale, index=index)
    warn_if_wide(layout)
    return layout


def warn_if_wide(layout: np.ndarray) -> None:
    """Warn of coordinates from which the optimisation is not likely to find a good map, as openTSNE does."""
    widest = float(layout.std(axis=0, dtype=np.float64).max())
    if widest > INIT_SPREAD_MAX:
        warn_user(
            f"init has a standard deviation of {widest:.3g}, above {INIT_SPREAD_MAX:g}: points so far apart "
            "hardly attract each other, and the map may stay a poor one; init_scale=True scales it",
            InitWarning,
        )


def _inits_of(n: int) -> str:
    return f"{', '.join(map(repr, INITS))} or an array of shape ({n}, 2)"


def is_precomputed(metric: Any) -> bool:
    """Tell whether X holds distances, not rows."""
    return isinstance(metric, str) and metric == "precomputed"


def default_init(metric: Any) -> str:
    """Return the initial layout where none is asked for: distances have no principal components."""
    return "random" if is_precomputed(metric) else DEFAULTS.init


def inits_for(metric: Any) -> tuple[str, ...]:
    """Return the names that an initial layout may have."""
    return tuple(name for name in INITS if name != "pca" or not is_precomputed(metric))


def require_rows_for(inits: Sequence[Any], metric: Any) -> None:
    """Raise InvalidValueError for inits that are made of rows where there are none."""
    if is_precomputed(metric) and any(isinstance(init, str) and init == "pca" for init in inits):
        raise InvalidValueError(
            "init='pca' is not allowed with metric='precomputed', which knows no columns: "
            "init must be 'random' or an array"
        )


def _check_metric(metric: Any, params: Any, matrix: np.ndarray | csr_array) -> None:
    if params is not None and not isinstance(params, Mapping):
        raise invalid_type("metric_params", params, "a dict of keyword arguments of the metric, or None")
    if not isinstance(metric, str) and not callable(metric):
        raise invalid_type("metric", metric, "a name or a function of two rows")
    if is_precomputed(metric):
        _check_distances(params, matrix)
    elif params or callable(metric) or metric not in ("euclidean", "cosine"):
        _try_metric(metric, dict(params or {}), matrix)


def _check_distances(params: Any, matrix: np.ndarray | csr_array) -> None:
    if params:
        raise InvalidValueError(
            f"metric_params={params!r} has no use with metric='precomputed': the distances are there"
        )
    if matrix.shape[0] != matrix.shape[1]:
        raise InvalidValueError(
            f"X has shape {matrix.shape}: with metric='precomputed' X must be square, the distances "
            "between all rows"
        )
    wrong = why_no_matrix(matrix)
    if wrong:
        raise DataError(f"X holds no distances, as metric='precomputed' needs them: {wrong}")


def _check_reach(settings: Settings, matrix: np.ndarray | csr_array) -> None:
    if not isinstance(settings.neighbors, str):  # those that are given are not searched
        return
    reach = reach_of(matrix, settings.metric, settings.metric_params)
    if reach and not NEAREST < reach < FARTHEST:
        raise DataError(
            f"X has rows that lie {reach:.1e} apart: under metric={settings.metric!r} the farthest must be "
            f"{NEAREST:g} to {FARTHEST:g} apart; multiply X by a constant, or leave out what is far off"
        )


def _try_metric(metric: Any, params: dict[str, Any], matrix: np.ndarray | csr_array) -> None:
    from sklearn.metrics import pairwise_distances
    from sklearn.neighbors import VALID_METRICS, VALID_METRICS_SPARSE

    dense = isinstance(matrix, np.ndarray)
    known = sorted(set((VALID_METRICS if dense else VALID_METRICS_SPARSE)["brute"]) | {"precomputed"})
    rows = "two rows" if dense else "two sparse rows, as X is sparse"
    allowed = f"one of {', '.join(known)} or a function of {rows}"
    if isinstance(metric, str) and metric not in known:
        raise invalid_value("metric", metric, allowed)
    tried = np.unique(np.linspace(0, matrix.shape[0] - 1, ROWS_TRIED).astype(int))
    some = for_scikit_learn(matrix[tried])
    # Of a function scikit-learn computes one way alone, unless it is given other rows.
    others = {"Y": some.copy()} if callable(metric) else {}
    try:
        # Such as variances, which a few rows would not tell.
        params = params_of_all_rows(matrix, metric) | params
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # see below
            distances = pairwise_distances(some, metric=metric, **others, **params)
    except Exception as error:
        hint = "" if dense else f"; metric must be {allowed}"
        raise InvalidValueError(
            f"metric={metric!r} with metric_params={params!r} cannot be computed on these rows: "
            f"{error_in_words(error)}{hint}"
        ) from error
    # By name it may be beyond float32, in which only the nearest have to be.
    tame = (
        distances if callable(metric) else np.minimum(distances, 1, where=distances < np.inf, out=+distances)
    )
    place = first_wrong(tame)
    if place is not None:
        row, column = tried[list(place)]
        raise InvalidValueError(
            f"metric={metric!r} gives {distances[place]:g} from row {row} to row {column}: "
            "a distance must be finite, below 3e38, and not negative"
        )
    wrong = why_no_distances(distances, tried) if callable(metric) else ""
    if wrong:
        raise InvalidValueError(f"metric={metric!r} is no distance: {wrong}")


def _stacklevel() -> int:
    level, frame = 1, sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] in _OWN:
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    return level
