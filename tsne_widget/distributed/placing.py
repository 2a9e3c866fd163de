"""Place rows beyond memory on the map of a sample, partition by partition."""

from __future__ import annotations

import copy
import math
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from sklearn.pipeline import Pipeline

from ..data.checksum import digest
from ..data.features import listed
from ..errors import DataError, InvalidValueError, PlacingWarning
from ..estimator import TSNE, tsne_of
from ..estimator_base import NotFittedYetError
from ..parameters.limits import check_yes_or_no
from ..parameters.warn import warn_user
from .reading import rows_of
from .rows import DATA, Part, partition_called, required
from .written import Extent, Folder

#: How many rows are placed at once: little beside a partition, and enough that calls cost nothing.
_AT_ONCE = 2**15
#: More rows lie beyond a uniform sample than chance explains if chance does so in one of so many samples.
_ONE_IN = 1_000


def place(
    data: Any,
    fitted: Any,
    path: Any,
    *,
    features: Any = None,
    use_rep: Any = None,
    keep: Any = (),
    together: bool = False,
    overwrite: bool = False,
) -> Any:
    """Place all rows on the map of a sample, and write where they lie to Parquet.

    Each row is placed by itself, as `TSNE.transform` does it: its place does not depend on partitions and
    workers, bit for bit on processors of one kind. The rows of the sample keep their places; all copies of a
    row get the same. If a worker dies, Dask places its partitions again on others.

    Parameters
    ----------
    data : dask DataFrame, dask array, AnnData, str or Path
        All rows, those of the sample among them, see `sample`.
    fitted : TSNE or sklearn.pipeline.Pipeline
        The map of the sample, from `fit`; any fitted `TSNE` with two components, also as the end of a
        pipeline.
    path : str or Path
        A folder to write to, which all workers see.
    features : list of str, optional
        The features, in the order of the map; by default the columns with the names of its features. Name a
        column of embeddings again.
    use_rep : str, optional
        As for `sample`.
    keep : list of str
        Columns to write beside the places, such as labels and ids.
    together : bool
        Whether the rows of a partition also attract and repel one another, see `TSNE.transform`. That pays if
        there are few, large partitions, each a fair sample of all rows; shuffle sorted data first. A place
        then depends on the partition.
    overwrite : bool
        Whether to replace the files of an earlier call in `path`, whether it ended or not.

    Returns
    -------
    dask.dataframe.DataFrame
        Reads what was written when it is computed. Its columns: ``x`` and ``y``, float32; ``distance`` to the
        nearest row of the sample, float32, in the units in which the map compares rows; ``partition`` and
        ``row``, where the row is in `data`, as in the index of a sample; an index of labels, as in `sample`;
        and those of `keep`.

    Raises
    ------
    SaveError
        The folder holds a map, or a part of one, and `overwrite` is False; it holds other files; or it cannot
        be written.
    InvalidTypeError, InvalidValueError, DataError, UnknownColumnError
        A parameter is not allowed; or the features are not those of the map, or not finite.
    MissingDependencyError
        A package is not installed; ``pip install "tsne_widget[dask]"``.

    Warns
    -----
    PlacingWarning
        More rows are unlike the sample than chance explains: they are farther from the nearest sampled row
        than any sampled row from its own. Their places mean little.

    Notes
    -----
    `part.00007.parquet` holds the rows of partition 7, along a Z-order curve of their places and in small row
    groups: a reader of a region skips most of them by Parquet's own statistics. Sort by ``partition`` and
    ``row`` for the order of `data`. `_map.json` is written when all is done. It has ``version``, ``rows``,
    ``extent`` [xmin, xmax, ymin, ymax], ``sampled`` (the rows of the map), ``map`` (their digest),
    ``threshold`` (the largest distance of a sampled row from its nearest), ``beyond`` (how many rows are
    farther), ``partitions`` (the rows of each), ``features``, ``together`` and ``tsne_widget`` (our version).

    Files are written into a folder of their own in `path`, and take the place of an earlier map only when all
    are there.

    A worker holds a partition and a copy of its features, and places 32,768 rows of it at a time, with
    `together` all. It uses one thread for each partition.
    """
    together = check_yes_or_no("together", together)
    overwrite = check_yes_or_no("overwrite", overwrite)
    tsne = _map_of(fitted)
    names = getattr(fitted, "feature_names_in_", None)
    rows = rows_of(data, features=features, use_rep=use_rep, keep=keep, of_map=names)
    frames = required("dask.dataframe")
    required("pyarrow.parquet")
    folder = Folder.at(path, overwrite=overwrite)
    total = sum(rows.counted()) if together else None
    work = _Work(
        _on_one_thread(fitted), names, total, tsne.largest_distance_, Extent.of(tsne.embedding_), folder
    )
    done = required("dask").compute(*rows.tasks(_placed, shared=work))
    beyond = sum(part.beyond for part in done)
    lengths = [part.rows for part in done]
    folder.finish(
        rows=sum(lengths),
        extent=_of_all([part.extent for part in done]),
        sampled=len(tsne.embedding_),
        map=digest(tsne.embedding_),
        threshold=tsne.largest_distance_,
        beyond=beyond,
        partitions=lengths,
        features=list(names) if names is not None else tsne.n_features_in_,
        together=together,
    )
    _warn(beyond, sum(lengths), len(tsne.embedding_), tsne.largest_distance_)
    return frames.read_parquet(str(folder.path / "part.*.parquet"))


class _Done(NamedTuple):
    """What is known of a partition that is written."""

    rows: int
    beyond: int
    extent: Extent | None


@dataclass(frozen=True, eq=False)
class _Work:
    """What all partitions have in common."""

    fitted: Any
    names: Any
    total: int | None
    threshold: float
    extent: Extent
    folder: Folder

    def transformed(self, matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the places and distances of some rows."""
        if self.names is not None:  # without names scikit-learn would warn
            matrix = required("pandas").DataFrame(matrix, columns=self.names, copy=False)
        tsne = self.fitted
        if isinstance(tsne, Pipeline):
            matrix, tsne = tsne[:-1].transform(matrix) if len(tsne) > 1 else matrix, tsne[-1]
        together = {} if self.total is None else {"together": True, "n_total": self.total}
        result: tuple[np.ndarray, np.ndarray] = tsne.transform(matrix, return_distance=True, **together)
        return result

    def of_all(self, part: Part) -> tuple[np.ndarray, np.ndarray]:
        """Return the places and distances of all rows of a partition."""
        rows = len(part.matrix)
        places, distances = np.empty((rows, 2), np.float32), np.empty(rows, np.float32)
        at_once = rows if self.total is not None else _AT_ONCE
        for first in range(0, rows, at_once or 1):
            some = slice(first, first + at_once)
            places[some], distances[some] = self.transformed(part.matrix[some])
        return places, distances


def _placed(read: Any, partition: Any, number: int, work: _Work) -> _Done:
    """Place the rows of a partition and write its file."""
    part = read(partition, partition_called(number))
    _require_features(part, number, work)
    places, distances = work.of_all(part)
    work.folder.write(number, places, distances, part.kept, work.extent)
    beyond = int((distances > work.threshold).sum())
    return _Done(len(places), beyond, Extent.of(places) if len(places) else None)


def _require_features(part: Part, number: int, work: _Work) -> None:
    if work.names is not None and len(part.matrix) and list(part.features) != list(work.names):
        raise DataError(
            f"{partition_called(number)} has the features {listed(part.features)}: they must be those of the "
            f"map in its order, {listed(work.names)}"
        )


def _map_of(fitted: Any) -> TSNE:
    """Return the t-SNE map that places rows.

    Raises
    ------
    InvalidTypeError, InvalidValueError, NotComputedError
        It cannot place rows on a plane.
    """
    tsne = tsne_of(fitted)
    if not hasattr(tsne, "embedding_"):
        raise NotFittedYetError("fitted is not fitted yet: distributed.fit(sampled) returns one that is")
    if tsne.metric == "precomputed":
        raise InvalidValueError("fitted has metric='precomputed': rows beyond memory need features")
    if tsne.embedding_.shape[1] != 2:
        raise InvalidValueError("fitted has n_components=1: a map of rows beyond memory has two")
    return tsne


def _on_one_thread(fitted: Any) -> Any:
    """Return a copy that uses one thread, as Dask has one for each partition; it shares the index."""
    if not isinstance(fitted, Pipeline):
        return copy.copy(fitted).set_params(n_jobs=1)
    *before, (name, tsne) = fitted.steps
    return Pipeline([*before, (name, _on_one_thread(tsne))])


def _of_all(extents: list[Extent | None]) -> list[float]:
    known = np.array([extent for extent in extents if extent is not None], np.float64)
    if not len(known):
        raise DataError(f"{DATA} has no rows")
    return [
        float(known[:, 0].min()),
        float(known[:, 1].max()),
        float(known[:, 2].min()),
        float(known[:, 3].max()),
    ]


def _warn(beyond: int, rows: int, sampled: int, threshold: float) -> None:
    """Warn of rows unlike the sample if they are more than a uniform sample leaves out.

    By chance n sampled rows are all among the share 1 - s of the rows that have others nearer, with
    probability (1 - s)^n.
    """
    share = beyond / rows
    if sampled * -math.log1p(-min(share, 1 - 1e-12)) <= math.log(_ONE_IN):
        return
    warn_user(
        f"{beyond:,} of {rows:,} rows ({100 * share:.2g} %) are unlike the sample: they are farther from "
        f"the nearest sampled row than any sampled row from its own, {threshold:.4g}, so their places mean "
        "little; the column 'distance' tells which",
        PlacingWarning,
    )
