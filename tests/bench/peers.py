"""The methods that are compared, behind one interface: `run(X, work)` gives a layout or neighbours.

All have the perplexity 30, two threads, and as many iterations with early exaggeration 12 and without, 250
and 500 unless told otherwise; learning rate, momentum and the search for neighbours are those of each.
Libraries are imported when a method runs, so that a process holds one method only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PERPLEXITY, THREADS, SEED = 30, 2, 0
EARLY, LATER = 250, 500
#: Iterations at the end of a run whose mean time is the time of a late iteration.
LATE = 100
#: Iterations of a sampled run, at its start and at its end.
SAMPLED = 15
NEIGHBORS, AFFINITIES, LAYOUT, OPTIMIZATION = "neighbours", "affinities", "initial layout", "optimisation"

Snapshot = Callable[[int, float, np.ndarray], None]


@dataclass
class Work:
    """What a method is asked for beyond its data, and what it notes on the way.

    Attributes
    ----------
    early, later : int
        Iterations with early exaggeration and after it.
    warms : int
        Of a warm-up, the rows of the run that it comes before; 0 of that run.
    given : mapping
        For methods that continue from another's work: `indices`, `distances`, `layout`.
    snapshot : callable
        Takes the iterations done, the seconds they took, and the layout; its own time does not count.
    seconds : dict
        Of each stage.
    figures : dict
        `early_ms`, `late_ms`: an iteration; `iterations`; `why`: it ended; `left_out`: what was not done.
    """

    early: int = EARLY
    later: int = LATER
    warms: int = 0
    given: Any = None
    snapshot: Snapshot = lambda iterations, seconds, layout: None
    seconds: dict[str, float] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of a block to a stage."""
        start = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - start)

    def add(self, name: str, seconds: float) -> None:
        """Add seconds to a stage."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes
    ----------
    name : str
        What tables call it.
    package : str
        The module that must be there.
    distribution : str
        The package whose version is told.
    run : callable
        Takes data, float32 (n, d), and a Work; returns a layout (n, 2) or indices of neighbours (n, k).
    up_to : int
        Rows for which it is run unless it is asked for by name.
    """

    name: str
    package: str
    distribution: str
    run: Callable[[np.ndarray, Work], np.ndarray]
    up_to: int = 10**9


# --- ours: the only functions of the benchmark that know the engine ---------------------------------


def ours(X: np.ndarray, work: Work) -> np.ndarray:
    """Our engine with the iterations of the others."""
    schedule = dataclasses.replace(
        _own_schedule(),
        early_exaggeration=12.0,
        early_exaggeration_iter=work.early,
        exaggeration=1.0,
        max_iter=work.early + work.later,
    )
    return _ours(X, work, schedule, iterations=work.early + work.later)


def ours_by_default(X: np.ndarray, work: Work) -> np.ndarray:
    """Our engine as users get it, until it says that it has ended."""
    return _ours(X, work, _own_schedule(), iterations=None)


def _own_schedule() -> Any:
    from tsne_widget.parameters.defaults import DEFAULTS, schedule_of

    return schedule_of(DEFAULTS)


def _ours(X: np.ndarray, work: Work, schedule: Any, iterations: int | None) -> np.ndarray:
    from tsne_widget.tsne.affinities import joint_probabilities
    from tsne_widget.tsne.embed import result_of
    from tsne_widget.tsne.initialization import initial_layout
    from tsne_widget.tsne.neighbors import find_neighbors
    from tsne_widget.tsne.optimizer import Optimizer
    from tsne_widget.tsne.ordering import locality_order
    from tsne_widget.tsne.pool import Pool

    pool = Pool(THREADS)
    with work.stage(NEIGHBORS):
        neighbors = result_of(find_neighbors(X, _neighbors_of(X), pool=pool))
    with work.stage(AFFINITIES):
        order = result_of(locality_order(neighbors))
        P = result_of(joint_probabilities(neighbors, PERPLEXITY, pool=pool, order=order))
    with work.stage(LAYOUT):
        Y = initial_layout(X, "pca", SEED)
    with work.stage(OPTIMIZATION):
        optimizer = Optimizer(P, Y, schedule, pool=pool)

    milliseconds: dict[bool, list[float]] = {True: [], False: []}
    while optimizer.iteration != iterations and (iterations or optimizer.ended is None):
        early = optimizer.phase == "early exaggeration"
        start = time.perf_counter()
        optimizer.step()
        seconds = time.perf_counter() - start
        work.add(OPTIMIZATION, seconds)
        milliseconds[early].append(1e3 * seconds)
        if optimizer.iteration % 10 == 0:
            work.snapshot(optimizer.iteration, work.seconds[OPTIMIZATION], optimizer.layout)
    _note_iterations(work, milliseconds[True], milliseconds[False][-LATE:], optimizer.iteration)
    if iterations is None:
        work.figures["why"] = optimizer.why
    return optimizer.layout


def our_optimizer(X: np.ndarray, Y: np.ndarray, repulsion: str) -> Any:
    """Return our optimizer of the rows of X at a layout, with a repulsion that is named."""
    from tsne_widget.tsne.affinities import joint_probabilities
    from tsne_widget.tsne.embed import result_of
    from tsne_widget.tsne.neighbors import find_neighbors
    from tsne_widget.tsne.optimizer import Optimizer
    from tsne_widget.tsne.pool import Pool

    pool = Pool(THREADS)
    neighbors = result_of(find_neighbors(X, _neighbors_of(X), pool=pool))
    P = result_of(joint_probabilities(neighbors, PERPLEXITY, pool=pool))
    return Optimizer(P, Y, _own_schedule(), pool=pool, repulsion=repulsion)


def our_neighbors(method: str) -> Callable[[np.ndarray, Work], np.ndarray]:
    """Our search alone, "exact" or "approximate"."""

    def run(X: np.ndarray, work: Work) -> np.ndarray:
        from tsne_widget.tsne.embed import result_of
        from tsne_widget.tsne.neighbors import find_neighbors
        from tsne_widget.tsne.pool import Pool

        pool = Pool(THREADS)
        with work.stage(NEIGHBORS):
            return result_of(find_neighbors(X, _neighbors_of(X), method=method, pool=pool)).indices

    return run


# --- openTSNE ---------------------------------------------------------------------------------------


def opentsne(gradient: str) -> Callable[[np.ndarray, Work], np.ndarray]:
    """openTSNE (Policar et al. 2024) with its "fft" or "bh" gradient."""

    def run(X: np.ndarray, work: Work) -> np.ndarray:
        from openTSNE import affinity

        tsne = _opentsne(gradient)
        index = affinity.get_knn_index(
            X, "auto", _neighbors_of(X), "euclidean", n_jobs=THREADS, random_state=SEED
        )
        with work.stage(NEIGHBORS):
            found = index.build()
        index.build = lambda: found
        with work.stage(AFFINITIES):
            P = affinity.PerplexityBasedNN(knn_index=index, perplexity=PERPLEXITY, n_jobs=THREADS)
        with work.stage(LAYOUT):
            Y = tsne.prepare_initial(X, affinities=P)
        late = min(LATE, work.later)
        early_ms = _opentsne_steps(Y, work, work.early, exaggeration=12, momentum=0.5)
        # The same optimisation in two parts, of which the second is the late iterations.
        _opentsne_steps(Y, work, work.later - late, momentum=0.8)
        late_ms = _opentsne_steps(Y, work, late, momentum=0.8)
        _note_iterations(work, [early_ms], [late_ms], work.early + work.later)
        return np.asarray(Y)

    return run


def opentsne_sampled(gradient: str) -> Callable[[np.ndarray, Work], np.ndarray]:
    """A few iterations of openTSNE from the start, and a few from the final layout of ours.

    For sets that it needs hours for. Neighbours are given; what it returns is no finished map.
    """

    def run(X: np.ndarray, work: Work) -> np.ndarray:
        from openTSNE import affinity, nearest_neighbors

        tsne = _opentsne(gradient)
        given = work.given or _own_neighbors(X)
        index = nearest_neighbors.PrecomputedNeighbors(given["indices"], given["distances"])
        with work.stage(AFFINITIES):
            P = affinity.PerplexityBasedNN(knn_index=index, perplexity=PERPLEXITY, n_jobs=THREADS)
        with work.stage(LAYOUT):
            first = tsne.prepare_initial(X, affinities=P)
        last = tsne.prepare_initial(X, affinities=P, initialization=np.asarray(given["layout"], np.float64))
        early_ms = _opentsne_steps(first, Work(), SAMPLED, exaggeration=12, momentum=0.5)
        late_ms = _opentsne_steps(last, Work(), SAMPLED, momentum=0.8)
        _note_iterations(work, [early_ms], [late_ms], 2 * SAMPLED)
        work.add(OPTIMIZATION, (EARLY * early_ms + LATER * late_ms) / 1e3)
        work.figures["left_out"] = (
            f"{SAMPLED} iterations from the start and {SAMPLED} from our final map; "
            "seconds of the optimisation extrapolated from them, neighbours given"
        )
        return np.asarray(last)

    return run


def _opentsne(gradient: str) -> Any:
    from openTSNE import TSNE

    return TSNE(perplexity=PERPLEXITY, negative_gradient_method=gradient, n_jobs=THREADS, random_state=SEED)


def _opentsne_steps(Y: Any, work: Work, iterations: int, **parameters: float) -> float:
    """Go on and return the milliseconds of an iteration; openTSNE adds one gradient at the end, for KL."""
    if not iterations:
        return float("nan")
    start = time.perf_counter()
    Y.optimize(n_iter=iterations, inplace=True, n_jobs=THREADS, **parameters)
    seconds = time.perf_counter() - start
    work.add(OPTIMIZATION, seconds)
    return 1e3 * seconds / (iterations + 1)


def _own_neighbors(X: np.ndarray) -> dict[str, np.ndarray]:
    """What a sampled run is given, for its warm-up."""
    from sklearn.neighbors import NearestNeighbors

    distances, indices = NearestNeighbors(n_neighbors=_neighbors_of(X)).fit(X).kneighbors()
    return {"indices": indices, "distances": distances, "layout": X[:, :2]}


# --- scikit-learn -----------------------------------------------------------------------------------


def scikit_learn(X: np.ndarray, work: Work) -> np.ndarray:
    """scikit-learn's Barnes-Hut; its early exaggeration always has 250 iterations, and it tells its times."""
    from sklearn.manifold import TSNE

    tsne = TSNE(
        perplexity=PERPLEXITY,
        max_iter=EARLY + max(work.later, 50),
        random_state=SEED,
        n_jobs=THREADS,
        verbose=2,
    )
    told = io.StringIO()
    start = time.perf_counter()
    with contextlib.redirect_stdout(told):
        Y = tsne.fit_transform(X)
    total = time.perf_counter() - start
    searching = re.findall(r"(?:Indexed|Computed neighbors for) \d+ samples in ([\d.]+)s", told.getvalue())
    groups = re.findall(r"Iteration (\d+):.*\((\d+) iterations in ([\d.]+)s\)", told.getvalue())
    ms = {int(last): 1e3 * float(seconds) / int(count) for last, count, seconds in groups}
    optimizing = sum(float(seconds) for _, _, seconds in groups)
    work.add(NEIGHBORS, sum(map(float, searching)))
    work.add(OPTIMIZATION, optimizing)
    # The rest: it does not tell P and the initial layout apart.
    work.add(AFFINITIES, max(0.0, total - sum(work.seconds.values())))
    early = [each for last, each in ms.items() if last <= EARLY]
    _note_iterations(work, early, list(ms.values())[-2:], tsne.n_iter_ + 1)
    return Y


# --- tsne-h2pack ------------------------------------------------------------------------------------


def h2pack(X: np.ndarray, work: Work) -> np.ndarray:
    """tsne-h2pack (Xing 2026): always 250 iterations exaggerated, momentum 0.8; random start."""
    from tsne_h2pack import TSNE

    tsne = TSNE(perplexity=PERPLEXITY, max_iter=work.early + work.later, random_state=SEED, n_jobs=THREADS)
    if work.warms >= H2PACK_SEARCHES_EXACTLY_BELOW:  # the small map of the warm-up must compile pynndescent
        tsne.knn_params = {"n_trees": 15, "n_iters": 10}
    start = time.perf_counter()
    Y = tsne.fit_transform(X)
    total = time.perf_counter() - start
    work.add(NEIGHBORS, tsne.knn_time_)
    # It does not tell P from the optimisation, nor early iterations from late ones.
    work.add(OPTIMIZATION, total - tsne.knn_time_)
    mean = 1e3 * work.seconds[OPTIMIZATION] / tsne.n_iter_
    _note_iterations(work, [mean], [mean], tsne.n_iter_)
    return Y


#: Rows from which tsne-h2pack searches with pynndescent.
H2PACK_SEARCHES_EXACTLY_BELOW = 10_000


# --- neighbours alone -------------------------------------------------------------------------------


def scikit_learn_neighbors(X: np.ndarray, work: Work) -> np.ndarray:
    """scikit-learn's exact search."""
    from sklearn.neighbors import NearestNeighbors

    with work.stage(NEIGHBORS):
        search = NearestNeighbors(n_neighbors=_neighbors_of(X), algorithm="brute", n_jobs=THREADS).fit(X)
        return search.kneighbors()[1]


def faiss_neighbors(X: np.ndarray, work: Work) -> np.ndarray:
    """faiss's exact search; each row finds itself as well."""
    import faiss

    faiss.omp_set_num_threads(THREADS)
    with work.stage(NEIGHBORS):
        index = faiss.IndexFlatL2(X.shape[1])
        index.add(X)
        return index.search(X, _neighbors_of(X) + 1)[1][:, 1:]


def faiss_cells(X: np.ndarray, work: Work) -> np.ndarray:
    """faiss's inverted file: 4 sqrt(n) lists, of which each row looks into 16."""
    import faiss

    faiss.omp_set_num_threads(THREADS)
    with work.stage(NEIGHBORS):
        lists = max(1, int(4 * len(X) ** 0.5))
        index = faiss.IndexIVFFlat(faiss.IndexFlatL2(X.shape[1]), X.shape[1], lists)
        index.nprobe = min(16, lists)
        index.train(X[:: max(1, len(X) // (50 * lists))])
        index.add(X)
        return index.search(X, _neighbors_of(X) + 1)[1][:, 1:]


def usearch_neighbors(X: np.ndarray, work: Work) -> np.ndarray:
    """usearch's small-world graph (Malkov & Yashunin 2018) as it comes, but for 128 looked at in a search."""
    from usearch.index import Index

    with work.stage(NEIGHBORS):
        index = Index(ndim=X.shape[1], metric="l2sq", dtype="f32", expansion_search=128)
        index.add(np.arange(len(X)), X, threads=THREADS)
        found = index.search(X, _neighbors_of(X) + 1, threads=THREADS)
        return np.asarray(found.keys)[:, 1:].astype(np.int64)


def pynndescent_neighbors(X: np.ndarray, work: Work) -> np.ndarray:
    """pynndescent as it comes (Dong et al. 2011)."""
    from pynndescent import NNDescent

    with work.stage(NEIGHBORS):
        graph = NNDescent(X, n_neighbors=_neighbors_of(X) + 1, n_jobs=THREADS, random_state=SEED)
        return graph.neighbor_graph[0][:, 1:]


def _neighbors_of(X: np.ndarray) -> int:
    return min(len(X) - 1, 3 * PERPLEXITY)


def _note_iterations(work: Work, early: list[float], late: list[float], iterations: int) -> None:
    work.figures |= {
        "early_ms": float(np.mean(early)) if early else float("nan"),
        "late_ms": float(np.mean(late)) if late else float("nan"),
        "iterations": iterations,
    }


OURS, OURS_BY_DEFAULT, FFT = "ours", "ours, default schedule", "openTSNE, FFT"
METHODS = {
    "ours": Method(OURS, "tsne_widget", "tsne_widget", ours),
    "ours-default": Method(OURS_BY_DEFAULT, "tsne_widget", "tsne_widget", ours_by_default),
    "opentsne-fft": Method(FFT, "openTSNE", "openTSNE", opentsne("fft")),
    "opentsne-bh": Method("openTSNE, Barnes-Hut", "openTSNE", "openTSNE", opentsne("bh"), 20_000),
    "sklearn": Method("scikit-learn", "sklearn", "scikit-learn", scikit_learn, 20_000),
    "h2pack": Method("tsne-h2pack", "tsne_h2pack", "tsne-h2pack", h2pack),
}
SAMPLED_METHODS = {
    "opentsne-fft": Method("openTSNE, FFT (sampled)", "openTSNE", "openTSNE", opentsne_sampled("fft")),
    "opentsne-bh": Method("openTSNE, Barnes-Hut (sampled)", "openTSNE", "openTSNE", opentsne_sampled("bh")),
}
SEARCHES = {
    "our-exact": Method("ours, exact", "tsne_widget", "tsne_widget", our_neighbors("exact"), 100_000),
    "our-approximate": Method(
        "ours, approximate", "tsne_widget", "tsne_widget", our_neighbors("approximate")
    ),
    "sklearn-brute": Method(
        "scikit-learn, brute", "sklearn", "scikit-learn", scikit_learn_neighbors, 100_000
    ),
    "faiss-flat": Method("faiss, flat", "faiss", "faiss-cpu", faiss_neighbors, 100_000),
    "faiss-ivf": Method("faiss, inverted file", "faiss", "faiss-cpu", faiss_cells),
    "usearch": Method("usearch", "usearch", "usearch", usearch_neighbors),
    "pynndescent": Method("pynndescent", "pynndescent", "pynndescent", pynndescent_neighbors),
}
