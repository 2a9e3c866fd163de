"""The measures that there are."""

from __future__ import annotations

from ..errors import InvalidValueError, shortened
from .density import Density
from .distance import Distance
from .kept import Kept
from .measure import Measure
from .stability import Stability

#: In the order of the colour menu; one line each.
MEASURES: tuple[Measure, ...] = (
    Stability(),
    Kept(),
    Density(),
    Distance(),
)


class Descriptions(dict[str, str]):
    """What each measure says, by its name; printed a line each."""

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {description}" for name, description in self.items())


def measures() -> dict[str, Measure]:
    """Return all measures by name."""
    return {measure.name: measure for measure in MEASURES}


def measure_named(name: object) -> Measure:
    """Return a measure.

    Raises
    ------
    InvalidValueError
        There is none of that name.
    """
    known = measures()
    if not isinstance(name, str) or name not in known:
        raise InvalidValueError(f"name={shortened(name)} is not a measure: there are {', '.join(known)}")
    return known[name]


def descriptions() -> Descriptions:
    """Return what each measure says, in a sentence."""
    return Descriptions({name: measure.description for name, measure in measures().items()})
