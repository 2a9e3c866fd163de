"""Explore embeddings with a living t-SNE map in Jupyter."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import errors
from .errors import *  # noqa: F403 - the errors are the public names of that module

if TYPE_CHECKING:
    from .widget import TSNEWidget

__version__ = "0.1.0"
__all__ = ["TSNEWidget", "__version__", *errors.__all__]


def __getattr__(name: str) -> Any:
    # The widget brings Jupyter's packages; the engine below it is usable, and tested, without them.
    if name == "TSNEWidget":
        return import_module(".widget", __name__).TSNEWidget
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
