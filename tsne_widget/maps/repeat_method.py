"""t-SNE once more, from another start or of a part of the rows: whether a clump is luck."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from ..parameters.axes import AXES
from ..parameters.axis import Axis, Facts, Reach
from ..parameters.defaults import Settings
from ..parameters.limits import LIMITS, Limit
from ..parameters.neighbors import require_searched
from .grid import Spec
from .part_method import PartMethod
from .shared_work import SharedWork, Use
from .written import variable, written_value

_SHARES = Limit(0.1, 1)

SUBSAMPLE = Axis(
    name="subsample",
    label="share of rows",
    plural="shares of rows",
    kind="number",
    decides="start",
    check=lambda values, facts: [_checked_share(value, facts) for value in values],
    allowed=lambda facts: str(_SHARES),
    title="{} of the rows",
    short="{}",
    head="share of rows {}",
    reach=lambda facts: Reach(
        low=_SHARES.low, high=_SHARES.high, allowed=str(_SHARES), slider=(_SHARES.low, 1), step=0.05
    ),
)


class RepeatMethod(PartMethod):
    """t-SNE with the parameters of the first map, from a start of its own, of all rows or of some.

    Rows that are left out have no place, and no part in the search for neighbours. A map of a part of the
    rows holds a copy of them. The perplexity is that of the first map: as many neighbours among fewer rows.
    """

    name = "repeat"
    label = "t-SNE again"
    about = "t-SNE with the parameters of the first map, from another start or of a part of the rows"
    small = True
    named_by_values = True
    axes = (SUBSAMPLE, AXES["init"], replace(AXES["random_state"], needs=None))
    follows: ClassVar[tuple[str, ...]] = ("metric", "perplexity", "exaggeration")
    defaults = {"subsample": 1.0, "init": "random"}  # noqa: RUF012 # constant

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        super().__init__(spec, settings, shared_work)
        self._drawn = rows_drawn(shared_work.n, spec) if _is_part(spec) else None

    @classmethod
    def spec_beside(cls, name: str, first: Spec) -> Spec:
        """Return the spec of a map from the seed that follows the first map's."""
        spec, seed = super().spec_beside(name, first), first["random_state"]
        return spec.with_value("random_state", seed + 1 if seed < LIMITS["random_state"].high else 0)

    @classmethod
    def name_of(cls, spec: Spec) -> str:
        """Name what differs from the first map: 't-SNE of 80 % of the rows, seed 1'."""
        init = "" if spec.written["init"] == "random" and _is_part(spec) else f", {_start(spec)}"
        return f"{cls.label_of(spec)}{init}, seed {spec['random_state']}"

    @classmethod
    def short_name_of(cls, spec: Spec) -> str:
        """Shorten it: '80 % · s1'."""
        init = AXES["init"].text(spec.values["init"])
        share = f"{100 * spec['subsample']:g} %" if _is_part(spec) else ""
        parts = filter(None, (share, init if init != "random" or not share else ""))
        return " · ".join([*parts, AXES["random_state"].short.format(spec["random_state"])])

    @classmethod
    def label_of(cls, spec: Spec) -> str:
        """Return 't-SNE', or how many of the rows it shows."""
        return f"t-SNE of {100 * spec['subsample']:g} % of the rows" if _is_part(spec) else "t-SNE"

    @classmethod
    def use(cls, spec: Spec, n: int) -> Use:
        """Return what t-SNE needs; a part of the rows needs nothing of all rows but their doubt."""
        return Use(spec) if _is_part(spec) else super().use(spec, n)

    @classmethod
    def out_of_range(cls, spec: Spec, n: int) -> str:
        """Return why there are too few rows for the perplexity of the first map."""
        return AXES["perplexity"].out_of_range(spec["perplexity"], rows_kept(n, spec["subsample"]))

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that makes a similar map with scikit-learn, of the same rows."""
        names = ("perplexity", "metric", "init", "random_state")
        values = ((name, written_value(name, spec.values[name])) for name in names)
        made = f"TSNE({', '.join(f'{name}={value}' for name, value in values)})"
        begin = [f"# {spec.name}; a similar map by scikit-learn."]
        if not _is_part(spec):
            begin += ["from sklearn.manifold import TSNE", ""]
            return [*begin, f"{variable(spec.name)} = {made}.fit_transform(X)"]
        count = f"round({spec['subsample']!r} * len(X))"
        return [
            *begin,
            "import numpy as np",
            "from sklearn.manifold import TSNE",
            "",
            f"random = np.random.default_rng({spec['random_state']})",
            f"rows = np.sort(random.choice(len(X), {count}, replace=False))",
            f"{variable(spec.name)} = {made}.fit_transform(X[rows])",
        ]

    @property
    def rows(self) -> np.ndarray | None:
        """The rows drawn; None: all."""
        return self._drawn


def rows_kept(n: int, share: float) -> int:
    """Return how many of n rows a share is."""
    return round(share * n)


def rows_drawn(n: int, spec: Spec) -> np.ndarray:
    """Draw the rows of a map without replacement, by its seed; ascending."""
    random = np.random.default_rng(spec["random_state"])
    return np.sort(random.choice(n, rows_kept(n, spec["subsample"]), replace=False))


def _checked_share(value: Any, facts: Facts) -> float:
    share = float(_SHARES.check("subsample", value))
    if share < 1:
        require_searched(f"subsample={share:g}", facts.neighbors, facts.distances, facts.matrix())
    return share


def _is_part(spec: Spec) -> bool:
    return bool(spec["subsample"] < 1)


def _start(spec: Spec) -> str:
    init = spec.written["init"]
    return f"{init} start" if init == "random" else f"{AXES['init'].text(spec.values['init'])} init"
