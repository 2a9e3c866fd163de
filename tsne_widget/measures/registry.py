"""The registry of measures."""

from __future__ import annotations

from ..errors import InvalidValueError, shortened
from .density import Density
from .distance import Distance
from .distortions import Distortions
from .false import False_
from .isolation import Isolation
from .kept import Kept
from .measure import Measure
from .missing import Missing
from .reach import Reach
from .second_home import SecondHome
from .stability import Stability

#: In the order of the colour menu.
MEASURES: tuple[Measure, ...] = (
    Stability(),
    Kept(),
    Distortions(),
    Missing(),
    False_(),
    Reach(),
    SecondHome(),
    Isolation(),
    Density(),
    Distance(),
)


class Descriptions(dict[str, str]):
    """The description of each measure by name; prints one per line."""

    def __repr__(self) -> str:
        return "\n".join(f"{name}: {description}" for name, description in self.items())


def measures() -> dict[str, Measure]:
    """Return all measures by name."""
    return {measure.name: measure for measure in MEASURES}


def measure_named(name: object) -> Measure:
    """Return the measure with this name.

    Raises
    ------
    InvalidValueError
        There is no such measure.
    """
    known = measures()
    if not isinstance(name, str) or name not in known:
        raise InvalidValueError(f"name={shortened(name)} is not a measure: choose from {', '.join(known)}")
    return known[name]


def descriptions() -> Descriptions:
    """Describe each measure in a sentence."""
    return Descriptions({name: measure.description for name, measure in measures().items()})
