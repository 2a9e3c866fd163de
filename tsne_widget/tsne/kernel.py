"""Compile kernels, with all flags and their reasons in one place."""

from collections.abc import Callable
from typing import Any

from numba import njit

# Sums may be reordered and divisions may become reciprocals; NaN and infinity keep their meaning.
# numba's cache looks at a kernel's own file only: after a change here, clear __pycache__.
_REORDERED = {"reassoc", "contract", "arcp", "nsz"}
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "no_cfunc_wrapper": True,  # nobody calls kernels from C, and such wrappers take a sixth of compiling
    "error_model": "numpy",  # a test for division by zero would keep loops from being vectorised
}


def kernel(signature: Any, *, reordered: bool = False) -> Callable[[Callable], Callable]:
    """Compile a function over a range of rows on import of its module, or load it from numba's cache.

    Kernels are serial and release the interpreter; `pool.Pool` runs them in parallel. (numba's own
    ``parallel=True`` aborts the process if two threads enter it, and takes three times as long to compile.)

    Parameters
    ----------
    signature : numba signature
        The types, given explicitly so that compilation happens once, at a known time.
    reordered : bool
        Whether the kernel may add sums in the order that suits the vector units.
    """
    return njit(signature, fastmath=_REORDERED if reordered else False, **_OPTIONS)
