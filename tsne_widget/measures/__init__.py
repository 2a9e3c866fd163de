"""Numbers about maps and data: distances, density, neighbourhoods, effect sizes."""
