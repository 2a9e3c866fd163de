"""ParametricTSNE: a t-SNE map that is a function of a row, with scikit-learn's interface."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from copy import deepcopy
from os import PathLike
from typing import Any

import numpy as np

from .data.index import index_of_rows
from .data.matrix import as_finite, as_matrix
from .errors import DataError, InvalidValueError, NoEffectWarning, invalid_type
from .estimator_base import Estimator, told_in_our_words, warn_of_doubt
from .parameters.defaults import DEFAULTS, Settings, schedule_of
from .parameters.init import check_init
from .parameters.limits import Limit, several_of
from .parameters.warn import warn_user
from .parametric import METRICS
from .parametric.landmarks import Landmarks, find_landmarks, landmarks_for
from .parametric.model import MapFunction
from .parametric.network import Network
from .parametric.optimizer import Learner, OfRows, ParametricOptimizer
from .parametric.scaling import Scaling
from .tsne.embed import prepared
from .tsne.pool import Pool
from .tsne.steps import result_of

#: The standard deviation of the noise on rows while a network learns; the rows' own is 1.
_NOISE = 0.2
_UNITS = Limit(1, integer=True)
_HIDDEN = "None, the widths of layers such as (256, 256), or an object with forward(X) and backward(dY)"


class ParametricTSNE(Estimator):
    """A t-SNE map that is a function of a row, after van der Maaten (2009).

    As `TSNE` it takes features as they are; ``make_pipeline(StandardScaler(), ParametricTSNE())`` gives each
    the same spread.

    `TSNE.transform` places new rows best. This map buys speed, a small file that needs no data, and a place
    that is a function of the row.

    By default the function has landmarks, centres of k-means: a row lies at the weighted mean of the places
    of those nearest to it. Rows move as in t-SNE first, and landmarks follow them; then the landmarks learn
    from the gradient of the KL divergence by all rows. A row far away from the rows of `fit` has a place too,
    between the landmarks nearest to it: compare distances to the rows of `fit` to find such rows.

    Parameters
    ----------
    perplexity : float
        Effective number of neighbours of a point, above 1 and below n_samples - 1.
    landmarks : int or "auto"
        The most landmarks, from 1 to n_samples: more keep more neighbours, and make a larger file. "auto" is
        half the rows, at most 4,000. With as many as rows, each distinct row is one.
    hidden : tuple of int or object, optional
        The widths of hidden layers, such as (256, 256), for a network as in 2009 instead of landmarks. It is
        trained on all rows at once, from which it keeps fewer neighbours in far more time. Or any object with
        ``forward(X)``, which returns places of shape (n, 2), and ``backward(dY)``, which takes n_samples
        times the gradient of KL by these places and changes the object's parameters. X is float32, centred,
        and divided by one number. `fit` trains a copy, `function_.network`.
    noise : float
        Standard deviation of the noise on rows while a network learns, which helps it with new rows. The rows
        themselves have 1. It concerns `hidden` widths alone.
    exaggeration : float
        Factor on the attraction after the first 75 iterations, at least 1.
    max_iter : int
        The most iterations; landmarks learn for 100 more.
    metric : {"euclidean", "cosine"}
        The distance. Others are refused, because a function of a row would not follow them.
    init : {"pca", "random"}, array or DataFrame of shape (n_samples, 2)
        Initial layout for landmarks; it does not concern networks.
    random_state : int, RandomState or None
        None draws a seed.
    n_jobs : int or None
        Threads; the map does not depend on it.
    verbose : int
        Above 0, print each stage, and KL every 50 iterations.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, 2), float32
        The map, equal to ``transform(X)``.
    function_ : MapFunction
        The function, without the estimator.
    kl_divergence_ : float
        The map's KL divergence, without exaggeration.
    n_iter_ : int
        Iterations done.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : ndarray of str
        Names of the columns, if X has any.

    Raises
    ------
    InvalidValueError, InvalidTypeError, DataError, ValueError
        At once, with the parameter's name, its value and what is allowed. Sparse rows are refused.
    RunFailedError
        If a model diverges.

    Warns
    -----
    NoEffectWarning
        If both `landmarks` and `hidden` are given.
    PerplexityWarning, InitWarning, UnstableWarning, IsolatedRowsWarning
        See `TSNE`.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from tsne_widget import ParametricTSNE
    >>> X, y = load_digits(return_X_y=True)
    >>> parametric = ParametricTSNE().fit(X[:1500])
    >>> parametric.transform(X[1500:]).shape
    (297, 2)

    A torch module learns by an adapter::

        class Adapter:
            def __init__(self, module):
                self.module, self.adam = module, torch.optim.Adam(module.parameters())

            def forward(self, X):
                self.Y = self.module(torch.from_numpy(X))
                return self.Y.detach().numpy()

            def backward(self, dY):
                self.adam.zero_grad()
                self.Y.backward(torch.from_numpy(dY))
                self.adam.step()

    References
    ----------
    L. van der Maaten: Learning a Parametric Embedding by Preserving Local Structure. AISTATS 2009.
    """

    function_: MapFunction

    def __init__(
        self,
        perplexity: float = DEFAULTS.perplexity,
        *,
        landmarks: int | str = "auto",
        hidden: Any = None,
        noise: float = _NOISE,
        exaggeration: float = DEFAULTS.exaggeration,
        max_iter: int = DEFAULTS.max_iter,
        metric: str = DEFAULTS.metric,
        init: Any = DEFAULTS.init,
        random_state: Any = DEFAULTS.random_state,
        n_jobs: int | None = DEFAULTS.n_jobs,
        verbose: int = 0,
    ):
        self.perplexity = perplexity
        self.landmarks = landmarks
        self.hidden = hidden
        self.noise = noise
        self.exaggeration = exaggeration
        self.max_iter = max_iter
        self.metric = metric
        self.init = init
        self.random_state = random_state
        self.n_jobs = n_jobs
        self.verbose = verbose

    def fit(self, X: Any, y: Any = None) -> ParametricTSNE:
        """Train the map of X.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_samples, n_features)
            Finite numbers, at least 3 rows.
        y : object
            Ignored.

        Returns
        -------
        ParametricTSNE
            Itself.
        """
        self._check_verbose()
        matrix = as_matrix(self._validated(X, ensure_min_samples=3))
        init = check_init(self.init, len(matrix), index=index_of_rows(X))
        self._check_metric()
        settings = self._settings(matrix, init)
        model = self._checked_model(len(matrix))
        with self._pool() as pool, told_in_our_words():
            self._train(matrix, settings, model, pool)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Train the map of X and return it, float32 of shape (n_samples, 2); see `fit`."""
        return self.fit(X).embedding_

    def transform(self, X: Any) -> np.ndarray:
        """Return the places of rows, float32 of shape (n_new, 2), each a function of its row alone.

        Parameters
        ----------
        X : array-like or DataFrame of shape (n_new, n_features)
            Rows; a frame has the columns of `fit`, in their order.

        Raises
        ------
        DataError
            A row is so far away that float32 cannot hold its distances.
        """
        self._require_fitted()
        rows = as_finite(self._validated(X, reset=False))
        with self._pool() as pool:
            return self.function_.transform(rows, pool=pool)

    @classmethod
    def of(
        cls,
        function: MapFunction,
        embedding: np.ndarray,
        *,
        kl_divergence: float,
        n_iter: int,
        feature_names: Sequence[str] | None = None,
        **parameters: Any,
    ) -> ParametricTSNE:
        """Return an estimator that counts as fitted, for a function that something else has trained.

        Parameters
        ----------
        function : MapFunction
        embedding : ndarray of shape (n, 2), float32
            Its map of the rows that it was trained on.
        kl_divergence, n_iter
            The map's KL divergence, and the iterations done.
        feature_names : sequence of str, optional
            Names of the columns.
        **parameters
            Those of the constructor.
        """
        made = cls(**parameters)
        made._keep(function, embedding, kl_divergence, n_iter)
        made.n_features_in_ = function.n_features
        if feature_names is not None:
            made.feature_names_in_ = np.array(list(feature_names), dtype=object)
        return made

    def save(self, path: str | PathLike[str]) -> None:
        """Write the fitted map to an npz file, without pickle; the rows of `fit` are not in it.

        Raises
        ------
        InvalidTypeError
            `hidden` is an object of your own.
        SaveError
            The file cannot be written.
        """
        self._require_fitted()
        names = getattr(self, "feature_names_in_", None)
        also = {
            "embedding": self.embedding_,
            "kl_divergence": self.kl_divergence_,
            "n_iter": self.n_iter_,
            "parameters": json.dumps(self._plain_params()),
        }
        self.function_.save(path, also if names is None else also | {"feature_names": names.astype(str)})

    @classmethod
    def load(cls, path: str | PathLike[str]) -> ParametricTSNE:
        """Read what `save` wrote; a file from a stranger can do no harm.

        Coordinates given as `init` and a RandomState are not in the file: these parameters then are defaults.

        Raises
        ------
        DataError
            The file is no such file, is damaged, or a later version of this package wrote it.
        OSError
            The file cannot be read.
        """
        function, arrays = MapFunction.load(path)
        try:
            names = arrays.get("feature_names")
            return cls.of(
                function,
                np.ascontiguousarray(arrays["embedding"], np.float32),
                kl_divergence=float(arrays["kl_divergence"]),
                n_iter=int(arrays["n_iter"]),
                feature_names=None if names is None else names.tolist(),
                **_params_of(json.loads(str(arrays["parameters"]))),
            )
        except (KeyError, ValueError, TypeError) as error:
            raise DataError(
                f"{str(path)!r} is damaged, or holds a map without its estimator: {error}"
            ) from error

    def __sklearn_is_fitted__(self) -> bool:
        """Tell scikit-learn whether there is a map."""
        return hasattr(self, "function_")

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn what the estimator accepts."""
        tags = super().__sklearn_tags__()
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    # --- fitting ------------------------------------------------------------------------------------

    def _check_metric(self) -> None:
        if not isinstance(self.metric, str):
            raise invalid_type("metric", self.metric, "'euclidean' or 'cosine'")
        if self.metric not in METRICS:
            raise InvalidValueError(
                f"metric={self.metric!r} is not allowed: a map that is a function of a row follows "
                "'euclidean' or 'cosine' distance; TSNE takes other metrics"
            )

    def _checked_model(self, n: int) -> Any:
        """Return the number of landmarks, the widths of layers, or a copy of the user's object."""
        limit = Limit(1, n, integer=True, also=("auto",))
        landmarks = limit.check("landmarks", self.landmarks)
        Limit(0).check("noise", self.noise)
        if self.hidden is None:
            return landmarks_for(n) if landmarks == "auto" else landmarks
        if landmarks != "auto":
            warn_user(f"landmarks={landmarks} has no effect: hidden asks for another model", NoEffectWarning)
        widths = several_of(self.hidden)
        if widths is not None:
            if not widths:
                raise InvalidValueError(f"hidden={self.hidden!r} is not allowed: hidden must be {_HIDDEN}")
            return tuple(_UNITS.check("hidden", width) for width in widths)
        if not all(callable(getattr(self.hidden, name, None)) for name in ("forward", "backward")):
            raise invalid_type("hidden", self.hidden, _HIDDEN)
        return deepcopy(self.hidden)

    def _train(self, matrix: np.ndarray, settings: Settings, model: Any, pool: Pool) -> None:
        seed = settings.random_state or 0
        P, start = prepared(
            matrix,
            perplexity=settings.perplexity,
            metric=settings.metric,
            init=settings.init,
            random_state=seed,
            pool=pool,
            tell=self._say,
            found=lambda neighbors: warn_of_doubt(neighbors, matrix, settings),
        )
        scaling = Scaling.of(matrix, unit=settings.metric == "cosine")
        rows = scaling(matrix)
        learner: Learner
        if isinstance(model, int):
            self._say("finding landmarks")
            points = result_of(find_landmarks(rows, model, seed))
            learner = result_of(Landmarks.among(rows, points, pool))
        else:
            if isinstance(model, tuple):
                model = Network.drawn(rows.shape[1], model, noise=float(self.noise), seed=seed)
            learner = OfRows(model, rows)
        optimizer = ParametricOptimizer(P, learner, schedule_of(settings), start=start, pool=pool)
        self._say("optimising")
        while optimizer.ended is None:
            optimizer.step()
            self._say_progress(optimizer)
        function = MapFunction.learned(scaling, learner)
        self._keep(function, optimizer.layout.copy(), optimizer.kl_divergence, optimizer.iteration)
        self._say_the_end(optimizer)

    def _keep(self, function: MapFunction, embedding: np.ndarray, kl_divergence: float, n_iter: int) -> None:
        self.function_, self.embedding_ = function, embedding
        self.kl_divergence_, self.n_iter_ = kl_divergence, n_iter

    def _plain_params(self) -> dict[str, Any]:
        params = self.get_params(deep=False)
        if not isinstance(self.init, str):
            del params["init"]
        if isinstance(self.random_state, np.random.RandomState):
            del params["random_state"]
        widths = several_of(self.hidden)
        params["hidden"] = None if widths is None else [int(width) for width in widths]
        return {name: getattr(value, "item", lambda value=value: value)() for name, value in params.items()}


def _params_of(saved: Mapping[str, Any]) -> dict[str, Any]:
    return {**saved, "hidden": None if saved["hidden"] is None else tuple(saved["hidden"])}
