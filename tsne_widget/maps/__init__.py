"""What a map is: how one is made, advanced, changed, remembered; no Jupyter."""
