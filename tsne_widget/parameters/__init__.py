"""Defaults, limits, what may differ between maps, and how parameters are checked."""
