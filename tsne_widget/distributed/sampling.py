"""A uniform sample of rows beyond memory, and its map."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..data.features import chosen
from ..data.frames import frame_of
from ..data.matrix import LEAST_ROWS
from ..data.near import hint
from ..errors import InvalidValueError, UnknownParameterError, invalid_type
from ..estimator import TSNE
from ..parameters.constants import DRAWN_ROWS
from ..parameters.limits import LIMITS, Limit, check_yes_or_no
from .reading import rows_of
from .rows import DATA, partition_called, required

#: Under which key of `attrs` a sample says which of its columns are features.
FEATURES = "features"


def sample(
    data: Any,
    n_rows: int = DRAWN_ROWS,
    *,
    random_state: int = 0,
    features: Any = None,
    use_rep: Any = None,
    keep: Any = (),
) -> Any:
    """Draw a uniform sample of rows beyond memory: each row has the same chance.

    All partitions are read and checked, so that `place` does not fail halfway. The sample depends on
    `random_state`, and on the number and order of the rows; not on partitions and workers.

    Parameters
    ----------
    data : dask DataFrame, dask array, AnnData, str or Path
        The rows. An AnnData may come from `anndata.experimental.read_lazy`; its representation must be dense.
        A path is that of an AnnData's zarr store, or of Parquet: a file, a folder, or a pattern such as
        ``"cells/*.parquet"``. All workers must see it under this path; for "s3://" and the like give
        ``dask.dataframe.read_parquet(...)``.
    n_rows : int
        The number of rows, at least 3.
    random_state : int
        The seed.
    features : list of str, optional
        The columns to embed; by default all numeric ones that are not in `keep`: name ids, batches and
        numeric labels there. Of Parquet it may name one column whose cells hold embeddings.
    use_rep : str, optional
        Of an AnnData, the representation to embed: "X" or a key of `obsm`; by default "X_pca" if there is
        one, else "X".
    keep : list of str
        Further columns to keep, such as labels and ids; of an AnnData those of `obs`, and "obs_names".

    Returns
    -------
    pandas.DataFrame of shape (n_rows, n_features + n_kept)
        The features as float32 or float64, and the columns of `keep`. An index of labels of a frame, or of
        Parquet that pandas has written, becomes a column. The frame's own index is ``(partition, row)``:
        where each row comes from. ``attrs["features"]`` has the names of the features.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError, UnknownColumnError
        There are fewer rows, or a feature is unknown, not a number, missing or infinite.
    MissingDependencyError
        A package is not installed; ``pip install "tsne_widget[dask]"``.

    Examples
    --------
    >>> import dask.array as da
    >>> from tsne_widget import distributed
    >>> X = da.random.default_rng(0).normal(size=(5_000, 4), chunks=(1_000, 4))
    >>> distributed.sample(X, 500).shape
    (500, 4)
    """
    pandas, dask = required("pandas"), required("dask")
    n_rows = int(Limit(LEAST_ROWS, integer=True).check("n_rows", n_rows))
    random_state = LIMITS["random_state"].check("random_state", random_state)
    rows = rows_of(data, features=features, use_rep=use_rep, keep=keep)
    lengths = rows.counted()
    positions = positions_drawn(lengths, n_rows, random_state)
    drawn = [part for part in dask.compute(*rows.tasks(_drawn, positions)) if part is not None]
    sampled = pandas.concat([frame for _, frame in drawn])
    sampled.attrs[FEATURES] = list(drawn[0][0])
    return sampled


def positions_drawn(lengths: list[int], n_rows: int, seed: int) -> list[np.ndarray]:
    """Return the positions of the sampled rows in each partition, ascending.

    Raises
    ------
    InvalidValueError
        There are fewer rows.
    """
    stops = np.cumsum(lengths, dtype=np.int64)
    total = int(stops[-1]) if len(stops) else 0
    if n_rows > total:
        raise InvalidValueError(f"n_rows={n_rows:,} is not allowed: {DATA} has {total:,} rows")
    drawn = np.random.default_rng(seed).choice(total, n_rows, replace=False, shuffle=False)
    drawn.sort()
    borders = np.searchsorted(drawn, stops)[:-1]
    return [part - (stop - n) for part, stop, n in zip(np.split(drawn, borders), stops, lengths, strict=True)]


def _drawn(read: Any, partition: Any, number: int, positions: np.ndarray, _: None) -> Any:
    """Return the names of the features and the sampled rows of a partition; None if it has none."""
    pandas = required("pandas")
    part = read(partition, partition_called(number))
    if not len(positions):
        return None
    origin = pandas.MultiIndex.from_arrays(
        [np.full(len(positions), number), positions], names=["partition", "row"]
    )
    drawn = pandas.DataFrame(part.matrix[positions], columns=list(part.features), index=origin)
    for name in part.kept.column_names:
        if name not in part.features:
            drawn[name] = part.kept[name].take(positions).to_pandas().set_axis(origin)
    return part.features, drawn


def fit(sampled: Any, *, features: Any = None, standardize: bool = False, **parameters: Any) -> Any:
    """Make the map of a sample, as `TSNE` does it.

    Parameters
    ----------
    sampled : pandas.DataFrame of shape (n_samples, n_features + n_kept)
        From `sample`, or any other frame.
    features : list of str, optional
        The columns to embed; by default those that `sample` has taken for features.
    standardize : bool
        Whether to give each feature the mean 0 and the standard deviation 1 in the sample; all rows are
        scaled alike when they are placed.
    **parameters : object
        The parameters of `TSNE`.

    Returns
    -------
    TSNE or sklearn.pipeline.Pipeline
        Fitted; with `standardize` a pipeline of a `StandardScaler` and a `TSNE`.

    Raises
    ------
    UnknownParameterError
        `TSNE` has no such parameter.
    InvalidValueError, InvalidTypeError, DataError, UnknownColumnError
        As `TSNE.fit`; or a feature is unknown, or it is not known which columns are features.
    """
    if frame_of("sampled", sampled) is None or not hasattr(sampled, "attrs"):
        raise invalid_type("sampled", sampled, "a pandas DataFrame, as sample() returns it")
    if features is None and FEATURES not in sampled.attrs:
        raise InvalidValueError(
            "features=None is not allowed: sampled.attrs['features'], where sample() notes them, is not there"
        )
    wanted = chosen(
        sampled.attrs[FEATURES] if features is None else features, list(sampled), called="sampled"
    )
    known = TSNE().get_params()
    for name in parameters:
        if name not in known:
            raise UnknownParameterError(f"{name!r} is not a parameter of TSNE{hint(name, known)}")
    tsne = TSNE(**parameters)
    if not check_yes_or_no("standardize", standardize):
        return tsne.fit(sampled[wanted])
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), tsne).fit(sampled[wanted])
