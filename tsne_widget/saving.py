"""The part of the widget that leaves something behind: a page without Python, the code that makes a map."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from . import protocol
from .data import ImageColumn
from .errors import InvalidValueError, NotComputedError, SaveError, invalid_type
from .handle import RunHandle, in_words, why_empty
from .measuring import Measuring
from .page import page
from .recipe import recipe

#: What colours in a page: all else is computed by Python.
_COLOURS = ("labels", "groups")


class Saving(Measuring):
    """Files of what is shown."""

    _points: Any

    def recipe(self) -> str:
        """Return the code that makes these maps, with this package and with scikit-learn.

        Examples
        --------
        >>> print(w.recipe())  # doctest: +SKIP
        """
        specs = [spec for _, spec in self.arrangement.entries]
        return recipe(self.settings, specs, labels=bool(self._source.colourings))

    def save_html(self, path: str | os.PathLike[str], columns: Sequence[str] = ()) -> Path:
        """Write one file that shows the maps in a browser, offline too, without Python.

        They can be moved, zoomed, pointed at and circled as in a notebook, in all maps at once. The file
        holds the coordinates, two bytes each, the column that colours, groups, what is selected, the
        settings, and of all other columns those that are asked for: nothing else of the rows. Scripts but
        its own do not run in it, and it fetches nothing. A map that has not settled says so.

        Parameters
        ----------
        path : path-like
            The file; one that is there is replaced.
        columns : sequence of str
            Columns whose values a tooltip and the table of selected rows tell.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        InvalidTypeError, UnknownColumnError, InvalidValueError
            `path` is no path; there is no such column, or it holds pictures.
        NotComputedError
            There is no map yet.
        SaveError
            The file cannot be written; what was there before is left as it was.
        """
        target = _path(path)
        names = self._check_columns("columns", columns)
        title = f"t-SNE of {self.n_rows:,} rows"
        text = page(title, self._facts(names), self.recipe(), self._saved(names))
        write(target, text.encode("utf-8"))
        return target

    def _facts(self, columns: Sequence[str]) -> list[str]:
        """Return what a reader is told before the maps, first of all whether they are finished."""
        coloured = [self.label_column] if self.label_column is not None else []
        held = ", ".join(dict.fromkeys([*coloured, *columns])) or "none"
        return [*map(_finished_or_not, self.runs), f"columns in this file: {held}"]

    def _saved(self, names: Sequence[str]) -> dict[str, Any]:
        """Return what the page's own model is made of, see `js/src/saved.ts`."""
        columns = [self._source.column(name) for name in names]
        rows = np.arange(self.n_rows)
        for column in columns:
            if isinstance(column, ImageColumn):
                raise InvalidValueError(
                    f"columns holds {column.name!r}, whose values are pictures: a page has none"
                )
        traits = {name: getattr(self, name) for name in protocol.TRAITS_OF_A_PAGE}
        mode = self._colour["mode"]
        traits |= {
            "selection": protocol.position_buffer(self.selection),
            "snapshot": self._snapshots(),
            "tooltip_columns": list(names),
            "_columns": protocol.columns_trait(columns),
            "_rows": protocol.rows_trait(None, False),
            "_history": {"undo": 0, "redo": 0},
            "_points": {**self._points, "note": ""},
            "_colour": {**self._colour, "mode": mode if mode in _COLOURS else "labels"},
        }
        told = protocol.columns_trait(columns)
        return {
            "traits": traits,
            "columns": [
                {**one, "values": column.cells(rows)} for one, column in zip(told, columns, strict=True)
            ],
        }

    def _snapshots(self) -> list[dict[str, Any]]:
        shown = [self.run_of(number) for number in self.run_ids]
        made = [
            protocol.snapshot_trait(replace(run.status, playing=False), run.layout)
            for run in shown
            if run is not None and run.layout is not None
        ]
        if not made:
            raise NotComputedError("there is no map yet: call wait(), or wait for the first picture")
        return made


def _finished_or_not(run: RunHandle) -> str:
    return in_words(run) if run.settled or why_empty(run) else f"NOT SETTLED: {in_words(run)}"


def _path(path: Any) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise invalid_type("path", path, "a file's path")
    return Path(path)


def write(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all.

    Raises
    ------
    SaveError
        With the path and what is wrong.
    """
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            unfinished = Path(file.name)
            file.write(content)
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(path)
    except BaseException as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise SaveError(f"{path} cannot be written: {error}") from error
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
