"""Explore embeddings with a live t-SNE map in Jupyter."""

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import errors
from .errors import *  # noqa: F403 - the errors are the public names of that module

if TYPE_CHECKING:
    from .estimator import TSNE
    from .parametric_estimator import ParametricTSNE
    from .widget.widget import TSNEWidget

__version__ = "0.1.0"
__all__ = ["TSNE", "ParametricTSNE", "TSNEWidget", "__version__", *errors.__all__]


# Silent unless a user asks: otherwise Python prints warnings and errors if no logging is set up.
logging.getLogger(__name__).addHandler(logging.NullHandler())


def __getattr__(name: str) -> Any:
    # The widget imports Jupyter's packages and the estimator scikit-learn, each only when it is used.
    homes = {
        "TSNEWidget": ".widget.widget",
        "TSNE": ".estimator",
        "ParametricTSNE": ".parametric_estimator",
    }
    if name in homes:
        return getattr(import_module(homes[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
