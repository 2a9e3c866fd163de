"""Compile kernels: one place for the flags and their reasons."""

from collections.abc import Callable
from typing import Any

from numba import njit

# Sums may be added in another order, divisions may become reciprocals; NaN and infinity stay what they are.
# numba's cache looks at a kernel's own file only: after a change here, clear __pycache__.
_REORDERED = {"reassoc", "contract", "arcp", "nsz"}
_OPTIONS: dict[str, Any] = {
    "nogil": True,
    "cache": True,
    "no_cfunc_wrapper": True,  # nobody calls kernels from C, and such wrappers take a sixth of compiling
    "error_model": "numpy",  # a test for division by zero would keep loops from being vectorised
}


def kernel(signature: Any, *, reordered: bool = False) -> Callable[[Callable], Callable]:
    """Compile a function over a range of rows when its module is imported, or load it from numba's cache.

    Kernels are serial and let go of the interpreter; `pool.Pool` runs them side by side. (numba's own
    ``parallel=True`` aborts the process when two threads enter it, and compiles three times as long.)

    Parameters
    ----------
    signature : numba signature
        The types. They are explicit so that compiling happens once, and at a known time.
    reordered : bool
        Whether the sums of the kernel may be added in the order that suits the vector units best.
    """
    return njit(signature, fastmath=_REORDERED if reordered else False, **_OPTIONS)
