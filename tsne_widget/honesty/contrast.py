"""How strong is a group? How far away the next one is, in the distances within the group."""

from __future__ import annotations

import numpy as np


def contrast(first: np.ndarray, second: np.ndarray) -> float:
    """Return the root mean square distance between two groups over that within the first.

    1 means that the rows of the other group are no farther away than its own. Both come from means and
    variances: the squared distance of x and y is on average the squared distance of their means plus both
    variances.

    Parameters
    ----------
    first, second : ndarray of shape (n, d) and (m, d), float64
        The places of the rows; n is at least 2.

    Returns
    -------
    float
        NaN if all rows of the first group are equal.
    """
    variance, other = first.var(axis=0).sum(), second.var(axis=0).sum()
    between = np.sum((first.mean(axis=0) - second.mean(axis=0)) ** 2) + variance + other
    within = 2 * variance * len(first) / (len(first) - 1)
    return float(np.sqrt(between / within)) if within > 0 else float("nan")
