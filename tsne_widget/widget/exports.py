"""Exports the maps of a widget: as tables, as code, as a page without Python."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data import BESIDE, Column, ImageColumn, Source
from ..data.scales import Standard
from ..errors import InvalidValueError, NotComputedError, invalid_type, invalid_value
from ..export import functions
from ..export.files import path_of, write
from ..export.html import About, saved_page
from ..export.recipe import recipe
from ..export.thumbnails import in_words as pictures_in_words
from ..export.thumbnails import thumbnails
from ..failure import error_in_words
from ..maps.methods import method_of
from ..maps.origin import came_with_rows
from ..maps.placing import no_new_rows
from ..maps.titles import column_suffixes, methods_in_words
from ..measures.measure import Measured
from ..parameters.axes import AXES
from ..parameters.given import on_the_wire
from ..parameters.limits import Limit, check_text, check_yes_or_no
from ..wire import news, traits
from .colors import Colors, check_columns
from .density import Density
from .handle import RunHandle, in_words, unsettled_mark, why_empty
from .map_set import MapSet
from .measuring import Measuring
from .pictures import NO_MAP

if TYPE_CHECKING:
    from ..parametric.model import MapFunction


class Exports:
    """Files and tables of what a widget shows; `shown` are its traits."""

    def __init__(
        self,
        shown: Any,
        source: Source,
        maps: MapSet,
        colors: Colors,
        measuring: Measuring,
        density: Density | None,
    ):
        self._shown, self._source, self._maps, self._colors = shown, source, maps, colors
        self._n, self._measuring, self._density = source.n, measuring, density

    def recipe(self) -> str:
        """Return the code that makes these maps."""
        specs = [spec for _, spec in self._maps.grid.entries]
        scaler = self._source.standard and self._source.standard.scaler
        return recipe(self._maps.settings, specs, labels=bool(self._source.colorings), scaler=scaler)

    # --- tables -------------------------------------------------------------------------------------

    def to_frame(self) -> Any:
        """Return the maps as a table."""
        columns = {}
        suffixes = column_suffixes(self._maps.grid)
        for run, points in self._coordinates().items():
            columns[f"x{suffixes[run]}"], columns[f"y{suffixes[run]}"] = points.T
        return self._source.new_frame(columns, indexed=True)

    def to_anndata(self, key_added: Any) -> Any:
        """Return the maps in an AnnData."""
        if not isinstance(key_added, str):
            raise invalid_type("key_added", key_added, "a text")
        if not key_added:
            raise invalid_value("key_added", key_added, "a text that is not empty")
        grid = self._maps.grid
        suffixes, coordinates = column_suffixes(grid), self._coordinates()
        of_tsne = {f"{key_added}{suffixes[run]}": coordinates[run] for run, _ in grid.of_tsne}
        beside = {
            f"X{suffixes[run]}": coordinates[run]
            for run, spec in grid.beside.values()
            if not came_with_rows(spec.origin)
        }
        if both := of_tsne.keys() & beside.keys():
            raise InvalidValueError(
                f"key_added={key_added!r} gives two maps the key {min(both)!r}: choose another key_added"
            )
        self._source.require_no_other([*beside])
        told = {"params": self._told_parameters(), **({BESIDE: [*beside]} if beside else {})}
        return self._source.to_anndata(of_tsne | beside, {key_added: told})

    def _told_parameters(self) -> dict[str, Any]:
        """Return the parameters of the maps, in types that files can hold: a value without a name by ours."""
        several = {name: list(map(on_the_wire, self._maps.grid.distinct(name))) for name in AXES}
        axes = {name: values[0] if len(values) == 1 else values for name, values in several.items()}
        given = self._maps.given
        return {**axes, "early_exaggeration": given.early_exaggeration, "max_iter": given.max_iter}

    def _coordinates(self) -> dict[int, np.ndarray]:
        nowhere = np.full((self._n, 2), np.nan, np.float32)
        return {run.id: nowhere if why_empty(run) else run.embedding_ for run in self._maps.handles}

    # --- a page without Python ------------------------------------------------------------------------

    def save_html(
        self, path: str | os.PathLike[str], columns: Sequence[str], keyframes: int, **wanted: Any
    ) -> Path:
        """Write a page that shows the maps; `wanted` is what else it holds."""
        target = path_of(path)
        write(target, self.saved_page(columns, keyframes, **wanted))
        return target

    def saved_page(
        self,
        columns: Sequence[str],
        keyframes: int,
        *,
        place: bool = False,
        images: bool = False,
        title: str | None = None,
        description: str | None = None,
    ) -> bytes:
        """Return the content of the file that `save_html` writes."""
        check_yes_or_no("place", place)
        title, description = check_text("title", title), check_text("description", description)
        names = check_columns(self._source, "columns", columns)
        most = Limit(0, integer=True).check("keyframes", keyframes)
        kept = [{"run": handle.id, "frames": _thinned(handle, most)} for handle in self._maps.live]
        pictures = thumbnails(self._source.image, self._n) if check_yes_or_no("images", images) else None
        saved = {**self._saved(names), "keyframes": kept, "placing": None, "images": pictures}
        saved["density"] = None if self._density is None else self._density.in_a_page()
        saved["traits"]["_rows"] = traits.rows_trait(None, pictures is not None)
        facts = self._facts(names, saved)
        if pictures is not None:
            facts.append(pictures_in_words(pictures))
        if place:
            found, why_not = self._functions(saved["traits"]["_snapshot"])
            facts += [functions.in_words(self._maps.title_of(run), one) for run, one in found.items()]
            saved["placing"] = {
                "features": list(self._source.feature_names),
                "functions": [
                    functions.packed(run, function, self._standard_of(run)) for run, function in found.items()
                ],
                "why_not": [{"run": run, "words": no_new_rows(why)} for run, why in why_not.items()],
            }
        page = About(
            title or methods_in_words(self._maps.grid, self._n),
            description or "",
            self._sentence(),
            _saved_on(),
            facts,
            self.recipe(),
        )
        return saved_page(page, saved).encode("utf-8")

    def _sentence(self) -> str:
        """Say what the page shows."""
        count, source = len(self._maps.live), self._source
        maps = "1 map" if count == 1 else f"{count} maps"
        if source.distances:
            what = f"{self._n:,} rows, by the distances between them"
        else:
            what = f"{self._n:,} rows with {len(source.feature_names):,} features"
        mode = self._colors.mode
        by = self._colors.column if mode == "labels" else mode
        colored = f", coloured by {by}" if by is not None else ""
        return f"{maps} of {what}{colored}. {self._unsettled()}".rstrip()

    def _unsettled(self) -> str:
        """Say that maps have not settled; empty if all have."""
        handles = list(self._maps.handles)
        count = sum(bool(unsettled_mark(run)) for run in handles)
        if count == 0:
            return ""
        return "It has not settled." if len(handles) == 1 else f"{count} of them have not settled."

    def _functions(
        self, snapshots: Sequence[dict[str, Any]]
    ) -> tuple[dict[int, MapFunction], dict[int, str]]:
        """Return the snapshots that are functions of a row, and why the others are not, by run.

        Raises
        ------
        NotComputedError
            No map is.
        """
        found: dict[int, MapFunction] = {}
        why_not: dict[int, str] = {}
        for status in (snapshot["status"] for snapshot in snapshots):
            run = status["run"]
            try:
                found[run] = self._function_on(run, status["epoch"], status["iteration"])
            except Exception as error:
                why_not[run] = error_in_words(error)
        if not found:
            reasons = "; ".join(f"{self._maps.title_of(run)}: {why}" for run, why in why_not.items())
            raise NotComputedError(
                f"place=True needs a map that is a function of a row, such as beside='parametric': {reasons}"
            )
        return found, why_not

    def _standard_of(self, run: int) -> Standard | None:
        """Return what standardises rows before a map takes them."""
        in_own_units = method_of(self._maps.grid.spec(run)).in_own_units
        return None if in_own_units else self._source.standard

    def _function_on(self, number: int, epoch: int, iteration: int) -> MapFunction:
        run = self._maps.run_of(number)
        if run is None:
            raise NotComputedError(NO_MAP)
        function = run.function_on(epoch, iteration)
        if function.n_features != len(self._source.feature_names):
            raise NotComputedError(
                f"it was fitted to {function.n_features:,} features, and X has "
                f"{len(self._source.feature_names):,}"
            )
        return function

    def _facts(self, columns: Sequence[str], saved: dict[str, Any]) -> list[str]:
        """Return the facts above the maps, and first of all whether they are finished."""
        colored = [self._colors.column] if self._colors.column is not None else []
        held = ", ".join(dict.fromkeys([*colored, *columns])) or "none"
        kept = sum(len(of_a_map["frames"]) for of_a_map in saved["keyframes"])
        measured = [one["description"] for one in saved["traits"]["_measures"]]
        of = sum(len(handle.history) for handle in self._maps.live)
        return [
            *(unsettled_mark(run) + in_words(run) for run in self._maps.handles),
            f"columns in this file: {held}",
            *(f"measured in this file: {one}" for one in measured),
            *self._new_rows_told(),
            *([] if self._density is None else [f"density in this file: {self._density.in_words}"]),
            f"history in this file: {kept} of {of} keyframes",
        ]

    def _new_rows_told(self) -> list[str]:
        rows = self._shown._new_rows
        return [] if rows is None else [f"new rows in this file: {rows['name']}, {rows['count']:,}"]

    def _saved(self, names: Sequence[str]) -> dict[str, Any]:
        """Return what the model of the saved page holds; see `js/src/store/saved.ts`."""
        columns = [self._source.column(name) for name in names]
        rows = np.arange(self._n)
        for column in columns:
            if isinstance(column, ImageColumn):
                raise InvalidValueError(
                    f"columns holds {column.name!r}, whose values are pictures; a saved page holds only "
                    "those of image=, with images=True"
                )
        held = {name: getattr(self._shown, name) for name in traits.TRAITS_OF_A_SAVED_PAGE}
        snapshots = self._snapshots()
        measured = self._measuring.shown(self._colors.mode, self._shown.selection)
        mode = self._colors.mode if measured or self._colors.mode == "groups" else "labels"
        told = traits.columns_trait(columns)
        held |= {
            "selection": news.position_buffer(self._shown.selection),
            "_snapshot": snapshots,
            "tooltip_columns": list(names),
            "_columns": told,
            "advice": False,  # nobody there could tell
            "_undo": {"undo": 0, "redo": 0},
            "_saving_problem": "",
            "_points": {**held["_points"], "note": ""},
            "_color": {**held["_color"], "mode": mode},
            "_measures": traits.measures_trait([measured.measure] if measured else []),
        }
        if self._density is not None:
            held["_density"] = self._density.told_in_a_page
        values = [column.cells(rows) for column in columns]
        return {
            "traits": held,
            "measured": None if measured is None else _answer(measured),
            "columns": [
                {**one, "values": cells, "ranks": _ranks(column, cells)}
                for one, column, cells in zip(told, columns, values, strict=True)
            ],
        }

    def _snapshots(self) -> list[dict[str, Any]]:
        shown = [self._maps.run_of(number) for number in self._maps.grid.runs]
        made = [
            traits.snapshot_trait(replace(run.status, playing=False), run.layout, run.placed)
            for run in shown
            if run is not None and run.layout is not None
        ]
        if not made:
            raise NotComputedError(NO_MAP)
        return made


def _saved_on() -> str:
    """Say when and with what a page was saved."""
    return f"Saved on {datetime.now().astimezone():%Y-%m-%d} with tsne_widget {version('tsne_widget')}."


def _answer(measured: Measured) -> dict[str, Any]:
    """Return what the model of the saved page answers if it is asked for the measure."""
    result, buffers = news.measure_result(measured)
    return {"result": result, "buffers": buffers}


def _ranks(column: Column, cells: Sequence[Any]) -> list[int] | None:
    """Return each row's place in the order of a column; None if its cells are numbers, which give it."""
    if all(cell is None or type(cell) in (int, float) for cell in cells):
        return None
    ranks: np.ndarray = np.unique(column.ranks(), return_inverse=True)[1]
    return ranks.tolist()


def _thinned(handle: RunHandle, most: int) -> list[dict[str, Any]]:
    """Return at most so many keyframes of a map, evenly chosen."""
    history = handle.history
    chosen = np.linspace(0, len(history) - 1, min(most, len(history))).round().astype(int)
    return [
        {**news.keyframe_result(handle.id, frame), "points": news.code_buffer(frame.layout)}
        for frame in (history[i] for i in chosen)
    ]
