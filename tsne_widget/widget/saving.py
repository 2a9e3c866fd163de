"""The part of the widget that leaves something behind: a page without Python, the code that makes a map."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..data import Column, ImageColumn
from ..errors import InvalidValueError, NotComputedError
from ..export.files import path_of, write
from ..export.html import page
from ..export.recipe import recipe
from ..parameters.constants import PAGE_KEYFRAMES
from ..parameters.limits import Limit
from ..wire import protocol
from .handle import RunHandle, in_words, unsettled_mark
from .picturing import NO_MAP, Picturing

#: What colours in a page: all else is computed by Python.
_COLOURS = ("labels", "groups")


class Saving(Picturing):
    """Files of what is shown."""

    _points: Any

    def recipe(self) -> str:
        """Return the code that makes these maps, with this package and with scikit-learn.

        Examples
        --------
        >>> print(w.recipe())  # doctest: +SKIP
        """
        specs = [spec for _, spec in self.grid.entries]
        return recipe(self.settings, specs, labels=bool(self._source.colourings))

    def save_html(
        self,
        path: str | os.PathLike[str],
        columns: Sequence[str] = (),
        *,
        keyframes: int = PAGE_KEYFRAMES,
    ) -> Path:
        """Write one file that shows the maps in a browser, offline too, without Python.

        They can be moved, zoomed, pointed at and circled as in a notebook, in all maps at once, and their
        history can be gone through. The file holds the coordinates, two bytes each, the column that
        colours, groups, what is selected, the settings, and of all other columns those that are asked for:
        nothing else of the rows. Where density, distance or stability colours, which Python computes, the
        column colours in the page. Scripts but its own do not run in it, and it fetches nothing. A map that
        has not settled says so.

        Parameters
        ----------
        path : path-like
            The file; one that is there is replaced.
        columns : sequence of str
            Columns whose values a tooltip and the table of selected rows tell.
        keyframes : int, at least 0
            How many keyframes of each map's `history` go with it at most, evenly chosen of those there are:
            each takes about five bytes a row. 0 is none.

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
        target = path_of(path)
        write(target, self.page(columns, keyframes))
        return target

    def page(self, columns: Sequence[str], keyframes: int = PAGE_KEYFRAMES) -> bytes:
        """Return the content of the file that `save_html` writes."""
        names = self._check_columns("columns", columns)
        most = Limit(0, integer=True).check("keyframes", keyframes)
        films = [{"run": handle.id, "frames": _thinned(handle, most)} for handle in self.runs]
        title = f"t-SNE of {self.n_rows:,} rows"
        saved = {**self._saved(names), "films": films}
        return page(title, self._facts(names, films), self.recipe(), saved).encode("utf-8")

    def _facts(self, columns: Sequence[str], films: list[dict[str, Any]]) -> list[str]:
        """Return what a reader is told before the maps, first of all whether they are finished."""
        coloured = [self.label_column] if self.label_column is not None else []
        held = ", ".join(dict.fromkeys([*coloured, *columns])) or "none"
        kept = sum(len(film["frames"]) for film in films)
        of = sum(len(handle.history) for handle in self.runs)
        return [
            *(unsettled_mark(run) + in_words(run) for run in self.runs),
            f"columns in this file: {held}",
            f"history in this file: {kept} of {of} keyframes",
        ]

    def _saved(self, names: Sequence[str]) -> dict[str, Any]:
        """Return what the page's own model is made of, see `js/src/store/saved.ts`."""
        columns = [self._source.column(name) for name in names]
        rows = np.arange(self.n_rows)
        for column in columns:
            if isinstance(column, ImageColumn):
                raise InvalidValueError(
                    f"columns holds {column.name!r}, whose values are pictures: a page has none"
                )
        traits = {name: getattr(self, name) for name in protocol.TRAITS_OF_A_SAVED_PAGE}
        mode = self._colour["mode"]
        told = protocol.columns_trait(columns)
        traits |= {
            "selection": protocol.position_buffer(self.selection),
            "snapshot": self._snapshots(),
            "tooltip_columns": list(names),
            "_columns": told,
            "_rows": protocol.rows_trait(None, False),
            "_history": {"undo": 0, "redo": 0},
            "_points": {**self._points, "note": ""},
            "_colour": {**self._colour, "mode": mode if mode in _COLOURS else "labels"},
        }
        values = [column.cells(rows) for column in columns]
        return {
            "traits": traits,
            "columns": [
                {**one, "values": cells, "ranks": _ranks(column, cells)}
                for one, column, cells in zip(told, columns, values, strict=True)
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
            raise NotComputedError(NO_MAP)
        return made


def _ranks(column: Column, cells: Sequence[Any]) -> list[int] | None:
    """Return each row's place in the order of a column; None where its cells are numbers, and tell it."""
    if all(cell is None or type(cell) in (int, float) for cell in cells):
        return None
    ranks: np.ndarray = np.unique(column.ranks(), return_inverse=True)[1]
    return ranks.tolist()


def _thinned(handle: RunHandle, most: int) -> list[dict[str, Any]]:
    """Return keyframes of a map, evenly chosen where there are more."""
    history = handle.history
    chosen = np.linspace(0, len(history) - 1, min(most, len(history))).round().astype(int)
    return [
        {**protocol.keyframe_result(handle.id, frame), "points": protocol.code_buffer(frame.layout)}
        for frame in (history[i] for i in chosen)
    ]
