"""Measure how far all rows are from one row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .measure import IN_THE_DATA, Context, Measure, Span, Steps, span_of


class Distance(Measure):
    """The distance to one row in the original space."""

    name = "distance"
    label = "distance to the point under the pointer"
    description = "the distance of all rows to one row in the original space"
    needs = "row"
    heading = IN_THE_DATA
    ends = ("near", "far")
    by_label = False

    def steps(self, context: Context) -> Steps:
        """Return the distances to the row."""
        assert context.row is not None
        return context.data.space().distances_in_steps(context.row)

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the row and the metric."""
        return f"{context.data.metric} distance in the original space to row {context.row:,}"

    def span(self, values: np.ndarray, context: Context) -> Span:
        """Begin at the nearest other row, so that colours tell the nearest rows apart."""
        assert context.row is not None
        span = span_of(np.delete(values, context.row))
        return replace(span, low=span.least)
