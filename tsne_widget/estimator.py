"""TSNE: the engine of the widget with scikit-learn's interface."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.pipeline import Pipeline

from .data.coordinates import coordinates_of
from .data.distances import require_distances
from .data.index import Index, index_of_rows
from .data.kept import Kept, copied_params, is_apart
from .data.matrix import as_finite, as_matrix
from .data.nearest_rows import nearest_by_distances, nearest_by_metric, neighbors_among
from .errors import (
    InvalidValueError,
    NoEffectWarning,
    invalid_type,
    invalid_value,
)
from .estimator_base import Estimator, told_in_our_words, warn_of_doubt
from .parameters.defaults import DEFAULTS, Settings, schedule_of
from .parameters.init import check_init, default_init, require_rows, warn_if_wide
from .parameters.limits import LIMITS, Limit, check_yes_or_no
from .parameters.metric import is_precomputed
from .parameters.neighbors import check_search
from .parameters.sample import rows_sampled
from .parameters.warn import warn_user
from .tsne.embed import embed, result_of
from .tsne.initialization import initial_layout
from .tsne.nearest import Neighbors
from .tsne.optimizer import Optimizer
from .tsne.pool import Pool
from .tsne.query_index import QueryIndex
from .tsne.repulsion import suited_to
from .tsne.slices import Slice, Told
from .tsne.state import State
from .tsne.transform import MAX_ITER, PERPLEXITY, field_of, neighbors_used, place

#: Parameters of scikit-learn that have no effect, because our maps stop by another rule.
_WITHOUT_EFFECT = ("n_iter_without_progress", "min_grad_norm")


class TSNE(Estimator):
    """A t-SNE map of X, with scikit-learn's names; `transform` places new rows on it.

    It takes features as they are: one on a far larger scale than the others decides the map. In a pipeline,
    ``make_pipeline(StandardScaler(), TSNE())``, each gets the same spread.

    It stops when the map has settled, or after `max_iter` iterations.

    Parameters
    ----------
    n_components : {2, 1}
        2 for a plane, 1 for a line.
    perplexity : float
        Effective number of neighbours of a point, above 1 and below n_samples - 1.
    early_exaggeration : float
        Factor on the attraction at first, at least 1.
    learning_rate : float or "auto"
        In scikit-learn's units; "auto" is n_samples / (2 x exaggeration) in each phase, and 3 n_samples /
        (4 x exaggeration) from 5,000 rows. It is halved if it would make the map unstable.
    max_iter : int
        The most iterations.
    n_iter_without_progress, min_grad_norm : None
        Have no effect; a warning says so if you give them. The map stops when KL and points hardly
        change any more.
    metric : str or callable
        One of `sklearn.metrics.pairwise_distances`. "precomputed": X holds distances, all of them or, as a
        sparse matrix, those to some neighbours (`sklearn.neighbors.kneighbors_graph`, mode "distance").
    metric_params : dict, optional
        Keyword arguments for the metric.
    init : {"pca", "random"}, array or DataFrame of shape (n_samples, n_components), optional
        Initial layout; by default "pca", or "random" with precomputed distances, which have no "pca". A
        frame whose index has the labels of X in another order is reordered to match X. Above 100,000 rows it
        is a sample of 10,000 that starts by "pca" or "random", and all rows start from its map.
    init_scale : bool
        Whether to centre coordinates given as `init` and scale them to a standard deviation of 1e-4, as
        PCA's are (Kobak & Berens 2019). False takes them as they are, and warns above 10.
    verbose : int
        Above 0, print each stage, and KL every 50 iterations.
    random_state : int, RandomState or None
        None draws a seed.
    method : {"auto", "mesh", "barnes_hut", "exact"}
        How to compute repulsion.
    angle : float
        The angle of Barnes-Hut, from 0 to 1.
    n_jobs : int or None
        Threads, at most one per processor; -1 or None uses all processors, -2 all but one. The map does not
        depend on it.
    early_exaggeration_iter : int
        Iterations with early exaggeration.
    exaggeration : float
        Factor on the attraction afterwards, at least 1.
    neighbors : {"auto", "exact", "approximate"} or pair of arrays
        How to search neighbours; or their indices and distances, each of shape (n_samples, k). "auto" is
        exact up to 120,000 rows. In `transform` it is exact below 20,000 rows, and for float64, sparse data,
        or metrics other than euclidean and cosine; a pair of arrays means "auto" there.
    affinity : {"gaussian", "uniform"}
        How to weight neighbours.
    multiscale : list of float, optional
        Further perplexities, mixed with `perplexity` into one map.

    Attributes
    ----------
    embedding_ : ndarray of shape (n_samples, n_components), float32
        The map.
    kl_divergence_ : float
        The map's KL divergence, without exaggeration.
    n_iter_ : int
        Iterations done.
    learning_rate_ : float
        The learning rate at the end.
    settled_ : bool
        True if the map has settled, False if it stopped at `max_iter`.
    largest_distance_ : float
        The largest distance of a row from its nearest other row. New rows farther from all rows are unlike
        them, and their positions mean little.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : ndarray of str
        Names of the columns, if X has any.

    Raises
    ------
    InvalidValueError, InvalidTypeError, DataError, ValueError
        At once, with the parameter's name, its value and what is allowed. The estimator ignores no column:
        every column of a frame must hold numbers or booleans.
    RunFailedError
        If the map diverges, for example because the learning rate is far too large.

    Warns
    -----
    PerplexityWarning
        If the perplexity is above (n_samples - 1) / 3.
    InitWarning
        If `init` holds coordinates that are far apart and `init_scale` is False.
    UnstableWarning
        If there is no usable map because the learning rate or the exaggeration is too large.
    IsolatedRowsWarning
        If rows have no neighbours, or the graph given as X falls into parts.
    NoEffectWarning
        If a parameter of scikit-learn has no effect here.

    Examples
    --------
    >>> from sklearn.datasets import load_digits
    >>> from tsne_widget import TSNE
    >>> X, y = load_digits(return_X_y=True)
    >>> tsne = TSNE(random_state=0).fit(X[:1500])
    >>> tsne.embedding_.shape, tsne.transform(X[1500:]).shape
    ((1500, 2), (297, 2))

    References
    ----------
    L. van der Maaten, G. Hinton: Visualizing Data using t-SNE. JMLR 9, 2008.
    """

    def __init__(
        self,
        n_components: int = 2,
        *,
        perplexity: float = DEFAULTS.perplexity,
        early_exaggeration: float = DEFAULTS.early_exaggeration,
        learning_rate: float | str = DEFAULTS.learning_rate,
        max_iter: int = DEFAULTS.max_iter,
        n_iter_without_progress: int | None = None,
        min_grad_norm: float | None = None,
        metric: Any = DEFAULTS.metric,
        metric_params: Any = DEFAULTS.metric_params,
        init: Any = None,
        init_scale: bool = DEFAULTS.init_scale,
        verbose: int = 0,
        random_state: Any = DEFAULTS.random_state,
        method: str = DEFAULTS.method,
        angle: float = DEFAULTS.angle,
        n_jobs: int | None = DEFAULTS.n_jobs,
        early_exaggeration_iter: int = DEFAULTS.early_exaggeration_iter,
        exaggeration: float = DEFAULTS.exaggeration,
        neighbors: Any = DEFAULTS.neighbors,
        affinity: str = DEFAULTS.affinity,
        multiscale: Any = DEFAULTS.multiscale,
    ):
        self.n_components = n_components
        self.perplexity = perplexity
        self.early_exaggeration = early_exaggeration
        self.learning_rate = learning_rate
        self.max_iter = max_iter
        self.n_iter_without_progress = n_iter_without_progress
        self.min_grad_norm = min_grad_norm
        self.metric = metric
        self.metric_params = metric_params
        self.init = init
        self.init_scale = init_scale
        self.verbose = verbose
        self.random_state = random_state
        self.method = method
        self.angle = angle
        self.n_jobs = n_jobs
        self.early_exaggeration_iter = early_exaggeration_iter
        self.exaggeration = exaggeration
        self.neighbors = neighbors
        self.affinity = affinity
        self.multiscale = multiscale

    def fit(self, X: Any, y: Any = None) -> TSNE:
        """Compute the map of X.

        Parameters
        ----------
        X : array-like, sparse matrix or DataFrame of shape (n_samples, n_features)
            Finite numbers, at least 3 rows. You may change X in place afterwards: up to 256 MB are copied;
            for larger data `transform` notices the change by a checksum of some rows.
        y : object
            Ignored.

        Returns
        -------
        TSNE
            Itself.
        """
        self._fit(X)
        return self

    def fit_transform(self, X: Any, y: Any = None) -> np.ndarray:
        """Compute the map of X and return it, float32 of shape (n_samples, n_components); see `fit`."""
        return self._fit(X).embedding_

    def transform(
        self,
        X: Any,
        *,
        perplexity: float = PERPLEXITY,
        max_iter: int = MAX_ITER,
        together: bool = False,
        n_total: int | None = None,
        return_distance: bool = False,
    ) -> np.ndarray | tuple[np.ndarray, np.ndarray]:
        """Place new rows on the map without changing it.

        A new row starts at the median position of its nearest rows and descends its own KL divergence, as in
        openTSNE (Poličar, Stražar & Zupan 2023). New rows do not affect one another: the position of a row
        does not depend on the rows that come with it. A row that `fit` has seen keeps its position.

        Among 20,000 rows or more in float32 it finds over 99 % of the nearest rows, through an index that
        the first call makes: up to 200,000 rows x 50 in a second, as large as the data. Pickles leave it out.
        ``neighbors="exact"`` finds all, and may be set after `fit`.

        ``together=True`` is for the rows beyond memory of which `fit` has seen a sample. The new rows then
        also attract and repel one another: *the position of a row depends on the rows that come with it*.
        If all other rows come in one part, it keeps two to three fifths of the neighbours that a map of all
        rows keeps beyond placing each by itself. Of several parts, each should be large and a fair sample
        of all rows; a quarter of the rows gains little. The same part always gets the same positions.

        Parameters
        ----------
        X : array-like or sparse matrix of shape (n_new, n_features)
            New rows; with precomputed distances, their distances to the rows of `fit`, of shape (n_new,
            n_samples).
        perplexity : float
            Effective number of neighbours on the map, above 1 and at most a third of the rows of `fit`.
        max_iter : int
            Iterations; with `together` as many again.
        together : bool
            Whether the new rows affect one another.
        n_total : int, optional
            With `together`, the number of all rows: those of `fit`, and all others in all parts. At least,
            and by default, those of `fit` and the others in X: there is one part.
        return_distance : bool
            Whether to return also how far each row lies from the nearest row of `fit`; see
            `largest_distance_`.

        Returns
        -------
        positions : ndarray of shape (n_new, n_components), float32
        distances : ndarray of shape (n_new,), float32
            Only with `return_distance`.

        Raises
        ------
        DataError
            A row is too far away for float32 to hold its distances, a precomputed distance is negative, or
            the data of `fit` were too large to copy and have changed in place.
        InvalidValueError
            A parameter is not allowed; `n_total` is given without `together`, or below the rows of `fit`;
            or `together` needs distances between new rows, and they are precomputed.
        """
        self._require_fitted()
        new = as_finite(self._validated(X, accept_sparse="csr", reset=False))
        n = len(self.embedding_)
        if n / 3 <= 1:
            raise InvalidValueError(f"the map has {n} rows: transform needs at least 4")
        perplexity = Limit(1, n / 3, open_low=True).check("perplexity", perplexity)
        max_iter = LIMITS["max_iter"].check("max_iter", max_iter)
        together = check_yes_or_no("together", together)
        self._check_total(n_total, n, together)
        return_distance = check_yes_or_no("return_distance", return_distance)
        fixed = _in_the_plane(self.embedding_)
        with self._pool() as pool:
            nearest, field = self._nearest(new, neighbors_used(n, perplexity), pool), field_of(fixed, pool)
            how: Any = {"perplexity": perplexity, "max_iter": max_iter, "field": field, "pool": pool}
            places = result_of(place(nearest, fixed, **how))
            free = np.flatnonzero(~nearest.equal().any(axis=1))
            if together and len(free) > 1:
                least = n + len(free)
                total = least if n_total is None else max(least, int(n_total))
                of_free = Neighbors(nearest.indices[free], nearest.distances[free])
                places[free] = self._placed_together(places[free], of_free, new[free], fixed, total, how)
        places = places[:, : self._n_features_out]
        return (places, nearest.distances[:, 0].copy()) if return_distance else places

    def __sklearn_tags__(self) -> Any:
        """Tell scikit-learn what the estimator accepts."""
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.pairwise = self._precomputed
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags

    @property
    def rows_of_fit(self) -> Any:
        """The rows that `fit` has seen, as it took them.

        Raises
        ------
        NotComputedError
            `fit` has not been called.
        InvalidValueError
            With precomputed distances there are no rows.
        DataError
            They were too large to copy and have changed in place.
        """
        self._require_fitted()
        if self._fitted is None:
            raise InvalidValueError("fitted has metric='precomputed': it knows distances and no rows")
        return self._fitted.current()

    @property
    def end_of_fit(self) -> Slice:
        """How the optimisation of `fit` ended, for a widget that goes on from there."""
        return self._end

    @property
    def _precomputed(self) -> bool:
        return is_precomputed(self.metric)

    def _fit(self, X: Any) -> TSNE:
        if not isinstance(self.n_components, Integral) or self.n_components not in (1, 2):
            raise invalid_value("n_components", self.n_components, "2 (a plane) or 1 (a line)")
        self._check_verbose()
        for name in _WITHOUT_EFFECT:
            if getattr(self, name) is not None:
                why = "the map stops when it has settled, or at max_iter"
                warn_user(f"{name}={getattr(self, name)!r} has no effect: {why}", NoEffectWarning)
        if self._precomputed:
            require_distances(X)
        matrix = as_matrix(self._validated(X, accept_sparse="csr", ensure_min_samples=3))
        init = self._checked_init(matrix.shape[0], index_of_rows(X))
        settings = self._settings(matrix, init)
        optimizer = self._optimized(matrix, settings)
        apart = is_apart(matrix, X)
        self._fitted: Any = None if self._precomputed else Kept("X", matrix, own=apart, since="fit")
        self._index: QueryIndex = QueryIndex()
        self._metric_of_fit: Any = (self.metric, copied_params(self.metric_params))
        self.embedding_: np.ndarray = optimizer.layout[:, : self.n_components].copy()
        self.kl_divergence_ = optimizer.kl_divergence
        self.n_iter_: int = optimizer.iteration
        self.learning_rate_ = optimizer.learning_rate
        self.settled_ = optimizer.ended == "settled"
        self._end: Slice = Slice(State({}, optimizer.state.numbers), Told.by(optimizer))
        self._say_the_end(optimizer)
        return self

    def _optimized(self, matrix: Any, settings: Settings) -> Optimizer:
        def found(neighbors: Neighbors) -> None:
            self.largest_distance_ = _largest_distance(neighbors)
            warn_of_doubt(neighbors, matrix, settings)

        if isinstance(settings.neighbors, Neighbors):
            self.largest_distance_ = _largest_distance(settings.neighbors)
        with self._pool() as pool, told_in_our_words():
            return embed(
                matrix,
                perplexity=settings.perplexity,
                schedule=schedule_of(settings),
                metric=settings.metric,
                metric_params=settings.metric_params,  # type: ignore[arg-type] # a mapping does
                init=self._start(matrix, settings),
                random_state=settings.random_state or 0,
                neighbors=settings.neighbors,
                affinity=settings.affinity,
                multiscale=settings.multiscale,
                repulsion=self._method(matrix.shape[0]),
                angle=settings.angle,
                sample=self._sample(matrix, settings),
                pool=pool,
                tell=self._say,
                callback=self._say_progress,
                found=found,
            )

    def _checked_init(self, n: int, index: Index | None) -> Any:
        scale = check_yes_or_no("init_scale", self.init_scale)
        if is_precomputed(self.metric):
            require_rows([self.init])
        if self.init is None:
            return default_init(self.metric)
        if isinstance(self.init, str) or self.n_components == 2:
            return check_init(self.init, n, scale=scale, index=index)
        line = coordinates_of("init", self.init, n, 1, scale=scale, index=index)
        warn_if_wide(line)
        return _in_the_plane(line)

    def _start(self, matrix: Any, settings: Settings) -> Any:
        """Return the initial layout; with one component it is a line, and forces keep the points on it."""
        if self.n_components == 2:
            return settings.init
        start = initial_layout(matrix, settings.init, settings.random_state or 0)
        start[:, 1] = 0
        return start

    def _sample(self, matrix: Any, settings: Settings) -> int:
        """Return the size of the sample that leads the way; a line does without."""
        return rows_sampled(settings, matrix, settings.init) if self.n_components == 2 else 0

    def _method(self, n: int) -> str:
        if self.n_components == 2:
            return self.method
        if self.method == "mesh":
            raise InvalidValueError("method='mesh' is for planes: with n_components=1 choose another method")
        # The rounding of a mesh would push points off the line.
        return "barnes_hut" if self.method == suited_to(n) == "auto" else self.method

    def _check_total(self, n_total: Any, n: int, together: bool) -> None:
        """Check the number of all rows as far as that is possible before we know which of them are new."""
        if not together:
            if n_total is not None:
                raise InvalidValueError(f"n_total={n_total!r} has no effect without together=True")
            return
        if self._fitted is None:
            raise InvalidValueError(
                "together=True needs the distances between new rows, and with metric='precomputed' X holds "
                "those to the rows of fit"
            )
        if n_total is not None:
            Limit(n, integer=True).check("n_total", n_total)

    def _placed_together(
        self,
        start: np.ndarray,
        nearest: Neighbors,
        new: Any,
        fixed: np.ndarray,
        total: int,
        how: Mapping[str, Any],
    ) -> np.ndarray:
        from .tsne.together import neighbors_among_new, place_together  # only here: it has kernels

        m = len(start)
        metric, params = self._metric_of_fit
        among_new = neighbors_among(
            new,
            self._fitted.current(),
            neighbors_among_new(m, total, self.perplexity),
            metric=metric,
            params=params,
            search=self.neighbors,
            pool=how["pool"],
            called="X",
        )
        steps = place_together(
            start,
            nearest,
            among_new,
            fixed,
            perplexity_of_map=self.perplexity,
            total=total,
            repulsion=self._method(m),
            angle=self.angle,
            **how,
        )
        return result_of(steps)

    def _nearest(self, new: Any, k: int, pool: Pool) -> Neighbors:
        if self._fitted is None:
            return nearest_by_distances(new, k, called="X", made_by="fit")
        metric, params = self._metric_of_fit
        return nearest_by_metric(
            new,
            self._fitted.current(),
            k,
            metric=metric,
            params=params,
            search=check_search(self.neighbors, len(self.embedding_)),
            index=self._index,
            pool=pool,
            called="X",
            made_by="fit",
        )


def tsne_of(fitted: Any) -> TSNE:
    """Return the `TSNE` that an estimator is, or in which a pipeline ends.

    Raises
    ------
    InvalidTypeError
        It is none.
    """
    tsne = fitted.steps[-1][1] if isinstance(fitted, Pipeline) else fitted
    if not isinstance(tsne, TSNE):
        raise invalid_type("fitted", fitted, "a fitted TSNE, or a pipeline that ends in one")
    return tsne


def _largest_distance(neighbors: Neighbors) -> float:
    """Return the largest finite distance of a row from its nearest; 0 if there is none."""
    nearest = neighbors.distances[:, 0]
    return float(nearest.max(initial=0.0, where=np.isfinite(nearest)))


def _in_the_plane(places: np.ndarray) -> np.ndarray:
    """Return places with a second coordinate, 0 if they have only one."""
    if places.shape[1] == 2:
        return places
    return np.column_stack([places, np.zeros_like(places)])
