r"""The schedule of the optimisation: exaggeration, learning rate, momentum.

The gradient includes the factor 4, as in scikit-learn; openTSNE omits it, so the same step has a learning
rate 4 times as large there. With n / exaggeration / 4 as the unit (n / exaggeration in openTSNE's; Belkina et
al. 2019), "auto" is 2 units while exaggerating at momentum 0.8, and 3 units from 5,000 points. Afterwards it
is 1 unit at 0.8 up to 1,000 points, 2 at 0.9 below 5,000, and 3 at 0.95 from there. scikit-learn and openTSNE
use at most one unit, and momentum 0.5 or 0.8, then 0.8. More than 75 exaggerated iterations gain nothing.

This table gives KL for the same P after 200, 400 and 750 iterations, 75 of them exaggerated 12 times (in the
first row 100, at momentum 0.5), at perplexity 30 (16 for 50 rows) with PCA init; our choice above 1,000
points is bold:

================= ================== ================== ================== ==================
rate, momentum    50 random          iris               MNIST 1000         MNIST 3000
================= ================== ================== ================== ==================
1, 0.9 (100)      .533 .528 .510     .129 .126 .125     1.132 1.075 1.050  1.419 1.329 1.307
**2, 0.9**        .521 .516 .469     .125 .123 .122     1.069 1.041 1.037  1.367 1.312 1.299
3, 0.9            .568 .559 .516     .131 .130 .129     1.108 1.068 1.056  1.365 1.321 1.306
2, 0.95           .542 .531 .520     .226 .146 .118     1.121 1.080 1.053  1.333 1.310 1.303
3, 0.95           .586 .574 .555     .140 .123 .123     1.146 1.111 1.080  1.334 1.319 1.309
================= ================== ================== ================== ==================

================= ================== ================== ================== ==================
rate, momentum    swiss roll 4000    normal 5000        MNIST 10000        clusters 70000
================= ================== ================== ================== ==================
1, 0.9 (100)      .696 .614 .596     1.466 1.340 1.311  1.911 1.722 1.660
2, 0.9            .661 .606 .590     1.392 1.323 1.308
3, 0.9            .657 .606 .591     1.379 1.328 1.314
2, 0.95           .645 .619 .599     1.359 1.330 1.312  1.706 1.665 1.640  2.416 2.299
**3, 0.95**       .638 .611 .597     1.349 1.331 1.310  1.689 1.651 1.626  2.331 2.209
================= ================== ================== ================== ==================

Up to 1,000 points, shorter steps also end sooner and lower. This table gives the mean KL of 5 random starts,
each until it settles, and the median number of iterations (PCA included), beside scikit-learn's KL (6 starts,
999 iterations):

=================== ============ ============ ============
.                   2, 0.9       **1, 0.8**   scikit-learn
=================== ============ ============ ============
wine 178            .376 (396)   .368 (321)   .369
200 random          1.218 (651)  1.210 (481)
digits 300          .330 (606)   .323 (411)   .322
MNIST 500           .850 (656)   .835 (616)   .847
breast cancer 569   .981 (536)   .966 (481)   .944
digits 800          .508 (561)   .507 (556)
MNIST 1000          1.045 (741)  1.041 (651)
digits 1797         .737 (696)   .742 (731)
swiss roll 2000     .521 (686)   .526 (641)
=================== ============ ============ ============

With 100, 150 or 250 exaggerated iterations, or a learning rate of at least 50 as in scikit-learn, some of
these gain and others lose as much: chance decides which minimum they reach.

Steps this long have a cost if there is no structure to find: for 3,000 random rows in 50 dimensions, KL ends
at 3.74 instead of 3.67.

If attraction stays exaggerated, maps are small and forces stiff: 2 and 3 units at 0.9 and 0.95 would throw
the points about endlessly. So "auto" is then 1 unit at 0.8, for any number of points. This table gives the
share of the 10 nearest neighbours that 6,000 digits of MNIST keep, and the iterations until they settle, at
most 1500:

============ ============= =============
exaggeration 3, 0.95       **1, 0.8**
============ ============= =============
1.5          .405 (1500)   .427 (611)
2            .241 (1500)   .350 (391)
4            .087 (1500)   .249 (261)
10           .033 (1500)   .173 (201)
============ ============= =============

openTSNE keeps .249 at 4. Below 1 there is no map: repulsion wins at every distance, and the points fly apart.

If a descent is unstable for any reason (see `settling`), "auto" halves its step, at momentum 0.8.
"""

from dataclasses import dataclass
from typing import Literal

_FEW, _MANY = 1_000, 5_000


@dataclass(frozen=True)
class _Pace:
    """How fast points move: the learning rate in units of n / exaggeration / 4, and the momentum."""

    rate: float
    momentum: float


def _pace(early: bool, n: int, exaggeration: float) -> _Pace:
    if early:
        return _Pace(2, 0.8) if n < _MANY else _Pace(3, 0.8)
    if n <= _FEW or exaggeration > 1:
        return _Pace(1, 0.8)
    return _Pace(2, 0.9) if n < _MANY else _Pace(3, 0.95)


@dataclass(frozen=True)
class Schedule:
    """How to optimise.

    Attributes
    ----------
    early_exaggeration : float
        The factor on the attraction in the first phase.
    early_exaggeration_iter : int
        The number of iterations in that phase.
    exaggeration : float
        The factor on the attraction afterwards; 1 is t-SNE.
    learning_rate : float or "auto"
        In scikit-learn's units. "auto" is n / 2, or 3 n / 4 from 5,000 points, divided by the exaggeration.
        After the early phase it is n / 4 for up to 1,000 points, or if the attraction stays exaggerated.
    max_iter : int
        The iteration at which to stop, unless the layout settles before.
    """

    early_exaggeration: float
    early_exaggeration_iter: int
    exaggeration: float
    learning_rate: float | Literal["auto"]
    max_iter: int

    def exaggeration_in(self, early: bool) -> float:
        """Return the factor on the attraction in the early phase or afterwards."""
        return self.early_exaggeration if early else self.exaggeration

    def learning_rate_in(self, early: bool, n: int, halved: int = 0) -> float:
        """Return the learning rate for n points in a phase, with "auto" halved `halved` times."""
        if self.learning_rate != "auto":
            return self.learning_rate
        exaggeration = self.exaggeration_in(early)
        return _pace(early, n, exaggeration).rate * n / 4 / exaggeration / 2**halved

    def momentum_in(self, early: bool, n: int, halved: int = 0) -> float:
        """Return the share of the last step that the next one repeats, for n points in a phase."""
        return min(_pace(early, n, self.exaggeration_in(early)).momentum, 0.8 if halved else 1.0)
