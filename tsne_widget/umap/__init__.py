"""UMAP's objective (McInnes, Healy & Melville 2018), an epoch at a time; no widget, no Jupyter.

It is not umap-learn, whose descent cannot be stepped. Weights, curve and steps are the same; the order of the
steps within an epoch is another, which any number of threads can share.
"""
