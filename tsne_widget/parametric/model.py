"""What training leaves: a function from rows to places on the map, and its file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from os import PathLike, fspath
from typing import Any

import numpy as np

from ..errors import DataError, InvalidTypeError, SaveError
from ..tsne.pool import Pool
from ..tsne.steps import result_of
from .landmarks import Landmarks, weights_of
from .network import Network
from .optimizer import Learner, OfRows, place_rows
from .scaling import Scaling

_FORMAT, _VERSION = "tsne_widget parametric map", 1


@dataclass(frozen=True)
class MapFunction:
    """A map as a function of a row; it knows nothing of the rows that it was trained on.

    Attributes
    ----------
    scaling : Scaling
        What happens to a row first.
    landmarks, places : ndarray of shape (m, d) and (m, 2), float32, or None
        Landmarks among the scaled rows, and their places on the map.
    network : object or None
        Without landmarks: a `Network`, or a model that somebody brought.
    reach : float or None
        With landmarks: rows farther from the nearest one lie beyond the rows of training, see `Landmarks`.
    """

    scaling: Scaling
    landmarks: np.ndarray | None = None
    places: np.ndarray | None = None
    network: Any = None
    reach: float | None = None

    @classmethod
    def learned(cls, scaling: Scaling, learner: Learner) -> MapFunction:
        """Return what a learner knows now; it does not change when the learner goes on."""
        if isinstance(learner, Landmarks):
            return cls(scaling, learner.points, learner.places.copy(), reach=learner.reach)
        assert isinstance(learner, OfRows)
        model = learner.model
        return cls(scaling, network=model.copy() if isinstance(model, Network) else model)

    @property
    def n_features(self) -> int:
        """The number of columns of a row."""
        return len(self.scaling.origin)

    def transform(self, rows: np.ndarray, *, pool: Pool | None = None) -> np.ndarray:
        """Return the places of rows, float32 of shape (m, 2); a place depends on its row alone.

        A row far from all landmarks lies between those nearest to it.

        Raises
        ------
        DataError
            The number of columns differs, or a row is too far away for float32.
        """
        rows = np.asarray(rows)
        if rows.ndim != 2 or rows.shape[1] != self.n_features:
            raise DataError(f"rows have shape {rows.shape}: they must have {self.n_features} columns")
        scaled = self.scaling(rows)
        lost = ~np.isfinite(scaled).all(axis=1)
        if lost.any():
            raise _too_far(int(lost.argmax()))
        if self.landmarks is None:
            return place_rows(self.network, scaled)
        try:
            weights = result_of(weights_of(scaled, self.landmarks, pool or Pool(1)))
        except ValueError as error:
            raise DataError(f"{error} for float32 to hold the distance: leave it out") from error
        return np.ascontiguousarray(weights @ self.places)

    def save(self, path: str | PathLike[str], also: Mapping[str, Any] | None = None) -> None:
        """Write an npz file without pickle; `also` holds further arrays, by name.

        Raises
        ------
        InvalidTypeError
            The map is that of a model that somebody brought.
        SaveError
            The file cannot be written.
        """
        if self.landmarks is None and not isinstance(self.network, Network):
            kind = type(self.network).__name__
            raise InvalidTypeError(
                f"hidden is a {kind}: only landmarks and networks of this package are saved"
            )
        arrays: dict[str, Any] = {
            "origin": self.scaling.origin,
            "scale": self.scaling.scale,
            "unit": self.scaling.unit,
        }
        if self.landmarks is not None:
            arrays |= {"landmarks": self.landmarks, "places": self.places, "reach": self.reach}
        else:
            arrays |= {f"layer_{number}": layer for number, layer in enumerate(self.network.layers)}
        arrays |= {"format": _FORMAT, "version": _VERSION, **(also or {})}
        try:
            with open(path, "wb") as file:
                np.savez_compressed(file, **arrays)
        except OSError as error:
            raise SaveError(f"cannot write {fspath(path)!r}: {error.strerror or error}") from error

    @classmethod
    def load(cls, path: str | PathLike[str]) -> tuple[MapFunction, dict[str, np.ndarray]]:
        """Read what `save` wrote: the map, and all arrays of the file by name.

        Raises
        ------
        DataError
            The file is no such file, is damaged, or a later version of this package wrote it.
        OSError
            The file cannot be read.
        """
        arrays = _arrays_in(path)
        if str(arrays.get("format")) != _FORMAT:
            raise DataError(
                f"{fspath(path)!r} holds no parametric map: ParametricTSNE.save writes such files"
            )
        try:
            if (version := int(arrays["version"])) <= _VERSION:
                return _function_of(arrays), arrays
        except (KeyError, ValueError, TypeError) as error:
            raise DataError(f"{fspath(path)!r} is damaged: {error}") from error
        raise DataError(f"{fspath(path)!r} has version {version}: this tsne_widget reads up to {_VERSION}")


def _arrays_in(path: str | PathLike[str]) -> dict[str, np.ndarray]:
    wrong = f"{fspath(path)!r} is no npz file, or is damaged"
    try:
        loaded = np.load(path, allow_pickle=False)
        if isinstance(loaded, np.ndarray):
            raise ValueError("it holds a single array")
        with loaded:
            return {name: loaded[name] for name in loaded.files}
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{wrong}: {error}") from error


def _function_of(arrays: Mapping[str, np.ndarray]) -> MapFunction:
    scaling = Scaling(arrays["origin"].astype(np.float64), float(arrays["scale"]), bool(arrays["unit"]))
    columns = len(scaling.origin)
    if "landmarks" in arrays:
        landmarks = np.ascontiguousarray(arrays["landmarks"], np.float32)
        places = np.ascontiguousarray(arrays["places"], np.float32)
        if landmarks.shape != (len(places), columns) or places.shape[1:] != (2,) or not len(places):
            raise ValueError(f"landmarks of shape {landmarks.shape} have places of shape {places.shape}")
        return MapFunction(scaling, landmarks, places, reach=float(arrays["reach"]))
    count = sum(name.startswith("layer_") for name in arrays)
    layers = [np.ascontiguousarray(arrays[f"layer_{number}"], np.float32) for number in range(count)]
    sizes = [columns, *(len(bias) for bias in layers[1::2])]
    shapes = [weights.shape for weights in layers[::2]]
    if not layers or sizes[-1] != 2 or shapes != list(pairwise(sizes)):
        raise ValueError("its layers do not fit together")
    return MapFunction(scaling, network=Network(layers))


def _too_far(row: int) -> DataError:
    return DataError(f"row {row} is too far from the rows of fit for float32 to hold it: leave it out")
