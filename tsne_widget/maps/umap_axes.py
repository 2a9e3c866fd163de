"""The parameters of a UMAP map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..parameters.axes import AXES, check_inits
from ..parameters.axis import Axis, Facts, Reach
from ..parameters.defaults import Settings
from ..parameters.init import INITS, inits_allowed, inits_for
from ..parameters.limits import Limit
from ..parameters.neighbors import require_enough

#: umap-learn's defaults.
N_NEIGHBORS, MIN_DIST = 15, 0.1
#: The first is the default, as in umap-learn. Maps from all three keep as many neighbours (digits .494, .494,
#: .493; 10,000 rows of MNIST .277, .275, .275). From the first they have as much in common with maps of
#: umap-learn or more (.705, .700, .706; .558, .518, .503), which among themselves have .717 and .549.
UMAP_INITS = ("spectral", *INITS)
_MIN_DISTS = Limit(0, 1)
_SLIDER_END = 200


def _numbers_of_neighbors(n: int) -> Limit:
    return Limit(2, n - 1, integer=True)


def _why_too_many(value: int, n: int) -> str:
    if value <= n - 1:
        return ""
    return f"n_neighbors={value} is not allowed: n_neighbors must be {_numbers_of_neighbors(n)} for {n} rows"


def _require_neighbors(values: Sequence[int], settings: Settings, facts: Facts) -> None:
    for value in values:
        require_enough(settings, facts.matrix(), value - 1, f"n_neighbors={value}")


def _reach_of_neighbors(facts: Facts) -> Reach:
    most = facts.n - 1
    return Reach(
        low=2,
        high=most,
        allowed="an integer of at least 2",
        in_range=f"at most {most}",
        slider=(2, min(_SLIDER_END, most)),
        step=1,
    )


def _check_umap_inits(values: list[Any], facts: Facts) -> list[Any]:
    return check_inits(values, facts, UMAP_INITS)


UMAP_AXES = (
    AXES["metric"],
    Axis(
        name="n_neighbors",
        label="n_neighbors",
        plural="n_neighbors",
        kind="number",
        decides="affinities",
        check=lambda values, facts: [
            _numbers_of_neighbors(facts.n).check("n_neighbors", value) for value in values
        ],
        allowed=lambda facts: str(_numbers_of_neighbors(facts.n)),
        require=_require_neighbors,
        out_of_range=_why_too_many,
        title="{} neighbours",
        short="k {}",
        head="n_neighbors {}",
        reach=_reach_of_neighbors,
    ),
    Axis(
        name="min_dist",
        label="min_dist",
        plural="min_dists",
        kind="number",
        decides="descent",
        check=lambda values, facts: [_MIN_DISTS.check("min_dist", value) for value in values],
        allowed=lambda facts: str(_MIN_DISTS),
        title="min_dist {}",
        short="d {}",
        head="min_dist {}",
        reach=lambda facts: Reach(low=0, high=1, allowed=str(_MIN_DISTS), slider=(0, 1), step=0.01),
    ),
    replace(
        AXES["init"],
        check=_check_umap_inits,
        allowed=lambda facts: inits_allowed(facts.n, UMAP_INITS),
        offered=lambda facts: (*inits_for(facts.distances, UMAP_INITS), *facts.names["init"]),
    ),
    # Rows drawn at random push the others: the seed matters, whatever the start.
    replace(AXES["random_state"], needs=None),
)
