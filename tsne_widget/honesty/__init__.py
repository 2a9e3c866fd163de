"""Tell what may be read from a map: gaps, noise, luck."""
