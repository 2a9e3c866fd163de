"""The number of rows up to which we use kernels that compile quickly and are about as fast."""

#: Up to this many rows, products alone find neighbours, and "auto" computes repulsion as the exact sum. So
#: the first map in a new environment moves many seconds sooner. Neighbours take no longer; an iteration of
#: 2,200 to 5,000 rows takes up to 1.4 times as long as with Barnes-Hut, and is exact.
FEW_ROWS = 5_000
