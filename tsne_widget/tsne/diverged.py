"""The one way in which an optimisation fails by itself; apart from the optimizer, which is slow to load."""


class DivergedError(ArithmeticError):
    """A coordinate of the layout is not finite any more."""
