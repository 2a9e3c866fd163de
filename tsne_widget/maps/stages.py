"""The stages in which a map is prepared, and their words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Stage:
    """A stage before the first iteration, or between two.

    Attributes
    ----------
    name : str
        Its name in the status.
    waiting : str
        What the map waits for, as its panel says it; by default the name.
    done : str
        What the log says at its end; by default nothing.
    short : bool
        Whether it is so short that the map counts as moving meanwhile.
    aside : bool
        Whether the work is done elsewhere, so that the engine only looks at it from time to time.
    """

    name: str
    waiting: str = ""
    done: str = ""
    short: bool = False
    aside: bool = False

    @property
    def awaited(self) -> str:
        """What the panel says; empty if it says nothing."""
        return "" if self.short else self.waiting or self.name


INITIAL_LAYOUT = Stage("initial layout", "computing the initial layout", "initial layout computed")
COMPILING = Stage("compiling", "compiling (longer on first use)", "kernels loaded")
FINDING_NEIGHBORS = Stage("finding neighbours", done="neighbours found")
FITTING = Stage("perplexity", "fitting the perplexity", "affinities fitted")
EXAGGERATING = Stage("optimising", short=True)


def sent_to(name: str) -> Stage:
    """Return the stage in which a map waits for the first worker of an executor."""
    return Stage(f"waiting for {name}", f"waiting for a worker of {name} (longer on first use)", aside=True)
