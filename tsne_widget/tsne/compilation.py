"""Compile the kernels, or load them from numba's cache, in steps that can be shown."""

from collections.abc import Generator
from importlib import import_module

# Every kernel has an explicit signature, so importing its module compiles it. The heaviest imports stand
# alone, so that no step is much longer than the others.
_STEPS = (
    "numba",
    "tsne_widget.tsne.initialization",
    "tsne_widget.tsne.search",
    "tsne_widget.tsne.affinities",
    "tsne_widget.tsne.attraction",
    "tsne_widget.tsne.repulsion.exact",
    "tsne_widget.tsne.optimizer",
)


def compile_kernels() -> Generator[float, None, None]:
    """Import what the pipeline needs, module after module; a second call does nothing.

    Yields
    ------
    float
        The share of the modules that are ready, from 0 to 1.
    """
    for done, module in enumerate(_STEPS):
        yield done / len(_STEPS)
        import_module(module)
    yield 1.0
