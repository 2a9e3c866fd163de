"""The mathematics of t-SNE: arrays in, arrays out; no widget and no I/O; only its pool makes threads.

Importing this package compiles nothing and loads neither numba nor scikit-learn; the modules in it do.
"""

from .compilation import compile_kernels

__all__ = ["compile_kernels"]
