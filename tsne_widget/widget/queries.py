"""Answers what clients ask about rows, as JSON and buffers."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

import numpy as np

from ..data import ImageColumn, Images, Scale, Source
from ..data.written import MINUS, signed, value_in_words
from ..errors import InvalidValueError, NotComputedError, TSNEWidgetError
from ..honesty import words
from ..maps.keyframes import at
from ..measures.contrast import Numbers
from ..measures.effect_sizes import Difference, Share, composition
from ..parameters.constants import SAVED_KEYFRAMES
from ..wire import news, protocol
from ..wire.desk import Answer, Steps, ToldSteps
from .colors import Colors
from .density import Density
from .driver import Driver
from .exports import Exports
from .handle import RunHandle
from .lineup import Panels
from .luck import Repeating
from .map_set import MapSet
from .measurements import Measurements
from .measuring import Measuring
from .moment import Result, Slices
from .readings import Readings
from .row_set import RowSet
from .suggesting import Suggesting

#: Stands for a missing number.
NOTHING = "\N{EN DASH}"
#: The most labels of the selection that are listed.
LABELS_MAX = 50
#: The most rows found whose values are told.
HITS_MAX = 8
#: The most pairs of groups that are listed; those that a map shows most wrongly come first.
PAIRS_MAX = 1_000


class _Pictures:
    """The pictures of some rows, their bytes, and the first error, which does not stop the others."""

    def __init__(self) -> None:
        self.buffers: list[Any] = []
        self.error: str | None = None

    def of(self, images: Images, rows: np.ndarray) -> list[dict[str, Any] | None]:
        """Return the pictures of some rows as JSON has them; None where there is none."""
        return [self._told(images, row) for row in rows.tolist()]

    def _told(self, images: Images, row: int) -> dict[str, Any] | None:
        try:
            picture = images.of(row)
        except TSNEWidgetError as error:
            self.error = self.error or str(error)
            return None
        if picture is None:
            return None
        self.buffers.append(picture.data)
        number = len(self.buffers) - 1
        if picture.kind == "raw":
            size = {"width": picture.width, "height": picture.height, "channels": picture.channels}
            return {"kind": "raw", **size, "buffer": number}
        return {"kind": "encoded", "mime": picture.mime, "buffer": number}


class Queries:
    """Answers queries, in the query thread."""

    def __init__(
        self,
        shown: Any,
        source: Source,
        driver: Driver,
        maps: MapSet,
        rows: RowSet,
        colors: Colors,
        measurements: Measurements,
        measuring: Measuring,
        repeating: Repeating,
        readings: Readings,
        exports: Exports,
        suggesting: Suggesting,
        density: Density | None,
    ):
        self._shown, self._source, self._maps, self._rows = shown, source, maps, rows
        self._driver = driver
        self._colors, self._measurements, self._measuring = colors, measurements, measuring
        self._repeating, self._readings, self._exports = repeating, readings, exports
        self._suggesting, self._density = suggesting, density

    def answer(self, query: protocol.Lookup) -> Answer:
        """Return the result of a query and its buffers."""
        self._driver.require_open()
        match query:
            case protocol.Rows():
                return self._rows_of(query)
            case protocol.NeighborsOf(row, k):
                return self._neighbors(row, k), []
            case protocol.Find(text, column):
                return self._find(text, column)
            case protocol.Distributed(name):
                return news.distribution_result(self._source.column(name))
            case protocol.BetweenGroups(by, run):
                return self._between(by, run), []
            case protocol.ShownLabels():
                return _told(self._colors.labels)
            case protocol.ShownNames():
                return _told(self._colors.names)
            case protocol.Suggested():
                return self._suggesting.told()
            case protocol.Keyframes():
                return self._keyframes(), []
            case protocol.KeyframesAt(iteration):
                return self._keyframes_at(iteration)
            case protocol.SavedPage(columns, place, images):
                return None, [self._exports.saved_page(columns, SAVED_KEYFRAMES, place=place, images=images)]

    def measure(self, query: protocol.Contrasted | protocol.MeasureRows | protocol.Together) -> Steps:
        """Measure what a client asks for, in steps; stop once the widget is closed."""
        steps = self._steps(query)
        while True:
            self._driver.require_open()
            try:
                next(steps)
            except StopIteration as measured:
                answer: Answer = measured.value
                return answer
            yield

    def _steps(self, query: protocol.Contrasted | protocol.MeasureRows | protocol.Together) -> Steps:
        match query:
            case protocol.Contrasted(against, limit):
                return (yield from self._contrast(against, limit)), []
            case protocol.MeasureRows():
                return news.measure_result((yield from self._measuring.steps(query)))
            case protocol.Together():
                return news.together_result((yield from self._repeating.steps()), LABELS_MAX), []

    def read(self, query: protocol.Read) -> Steps:
        """Tell what may be read from a map at rest, in steps; stop once it moves on or the widget closes."""
        steps = self._while_at_rest(query.run, self._readings.steps(query))
        while True:
            try:
                next(steps)
            except StopIteration as found:
                return news.read_result(query.question, found.value)
            yield

    def density(self, query: protocol.Density) -> ToldSteps:
        """Count placed rows in tiles, and tell each percent of progress."""
        if self._density is None:
            raise NotComputedError("the widget shows no density of all rows: see from_sample()")
        return (yield from self._density.steps(query))

    def line_up(self, query: protocol.LineUp) -> ToldSteps:
        """Put a map at rest among maps of noise, and tell each percent of progress; stop likewise."""
        steps, told = self._while_at_rest(query.run, self._readings.panels(query)), 0
        while True:
            try:
                percent = math.floor(100 * next(steps))
            except StopIteration as made:
                layout, panels = made.value
                return news.lineup_result(query.run, layout, panels.maps, _told_of(panels))
            yield percent / 100 if percent > told else None
            told = percent

    def _while_at_rest(self, run: int, steps: Slices[Result]) -> Slices[Result]:
        """Take steps until the map moves on or the widget closes."""
        moment = self._at_rest(run)
        while True:
            self._driver.require_open()
            if self._at_rest(run) != moment:
                raise NotComputedError("the map has changed meanwhile")
            try:
                told = next(steps)
            except StopIteration as found:
                result: Result = found.value
                return result
            yield told

    def _at_rest(self, run: int) -> tuple[int, int] | None:
        """Return the epoch and iteration of a map; raise NotComputedError while it moves."""
        known = self._maps.run_of(run)
        status = known and known.status
        if status and status.playing:
            raise NotComputedError("the map is moving: what may be read is told once it rests")
        return (status.epoch, status.iteration) if status else None

    def _rows_of(self, query: protocol.Rows) -> Answer:
        rows = self._in_question if query.rows is None else np.array(query.rows, np.int64)
        if query.sort is not None:
            name, descending = query.sort
            rows = self._source.column(name).order(rows, descending)
        batch = rows[query.offset : query.offset + query.limit]
        pictures = _Pictures()
        columns = [self._source.column(name) for name in query.columns]
        index, image = self._source.index, self._source.image
        result = {
            "total": len(rows),
            "positions": batch.tolist(),
            "index": index and index.labels(batch),
            "columns": [
                {
                    "name": column.name,
                    "type": column.type,
                    "values": (
                        pictures.of(column.images, batch)
                        if isinstance(column, ImageColumn)
                        else column.cells(batch)
                    ),
                }
                for column in columns
            ],
            "images": image and pictures.of(image, batch),
        }
        return {**result, "image_error": pictures.error}, pictures.buffers

    @property
    def _in_question(self) -> np.ndarray:
        """The selected rows; if there are none, those that pass the filter."""
        selected: np.ndarray = self._shown.selection
        if selected.size:
            return selected
        return np.arange(self._source.n) if self._rows.filter is None else self._rows.filter.rows

    def _contrast(self, against: str | None, limit: int) -> Slices[dict[str, Any]]:
        selected, other = self._measurements.sides(
            self._shown.selection, None if against is None else self._rows.groups[against]
        )
        found = yield from self._measurements.contrast_in_steps(selected, other)
        compared, categories, words = found
        return {
            "selected": len(selected),
            "other": len(other),
            "numbers": _differences(compared, compared.named[:limit]),
            "numbers_total": len(compared.named),
            "numbered": _differences(compared, compared.numbered[:limit]),
            "numbered_total": len(compared.numbered),
            "categories": [_share(one) for one in categories[:limit]],
            "categories_total": len(categories),
            "words": [_share(one) for one in words[:limit]],
            "words_total": len(words),
            "labels": self._labels_of(selected),
        }

    def _labels_of(self, selected: np.ndarray) -> list[dict[str, Any]] | None:
        """Return what the selection consists of, by the column that colours."""
        name = self._colors.column
        if name is None or self._colors.kind != "categories":
            return None
        column = self._source.column(name)
        if column.type == "text":  # names of rows say nothing of what they have in common
            return None
        categories = column.categories()
        made_of = composition(categories.codes, categories.counts, selected)
        order = np.argsort(-made_of.count, kind="stable")[:LABELS_MAX]
        return [
            {
                "name": categories.names[code],
                "count": int(made_of.count[code]),
                "share": float(made_of.share[code]),
                "of": float(made_of.of[code]),
            }
            for code in order.tolist()
            if made_of.count[code]
        ]

    def _neighbors(self, row: int, k: int) -> dict[str, Any]:
        found = self._measurements.nearest_by_metric(row, k)
        for one in found:  # a user's metric may say anything, and JSON has no infinity
            if len(one.positions) < k or not np.isfinite(one.distances).all():
                raise InvalidValueError(f"row {row} does not have {k} others at a finite distance")
        return news.neighbors_result(row, found)

    def _find(self, text: str, column: str | None) -> Answer:
        found, places = self._rows.searched(text, column)
        hits = self._source.hits(found[:HITS_MAX], text, places)
        return {"count": len(found), "searched": places, "hits": hits}, [news.position_buffer(found)]

    def _keyframes(self) -> dict[str, Any]:
        kept = (frame for handle in self._maps.live for frame in handle.history)
        return {"iterations": sorted({frame.iteration for frame in kept})}

    def _keyframes_at(self, iteration: int) -> Answer:
        found = ((handle.id, at(handle.history, iteration)) for handle in self._maps.live)
        frames = [(run, frame) for run, frame in found if frame is not None]
        told = [news.keyframe_result(run, frame) for run, frame in frames]
        return {"runs": told}, [news.code_buffer(frame.layout) for _, frame in frames]

    def _between(self, by: str, run: int) -> dict[str, Any]:
        found = self._measurements.distances_shown(RunHandle(self._maps, run), by)
        if not np.isfinite(found.original).all():
            raise InvalidValueError("the distance between two groups is not finite")
        told = {
            "a": found.pairs[:, 0],
            "b": found.pairs[:, 1],
            "original": found.original,
            "map": found.on_map,
            "original_rank": _ranks(found.original),
            "map_rank": _ranks(found.on_map),
        }
        pairs = zip(*(values[:PAIRS_MAX].tolist() for values in told.values()), strict=True)
        return {
            "names": list(found.names),
            "rho": found.rho,
            "sentence": found.sentence,
            "pairs": [dict(zip(told, pair, strict=True)) for pair in pairs],
            "pairs_total": len(found.pairs),
        }


def _differences(compared: Numbers, order: np.ndarray) -> list[dict[str, Any]]:
    return [_difference(one, compared.scale_of(one.feature)) for one in compared.drawn(order)]


def _share(one: Share) -> dict[str, Any]:
    return {**asdict(one), "effect": signed(100 * one.effect, 0)}


def _difference(found: Difference, scale: Scale | None) -> dict[str, Any]:
    """Describe how a number differs: its distributions, and the rest in words."""
    span = found.high - found.low
    in_words = {
        name: value_in_words(value, span, scale) if math.isfinite(value) else NOTHING
        for name in ("selected_mean", "other_mean", "low", "high")
        for value in [getattr(found, name)]
    }
    return {**asdict(found), **in_words, "effect": _effect(found)}


def _effect(found: Difference) -> str:
    """Write an effect; it has no bounds where neither side varies."""
    if math.isfinite(found.effect):
        return signed(found.effect, 2)
    if math.isnan(found.effect) or not np.isfinite([found.selected_mean, found.other_mean]).all():
        return NOTHING
    return f"{'+' if found.effect > 0 else MINUS}∞"


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks from 1, the smallest; equal values share their lowest rank."""
    return np.searchsorted(np.sort(values), values) + 1


def _told_of(panels: Panels) -> dict[str, Any]:
    """Describe a map among maps of noise: where it stands, what each pick tells, and what the data do."""
    numbers = range(1, len(panels.maps) + 1)
    picks = [words.picked(number, panels.answer, len(panels.maps)) for number in numbers]
    return {"answer": panels.answer, "seed": panels.seed, "picks": picks, "noise": panels.noise}


def _told(labels: Any) -> Answer:
    """Return the labels of a trait without their bytes, and these."""
    labels = labels if isinstance(labels, dict) else {}
    told = {name: value for name, value in labels.items() if not isinstance(value, bytes)}
    return told, [value for value in labels.values() if isinstance(value, bytes)]
