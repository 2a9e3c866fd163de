r"""What the optimisation does when: exaggeration, learning rate, momentum.

The gradient has its factor 4, as in scikit-learn; openTSNE leaves it out, so that the same step is 4 times as
large a learning rate there. "auto" is n / exaggeration / 4 in each phase (n / exaggeration in openTSNE's
units; Belkina et al. 2019), where scikit-learn keeps max(n / 48, 50) in both. Momentum is 0.5 while
exaggerating and 0.9 afterwards, where scikit-learn has 0.8. KL of the same P after 500 and 1000 iterations,
250 of them exaggerated 12 times, perplexity 30 (16 for n = 50), PCA:

============================== =========== =========== =========== =========== ===========
learning rate, momentum        50 random   iris        digits      MNIST 2500  MNIST 10000
============================== =========== =========== =========== =========== ===========
max(n / 48, 50), 0.8                       0.131 0.128 0.825 0.741 1.377 1.270 1.955 1.695
n / 48 then n / 4, 0.8                     0.127 0.125 0.766 0.737 1.288 1.254 1.786 1.664
**n / 48 then n / 4, 0.9**     0.083 0.079 0.128 0.126 0.758 0.734 1.284 1.254 1.734 1.631
the same, at least 50          0.318 0.077
n / 48 then n / 8, 0.9                     0.130 0.126 0.763 0.733 1.288 1.256 1.743 1.629
n / 48 then n / 2, 0.8                     0.129 0.126 0.767 0.738 1.291 1.260 1.789 1.666
n / 48 then n / 4, 0.95                    0.212 0.124 0.751 0.738 1.286 1.266 1.714 1.641
============================== =========== =========== =========== =========== ===========

A rate of n / 4 while exaggerating ends worse (digits 0.755, MNIST 2500 1.403), and a lower bound of 50 makes
small maps explode. 100 exaggerated iterations do as well as 250 and sooner (after 500 and 1000: digits 0.738
0.728, MNIST 2500 1.278 1.264, MNIST 10000 1.680 1.624).
"""

from dataclasses import dataclass
from typing import Literal

_MOMENTUM_EARLY, _MOMENTUM = 0.5, 0.9


@dataclass(frozen=True)
class Schedule:
    """How the optimisation goes.

    Attributes
    ----------
    early_exaggeration : float
        The factor of the attraction in the first phase.
    early_exaggeration_iter : int
        How many iterations that phase has.
    exaggeration : float
        The factor of the attraction afterwards; 1 is t-SNE.
    learning_rate : float or "auto"
        In scikit-learn's units. "auto" is n / 4, divided by the exaggeration of the phase.
    max_iter : int
        The iteration at which to stop if the layout has not settled before.
    """

    early_exaggeration: float
    early_exaggeration_iter: int
    exaggeration: float
    learning_rate: float | Literal["auto"]
    max_iter: int

    def exaggeration_in(self, early: bool) -> float:
        """Return the factor of the attraction in the early phase or afterwards."""
        return self.early_exaggeration if early else self.exaggeration

    def learning_rate_in(self, early: bool, n: int) -> float:
        """Return the learning rate for n points in the early phase or afterwards."""
        if self.learning_rate != "auto":
            return self.learning_rate
        return n / self.exaggeration_in(early) / 4

    def momentum_in(self, early: bool) -> float:
        """Return what part of the last step is repeated, in the early phase or afterwards."""
        return _MOMENTUM_EARLY if early else _MOMENTUM
