"""Contrast some rows with others in all features, columns and labels."""

from __future__ import annotations

from collections.abc import Sequence
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
        n_features = len(self.names) - len(self.columns)
        hidden = np.zeros(len(self.names), bool)
        hidden[:n_features] = [name in self.source.features_in_data for name in self.names[:n_features]]
        order = self.effects.order
        return order[~hidden[order]]

    @property
    def origins(self) -> np.ndarray:
        """The origins from which the means count, float64."""
        own = [column.since()[1] for column in self.columns]
        return np.concatenate([np.zeros(len(self.names) - len(own)), own])

    def strongest(self, limit: int) -> list[Difference]:
        """Return the ones that differ most, with their distributions."""
        order = self.order[:limit]
        n_features = len(self.names) - len(self.columns)
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
    columns = [column for column in _others(source) if _is_number(source, column)]
    effects = [contrast_numbers(source.contrast_matrix, selected, other)]
    effects += [contrast_column(column.since()[0], selected, other) for column in columns]
    names = [*source.contrast_names, *(column.name for column in columns)]
    return Numbers(names, joined(effects), source, columns, selected, other)


def shares(source: Source, selected: np.ndarray, other: np.ndarray) -> list[Share]:
    """Compare the categories of all columns that have some, strongest first; booleans only by True."""
    found: list[Share] = []
    for column in _others(source):
        if _is_number(source, column) or "categories" not in column.kinds or column.type == "text":
            continue
        categories = column.categories()
        if len(categories.names) <= CATEGORIES_MAX:
            effects = contrast_categories(categories.codes, len(categories.names), selected, other)
            named = named_shares(column.name, categories.names, effects)
            # The share of False would only repeat that of True.
            found += [share for share in named if column.type != "boolean" or share.category != "False"]
    return strongest(found)


def _others(source: Source) -> list[Column]:
    """Return the columns that are not features."""
    features = set(source.contrast_names) - source.features_in_data
    return [source.columns[name] for name in source.columns if name not in features]


def _is_number(source: Source, column: Column) -> bool:
    """Return whether a column holds numbers or many times; labels with few distinct numbers are names."""
    if column.kinds[:1] == ("scale",):
        return True
    return column.type == "number" and column.name not in source.colorings


def as_columns(compared: Numbers, categories: list[Share]) -> dict[str, Any]:
    """Return both as table columns: numbers first, each kind strongest first."""
    effects, order, origins = compared.effects, compared.order, compared.origins
    n, m = len(order), len(categories)
    nowhere = np.full(m, np.nan)
    return {
        "feature": [compared.names[position] for position in order] + [share.column for share in categories],
        "category": [None] * n + [share.category for share in categories],
        "effect": np.concatenate([effects.effect[order], [share.effect for share in categories]]),
        "selected": np.concatenate(
            [(origins + effects.selected_mean)[order], [share.selected_share for share in categories]]
        ),
        "other": np.concatenate(
            [(origins + effects.other_mean)[order], [share.other_share for share in categories]]
        ),
        "selected_sd": np.concatenate([effects.selected_sd[order], nowhere]),
        "other_sd": np.concatenate([effects.other_sd[order], nowhere]),
    }
