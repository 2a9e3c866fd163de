"""Maps that are functions of a row: parametric t-SNE by landmarks or by a network; only mathematics."""

#: The metrics that a function of a row follows.
METRICS = ("euclidean", "cosine")
