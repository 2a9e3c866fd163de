"""Maps that are functions of a row: parametric t-SNE by landmarks or by a network; only mathematics."""
