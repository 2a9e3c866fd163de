"""Words that are characteristic of some rows: class-based tf-idf of a column of texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..data import Column
from .effect_sizes import Share

#: A word or a pair of words in fewer rows than this is no word for many rows.
LEAST_ROWS = 3
#: A characteristic word is in a share of the rows this many times that of the others.
MORE = 1.5
#: A word says no more than the pair that it is in, if this share of its rows has the pair.
_MOSTLY = 0.7


@dataclass(frozen=True)
class Side:
    """How often each word occurs among some rows, and in how many of them."""

    size: int
    counts: np.ndarray
    rows: np.ndarray

    @property
    def shares(self) -> np.ndarray:
        """The share of the rows that each word is in."""
        return self.rows / max(self.size, 1)

    def without(self, part: Side) -> Side:
        """Return the rows that are not in a part of these."""
        return Side(self.size - part.size, self.counts - part.counts, self.rows - part.rows)


class Words:
    """The words of a column of texts, and pairs of words that follow each other; without English stop words.

    They are counted when first asked for.
    """

    def __init__(self, column: Column):
        self._column = column
        self.name, self.n = column.name, len(column)

    @cached_property
    def _counted(self) -> tuple[list[str], Any]:
        from sklearn.feature_extraction.text import CountVectorizer

        cells = self._column.cells(np.arange(len(self._column)))
        texts = ["" if text is None else text for text in cells]
        counter = CountVectorizer(stop_words="english", ngram_range=(1, 2), min_df=LEAST_ROWS, dtype=np.int32)
        try:
            counts = counter.fit_transform(texts)
        except ValueError:  # none is left
            return [], None
        return counter.get_feature_names_out().tolist(), counts.tocsr()

    def count(self) -> None:
        """Count them now, which takes about a second for 10,000 long texts."""
        self._counted  # noqa: B018 - it is kept

    @property
    def known(self) -> Sequence[str]:
        """The words, and pairs of words with a space between."""
        return self._counted[0]

    def among(self, rows: np.ndarray | None) -> Side:
        """Count the words of some rows, or of all."""
        words, counts = self._counted
        size = self.n if rows is None else len(rows)
        if not words:
            return Side(size, np.zeros(0), np.zeros(0))
        some = counts if rows is None else counts[rows]
        return Side(
            size,
            np.asarray(some.sum(axis=0)).ravel(),
            np.bincount(some.indices, minlength=len(words)),
        )

    def strongest(self, here: Side, there: Side, classes: np.ndarray) -> list[Share]:
        """Return the words that are characteristic of `here` rather than `there`, strongest first.

        The weight of a word x in a class c is tf(x, c) log(1 + A / f(x)): its share of the words of the
        class, its frequency f over all classes, and the mean number of words A of a class (Grootendorst 2022,
        BERTopic, arXiv:2203.05794, equation 3).

        Parameters
        ----------
        here, there : Side
            Both sides. A word must be in a larger share of the rows here, by a factor of 1.5.
        classes : ndarray of shape (n_classes, n_words)
            How often each word occurs in each class, `here` among them.
        """
        if not len(self.known):
            return []
        total = classes.sum(axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = here.counts / max(here.counts.sum(), 1) * np.log1p(total.sum() / len(classes) / total)
        own, other = here.shares, there.shares
        more = (own >= MORE * other) & (here.rows > 0)
        chosen = np.flatnonzero(more & ~self._said_by_pairs(here, more))
        order = chosen[np.argsort(-weights[chosen], kind="stable")]
        shares = zip(order.tolist(), own[order].tolist(), other[order].tolist(), strict=True)
        return [Share(self.name, self.known[word], one - two, one, two) for word, one, two in shares]

    def _said_by_pairs(self, here: Side, more: np.ndarray) -> np.ndarray:
        """Tell which words stand mostly in one pair, which says more."""
        said = np.zeros(len(self.known), bool)
        pairs, first, second = self._pairs
        for single in (first, second):
            mostly = more[pairs] & (here.rows[pairs] >= _MOSTLY * here.rows[single])
            said[single[mostly]] = True
        return said

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The pairs, and their first and second words, as positions."""
        position = {word: number for number, word in enumerate(self.known)}
        found = [
            (number, *(position[one] for one in word.split(" ")))
            for number, word in enumerate(self.known)
            if " " in word and all(one in position for one in word.split(" "))
        ]
        return tuple(np.array(found, np.int64).reshape(-1, 3).T)  # type: ignore[return-value] # three of them
