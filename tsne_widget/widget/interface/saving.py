"""Saving a widget, and going on from its file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..loading import Saved, reject_held
from ..saving import Saving, check_autosave

if TYPE_CHECKING:
    from typing_extensions import Self


class SavingInterface:
    """The public methods that save a widget whole."""

    _saving: Saving

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write maps, settings, groups, selection, filter and history into one file, to go on later.

        `TSNEWidget.load` makes a widget from it, whose maps go on bit for bit as if they had not stopped.
        Maps that run move on meanwhile; each is saved between two iterations. The file is an npz archive
        without pickle, which holds neither X nor `labels`, `data` or `image`. A layout with its momentum
        takes 32 bytes a row and map; each keyframe of the history, at most 100, takes four more.

        A warning says what the file cannot hold: an estimator, whose map is saved as coordinates; a map that
        an estimator has not made yet; new rows that were placed; functions among `metric_params`.
        A metric that is a function is known by its name, and given again to `load`.

        Parameters
        ----------
        path : path-like
            The file, such as 'maps.tsne'; an existing one is replaced whole or not at all.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError
            `path` is not a path.
        SaveError
            The file cannot be written; an existing file stays as it was.
        NotRunningError
            The widget is closed.

        Warns
        -----
        SavingWarning
            If the file does not hold everything.

        Examples
        --------
        >>> w.save("maps.tsne")  # doctest: +SKIP
        >>> w = TSNEWidget.load("maps.tsne", X)  # doctest: +SKIP
        """
        return self._saving.save(path)

    @classmethod
    def load(
        cls,
        path: str | os.PathLike[str],
        X: Any,
        labels: Any = None,
        *,
        features: Any = None,
        use_rep: str | None = None,
        data: Any = None,
        image: Any = None,
        metric: Callable[..., Any] | Mapping[str, Callable[..., Any]] | None = None,
        metric_params: Mapping[str, Any] | None = None,
        neighbors: tuple[Any, Any] | None = None,
        placed: str | os.PathLike[str] | None = None,
        n_jobs: int | None = None,
        executor: Any = None,
        autosave: Any = None,
        **others: Any,
    ) -> Self:
        """Make a widget that goes on from a file of `save`, or of `autosave`.

        The maps are there at once, with all their results. Maps that ran go on as soon as their neighbours
        are found again; those that were paused or had ended stay so. All of it is bit for bit what the widget
        that was saved would have done, on a processor of the same kind. A map that still showed a sample of
        its rows begins again.

        Parameters
        ----------
        path : path-like
            The file. Files of others are safe to load: nothing in them is executed.
        X, labels, features, use_rep, data, image
            As in the constructor, and as they were. X must hold the same numbers; `labels` and `data` at
            least the columns that colour, name, filter or stand in tooltips.
        metric : callable, or dict of these by name, optional
            The functions that are metrics of these maps, if any are.
        metric_params : dict, optional
            As in the constructor, if the file could not hold them.
        neighbors : pair of arrays, optional
            As in the constructor, if they were given there.
        placed : path-like, optional
            As in `from_sample`, if that made the widget: the folder of all rows.
        n_jobs : int, optional
            Threads, as in the constructor; by default as many as it was saved with.
        executor : executor or callable that makes one, optional
            As in the constructor: maps may go on elsewhere than where they were saved.
        autosave : path-like, or pair of one and seconds, optional
            As in the constructor. It may be the same file.

        Returns
        -------
        TSNEWidget

        Raises
        ------
        DataError
            X holds other numbers, and where; or the file is damaged, is no such file, or was written by a
            later version of this package.
        UnknownColumnError
            A column is missing that the file refers to.
        InvalidValueError, InvalidTypeError
            Something that no file holds has to be given again.
        UnknownParameterError
            A parameter is one that the file holds; set it on the widget.
        OSError
            The file cannot be read.

        Warns
        -----
        SavingWarning
            If a map was not in the file, or pictures or the density of all rows are missing.
        """
        reject_held(others)
        check_autosave(autosave)
        saved = Saved(path, metric, metric_params, neighbors, placed)
        rows = {"features": features, "use_rep": use_rep, "data": data, "image": image}
        made: Callable[..., Self] = cls
        where = {"executor": executor, "autosave": autosave}
        given = saved.arguments if n_jobs is None else {**saved.arguments, "n_jobs": n_jobs}
        return made(X, labels, **rows, **where, **given, **others)

    @property
    def autosave(self) -> tuple[Path, float] | None:
        """The file into which the widget saves itself, and the seconds between two times; None: it does not.

        You may set it, as in the constructor.
        """
        return self._saving.autosave

    @autosave.setter
    def autosave(self, value: Any) -> None:
        self._saving.set_autosave(value)
