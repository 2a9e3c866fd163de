"""What a saved page holds to place new rows on maps that are functions of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..data.scales import Standard
    from ..parametric.model import MapFunction

_BYTES_PER_NUMBER = 4


def packed(run: int, function: MapFunction, standard: Standard | None) -> dict[str, Any]:
    """Return a function with landmarks, as `js/src/place/mapFunction.ts` reads it.

    `standard` is what standardises rows before; None if the function takes them as they are.
    """
    assert function.landmarks is not None
    assert function.places is not None
    scaling = function.scaling
    return {
        "run": run,
        "count": len(function.landmarks),
        "means": standard and standard.means.astype("<f8").tobytes(),
        "deviations": standard and standard.deviations.astype("<f8").tobytes(),
        "origin": scaling.origin.astype("<f8").tobytes(),
        "scale": scaling.scale,
        "unit": scaling.unit,
        "reach": function.reach,
        "landmarks": function.landmarks.astype("<f4").tobytes(),
        "places": function.places.astype("<f4").tobytes(),
    }


def in_words(title: str, function: MapFunction) -> str:
    """Say what a page holds of the data in order to place new rows, and how large it is."""
    assert function.landmarks is not None
    count, features = function.landmarks.shape
    megabytes = count * features * _BYTES_PER_NUMBER / 1e6
    size = f"{megabytes:,.1f} MB" if megabytes >= 1 else "less than 1 MB"
    return (
        f"this file places new rows on {title}, and for that holds {count:,} landmarks of the data: means of "
        f"similar rows, or single rows, with all {features:,} features ({size})"
    )
