"""Defaults and limits, the axes of a grid, and the checks of all parameters."""
