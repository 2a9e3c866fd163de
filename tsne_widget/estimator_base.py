"""What our estimators have in common: checks of data and parameters, threads, and what they print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from numbers import Integral
from typing import Any, Protocol

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.exceptions import NotFittedError
from sklearn.utils.validation import check_is_fitted, validate_data

from .data.given import read_numbers
from .errors import (
    DataError,
    DivergedError,
    InvalidTypeError,
    IsolatedRowsWarning,
    NotComputedError,
    RunFailedError,
    TSNEWidgetError,
    UnstableWarning,
    invalid_type,
)
from .parameters.axes import fresh_seed
from .parameters.checks import check_settings
from .parameters.defaults import DEFAULTS, Settings
from .parameters.doubt import doubt_in_words, isolated_rows, parts_of
from .parameters.limits import LIMITS
from .parameters.metric import require_metric
from .parameters.neighbors import require_known
from .parameters.perplexity import check_perplexity, warn_if_doubtful
from .parameters.warn import warn_user
from .tsne.nearest import Neighbors
from .tsne.pool import Pool

#: Iterations between two lines of `verbose`.
_TOLD_EVERY = 50
_DTYPES = (np.float64, np.float32)


class NotFittedYetError(NotComputedError, NotFittedError):
    """`transform` was called before `fit`; this is also scikit-learn's error."""


class Course(Protocol):
    """What the optimizers of all estimators tell of themselves."""

    iteration: int
    ended: Any

    @property
    def kl_divergence(self) -> float:
        """KL at the latest check."""

    @property
    def why(self) -> str:
        """The reason why it ended."""


class Estimator(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
    """Makes maps with scikit-learn's interface; its parameters are its subclasses'."""

    embedding_: np.ndarray
    perplexity: Any
    random_state: Any
    n_jobs: Any
    verbose: Any

    @property
    def _n_features_out(self) -> int:
        return int(self.embedding_.shape[1])

    def _require_fitted(self) -> None:
        try:
            check_is_fitted(self)
        except NotFittedError as error:
            raise NotFittedYetError(str(error)) from None

    def _check_verbose(self) -> None:
        if not isinstance(self.verbose, (bool, Integral)):
            raise invalid_type("verbose", self.verbose, "an integer; above 0 prints progress")

    def _validated(self, X: Any, **how: Any) -> Any:
        """Check data as the widget does, then as scikit-learn does; turn its errors into ours."""
        numbers = read_numbers(X)
        try:
            with np.errstate(over="ignore", invalid="ignore"):  # scikit-learn sums X to see if it is finite
                return validate_data(self, numbers, dtype=_DTYPES, **how)
        except ValueError as error:
            raise DataError(str(error)) from error
        except TypeError as error:
            raise InvalidTypeError(str(error)) from error

    def _settings(self, matrix: Any, init: Any) -> Settings:
        """Check all parameters that are settings of a widget too; `init` is checked already."""
        n = matrix.shape[0]
        names = Settings.__dataclass_fields__.keys() & self.get_params(deep=False).keys()
        given = {name: getattr(self, name) for name in names}
        given |= {
            "perplexity": check_perplexity(self.perplexity, n),
            "init": init,
            "random_state": self._seed(),
            "n_jobs": self._n_jobs,
        }
        warn_if_doubtful([given["perplexity"]], n)
        settings = check_settings(given, matrix)
        require_metric(settings, matrix)
        require_known(settings, matrix, settings.perplexity)
        return settings

    @property
    def _n_jobs(self) -> int:
        return DEFAULTS.n_jobs if self.n_jobs is None else self.n_jobs

    def _seed(self) -> int:
        if self.random_state is None:
            return fresh_seed()
        if isinstance(self.random_state, np.random.RandomState):
            return int(self.random_state.randint(2**31 - 1))
        return LIMITS["random_state"].check("random_state", self.random_state)

    @contextmanager
    def _pool(self) -> Iterator[Pool]:
        pool = Pool().limited_to(self._n_jobs)
        try:
            yield pool
        finally:
            pool.close()

    def _say(self, text: str) -> None:
        if self.verbose:
            print(f"[t-SNE] {text}")

    def _say_progress(self, optimizer: Course) -> None:
        if optimizer.iteration % _TOLD_EVERY == 0:
            self._say(f"iteration {optimizer.iteration}: KL {optimizer.kl_divergence:.4f}")

    def _say_the_end(self, optimizer: Course) -> None:
        if optimizer.ended in ("unstable", "collapsed"):
            warn_user(optimizer.why, UnstableWarning)
        told = f"KL {optimizer.kl_divergence:.4f} after {optimizer.iteration} iterations"
        self._say(f"{optimizer.why}: {told}")


@contextmanager
def told_in_our_words() -> Iterator[None]:
    """Turn errors of an optimisation into ours."""
    try:
        yield
    except DivergedError as error:
        raise RunFailedError(f"the optimisation failed: {error}") from error
    except TSNEWidgetError:
        raise
    except ValueError as error:  # parameters are checked, so it concerns distances
        raise DataError(str(error)) from error


def warn_of_doubt(neighbors: Neighbors, matrix: Any, settings: Settings) -> None:
    """Warn of rows without neighbours, and of data that fall into parts."""
    isolated = isolated_rows(neighbors, settings)
    first = f"the first is row {isolated[0]}" if len(isolated) else ""
    doubt = doubt_in_words(isolated, matrix.shape[0], parts_of(matrix, settings), settings, first)
    if doubt:
        warn_user(doubt, IsolatedRowsWarning)
