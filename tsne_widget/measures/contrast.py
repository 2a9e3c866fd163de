"""Contrast some rows with others in all features, columns, labels and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..data import Column, Scale, Source
from ..errors import DataError
from .effect_sizes import (
    Difference,
    Effects,
    Share,
    columns_of,
    contrast_categories,
    contrast_column,
    contrast_numbers,
    difference,
    joined,
    named_shares,
    strongest,
)
from .words import Words

#: Columns with more categories than this identify rows rather than groups, like names or sequences.
CATEGORIES_MAX = 1_000


@dataclass(frozen=True)
class Numbers:
    """How much features and numeric columns differ.

    The means of a column have the same origin as its numbers; see `Column.since`.
    """

    names: Sequence[str]
    effects: Effects
    source: Source
    columns: Sequence[Column]
    selected: np.ndarray
    other: np.ndarray

    @property
    def order(self) -> np.ndarray:
        """Positions, strongest first, without the features that a column of the data replaces."""
        n_features = self._n_features
        hidden = np.zeros(len(self.names), bool)
        hidden[:n_features] = [name in self.source.features_in_data for name in self.names[:n_features]]
        order = self.effects.order
        return order[~hidden[order]]

    @property
    def named(self) -> np.ndarray:
        """The same without features that are only numbered, such as x0, x1, ..."""
        return self.order[~self._only_numbered(self.order)]

    @property
    def numbered(self) -> np.ndarray:
        """Positions of these features, strongest first; none if the features have names."""
        return self.order[self._only_numbered(self.order)]

    @property
    def _n_features(self) -> int:
        return len(self.names) - len(self.columns)

    def _only_numbered(self, order: np.ndarray) -> np.ndarray:
        return (order < self._n_features) & (not self.source.has_feature_names)

    @property
    def origins(self) -> np.ndarray:
        """The origins from which the means count, float64."""
        own = [column.since()[1] for column in self.columns]
        return np.concatenate([np.zeros(len(self.names) - len(own)), own])

    def drawn(self, order: np.ndarray) -> list[Difference]:
        """Return those at some positions, with their distributions."""
        n_features = self._n_features
        features = order[order < n_features]
        drawn = dict(
            zip(features.tolist(), columns_of(self.source.contrast_matrix, features), strict=True)
            if len(features)
            else ()
        )
        for position in order[order >= n_features].tolist():
            drawn[position] = self.columns[position - n_features].since()[0]
        return [
            difference(
                self.names[position], self.effects, position, drawn[position], self.selected, self.other
            )
            for position in order.tolist()
        ]

    def scale_of(self, name: str) -> Scale | None:
        """Return the scale of a column, which says what its numbers mean; None for a feature."""
        column = next((column for column in self.columns if column.name == name), None)
        return None if column is None or "scale" not in column.kinds else column.scale()


def numbers(source: Source, selected: np.ndarray, other: np.ndarray) -> Numbers:
    """Compare all features, then the numeric columns that are not features.

    Raises
    ------
    DataError
        X holds only distances, and there are no columns.
    """
    if source.distances and not source.contrast_names and not source.columns:
        raise DataError(
            "X holds distances, so there are no columns in which rows could differ: pass columns with data="
        )
    columns = numeric(source)
    effects = [contrast_numbers(source.contrast_matrix, selected, other)]
    effects += [contrast_column(column.since()[0], selected, other) for column in columns]
    names = [*source.contrast_names, *(column.name for column in columns)]
    return Numbers(names, joined(effects), source, columns, selected, other)


def shares(source: Source, selected: np.ndarray, other: np.ndarray) -> list[Share]:
    """Compare the categories of all columns that have some, strongest first; booleans only by True."""
    found: list[Share] = []
    for column in categorical(source):
        found += shares_of(column, selected, other)
    return strongest(found)


def shares_of(column: Column, selected: np.ndarray, other: np.ndarray) -> list[Share]:
    """Compare the categories of a column, strongest first."""
    categories = column.categories()
    effects = contrast_categories(categories.codes, len(categories.names), selected, other)
    named = named_shares(column.name, categories.names, effects)
    # The share of False would only repeat that of True.
    return [share for share in named if column.type != "boolean" or share.category != "False"]


def categorical(source: Source) -> list[Column]:
    """Return the columns whose categories tell groups of rows, not single rows."""
    return [
        column
        for column in _others(source)
        if not _is_number(source, column)
        and "categories" in column.kinds
        and column.type != "text"
        and len(column.categories().names) <= CATEGORIES_MAX
    ]


def texts(source: Source) -> list[Column]:
    """Return the columns of texts that mostly differ."""
    return [column for column in _others(source) if column.type == "text"]


def numeric(source: Source) -> list[Column]:
    """Return the columns of numbers that are not features."""
    return [column for column in _others(source) if _is_number(source, column)]


def words(counted: Iterable[Words], selected: np.ndarray, other: np.ndarray) -> list[Share]:
    """Compare the words of columns of texts: for each column those characteristic of the selected rows."""
    found: list[Share] = []
    for one in counted:
        here, there = one.among(selected), one.among(other)
        found += one.strongest(here, there, np.array([here.counts, there.counts]))
    return found


def _others(source: Source) -> list[Column]:
    """Return the columns that are not features."""
    features = set(source.contrast_names) - source.features_in_data
    return [source.columns[name] for name in source.columns if name not in features]


def _is_number(source: Source, column: Column) -> bool:
    """Return whether a column holds numbers or many times; labels with few distinct numbers are names."""
    if column.kinds[:1] == ("scale",):
        return True
    return column.type == "number" and column.name not in source.colorings


def as_columns(compared: Numbers, categories: list[Share], said: list[Share]) -> dict[str, Any]:
    """Return all as table columns, each kind strongest first; features that are only numbered come last."""
    parts = [
        _of_numbers(compared, compared.named),
        _of_shares("category", categories),
        _of_shares("word", said),
        _of_numbers(compared, compared.numbered),
    ]
    return {
        name: np.concatenate([part[name] for part in parts])
        if name in _FIGURES
        else [value for part in parts for value in part[name]]
        for name in parts[0]
    }


_FIGURES = ("effect", "selected", "other", "selected_sd", "other_sd")


def _of_numbers(compared: Numbers, order: np.ndarray) -> dict[str, Any]:
    effects, origins = compared.effects, compared.origins
    return {
        "feature": [compared.names[position] for position in order],
        "category": [None] * len(order),
        "kind": ["number"] * len(order),
        "effect": effects.effect[order],
        "selected": (origins + effects.selected_mean)[order],
        "other": (origins + effects.other_mean)[order],
        "selected_sd": effects.selected_sd[order],
        "other_sd": effects.other_sd[order],
    }


def _of_shares(kind: str, found: list[Share]) -> dict[str, Any]:
    nowhere = np.full(len(found), np.nan)
    return {
        "feature": [share.column for share in found],
        "category": [share.category for share in found],
        "kind": [kind] * len(found),
        "effect": np.array([share.effect for share in found]),
        "selected": np.array([share.selected_share for share in found]),
        "other": np.array([share.other_share for share in found]),
        "selected_sd": nowhere,
        "other_sd": nowhere,
    }
