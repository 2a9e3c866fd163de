"""Rows beyond memory: a sample makes the map, and Dask places all rows on it.

>>> from tsne_widget import distributed
>>> sampled = distributed.sample("cells/*.parquet", 20_000, keep=["type"])     # doctest: +SKIP
>>> fitted = distributed.fit(sampled)                                          # doctest: +SKIP
>>> placed = distributed.place("cells/*.parquet", fitted, "map", keep=["type"])  # doctest: +SKIP

Dask does the work where it always does: on the cluster of a `distributed.Client` if there is one, which shows
progress on its dashboard, and otherwise on the threads of this process, where ``with ProgressBar():`` of
`dask.diagnostics` shows it. Workers need this package in the same version.
"""

from .placing import place
from .sampling import fit, sample

__all__ = ["fit", "place", "sample"]
