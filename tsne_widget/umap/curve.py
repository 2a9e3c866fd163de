"""The weight of a distance on the map, 1 / (1 + a d^2b)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

#: The scale of distances on a map.
SPREAD = 1.0


class Curve(NamedTuple):
    """The numbers of the curve."""

    a: float
    b: float


@cache
def fitted_curve(min_dist: float) -> Curve:
    """Fit a and b to a weight of 1 up to `min_dist` that then falls as exp(-(d - min_dist) / spread).

    McInnes, Healy & Melville (2018), definition 11, at the 300 places where umap-learn fits it.
    """
    from scipy.optimize import curve_fit

    distances = np.linspace(0, 3 * SPREAD, 300)
    weights = np.exp(-np.maximum(distances - min_dist, 0) / SPREAD)
    (a, b), _ = curve_fit(lambda d, a, b: 1 / (1 + a * d ** (2 * b)), distances, weights)
    return Curve(float(a), float(b))
