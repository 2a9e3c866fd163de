"""Maps: how they are made, advanced, changed and recorded; no Jupyter."""
