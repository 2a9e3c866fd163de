"""Names for sets of rows: what sets them apart from all other rows, in a word or two."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from ..data import Column, Source
from ..data.columns import distinct_names
from ..errors import DataError
from ..honesty.written import percent
from .contrast import categorical, numbers, numeric, shares_of, texts
from .effect_sizes import Share, contrast_column
from .words import Words

#: Categories name rows if, on average, the one of a set is this much more frequent in it than elsewhere; and
#: the same for words.
_CATEGORIES_TELL, _WORDS_TELL = 0.2, 0.05
#: A mean says nothing if it differs by less than this many standard deviations.
_LEAST_EFFECT = 0.2
#: A further category is part of a name only if it has this share of the rows.
_FURTHER = 0.1
#: The most characters of a name, and how many words of a text are in it.
LONGEST, WORDS = 60, 2


class Named(NamedTuple):
    """A name, and a sentence on why it is that; both empty if nothing sets the rows apart."""

    name: str
    why: str


class _Candidates(NamedTuple):
    """What could name so many rows, the best first; why it could; and how much it tells, from 0 to 1."""

    size: int
    words: Sequence[str] = ()
    why: str = ""
    tells: float = 0.0


#: Finds candidates for each set of rows, in steps.
_Finding: TypeAlias = Generator[None, None, list[_Candidates]]
#: Some rows, and all others.
_Sides: TypeAlias = tuple[np.ndarray, np.ndarray]


def names_in_steps(
    source: Source,
    sets: Sequence[np.ndarray],
    by: str | None,
    words_of: Callable[[Column], Words],
    of: str | None = None,
) -> Generator[None, None, list[Named]]:
    """Name sets of rows by a column, or by the first kind of columns that tells them apart.

    These are the column with the most over-represented categories, else the text with the most characteristic
    words, else the feature or column of numbers that differs most. `of` is the column that the sets are the
    categories of, which would only name them as they are.

    Raises
    ------
    UnknownColumnError, DataError
        There is no such column, or it holds neither categories, texts nor numbers.
    """
    sides = [(rows, np.setdiff1d(np.arange(source.n), rows, assume_unique=True)) for rows in sets]
    if by is not None:
        return _distinct(*(yield from _by_column(source.column(by), sides, words_of)))
    others = (column for column in categorical(source) if column.name != of)
    best = yield from _best(_by_categories(column, sides) for column in others)
    if _tell(best) >= _CATEGORIES_TELL:
        return _distinct(best, 1)
    best = yield from _best(_by_words(words_of(column), sides) for column in texts(source))
    if _tell(best) >= _WORDS_TELL:
        return _distinct(best, WORDS)
    return _distinct((yield from _by_features(source, sides)), 1)


def _by_column(
    column: Column, sides: Sequence[_Sides], words_of: Callable[[Column], Words]
) -> Generator[None, None, tuple[list[_Candidates], int]]:
    """Return candidates from one column, and how many of them make a name."""
    if column.type == "text":
        return (yield from _by_words(words_of(column), sides)), WORDS
    if column.kinds[:1] == ("categories",):
        return (yield from _by_categories(column, sides)), 1
    if column.type in ("number", "date"):
        return (yield from _by_numbers(column, sides)), 1
    why = column.why_not or f"{column.called} is of type {column.type}"
    raise DataError(f"{why}: names are made of categories, texts or numbers")


def _best(findings: Iterable[_Finding]) -> _Finding:
    """Return the candidates that tell most on average; none if there is nothing to find them in."""
    best: list[_Candidates] = []
    for finding in findings:
        found = yield from finding
        best = max(best, found, key=_tell)
    return best


def _tell(found: Sequence[_Candidates]) -> float:
    return sum(one.tells for one in found) / len(found) if found else 0.0


def _by_categories(column: Column, sides: Sequence[_Sides]) -> _Finding:
    found = []
    for rows, others in sides:
        shares = shares_of(column, rows, others) if len(others) else []
        more = [share for share in shares if share.effect > 0]
        if more:
            first = more[0]
            further = [share for share in more[1:] if share.selected_share >= _FURTHER]
            words = [_category(column, share) for share in (first, *further)]
            why = f"{percent(first.selected_share)} are {words[0]}{_elsewhere(first)}"
            found.append(_Candidates(len(rows), words, why, first.effect))
        else:
            found.append(_Candidates(len(rows)))
        yield
    return found


def _category(column: Column, share: Share) -> str:
    return column.name if column.type == "boolean" else share.category


def _elsewhere(share: Share) -> str:
    """Complete a sentence on a share: how much larger it is than among the other rows."""
    if share.other_share == 0:
        return ", and none elsewhere"
    factor = share.selected_share / share.other_share
    times = f"{factor:.{1 if factor < 10 else 0}f}" if factor < 100 else "over 100"
    return f", {times} times as often as elsewhere"


def _by_words(words: Words, sides: Sequence[_Sides]) -> _Finding:
    words.count()
    yield
    everybody = words.among(None)
    inside = [words.among(rows) for rows, _ in sides]
    in_none = np.ones(words.n, bool)
    for rows, _ in sides:
        in_none[rows] = False
    rest = [words.among(np.flatnonzero(in_none))] if in_none.any() else []
    classes = np.array([side.counts for side in (*inside, *rest)])
    found = []
    for side in inside:
        chosen = _unlike(words.strongest(side, everybody.without(side), classes))
        why = "; ".join(_said(one) for one in chosen[:WORDS])
        tells = chosen[0].effect if chosen else 0.0
        found.append(_Candidates(side.size, [one.category for one in chosen], why, tells))
        yield
    return found


def _unlike(shares: Sequence[Share]) -> list[Share]:
    """Return the first words that have none in common with those before."""
    chosen: list[Share] = []
    taken: set[str] = set()
    for share in shares:
        if len(chosen) <= WORDS and taken.isdisjoint(share.category.split(" ")):
            chosen.append(share)
            taken.update(share.category.split(" "))
    return chosen


def _said(share: Share) -> str:
    here, there = percent(share.selected_share), percent(share.other_share)
    return f"'{share.category}' is in {here} of them, and in {there} elsewhere"


def _by_features(source: Source, sides: Sequence[_Sides]) -> _Finding:
    """Return candidates from columns of numbers, and from features if they have names."""
    found = []
    for rows, others in sides:
        effects: list[tuple[str, float]] = []
        if len(others) and (source.has_feature_names or numeric(source)):
            compared = numbers(source, rows, others)
            strongest = compared.named[: WORDS + 1].tolist()
            effects = [(compared.names[one], float(compared.effects.effect[one])) for one in strongest]
        found.append(_of_effects(len(rows), effects, _AMOUNTS))
        yield
    return found


def _by_numbers(column: Column, sides: Sequence[_Sides]) -> _Finding:
    """Return candidates from one column of numbers or times."""
    values = column.since()[0]
    found = []
    for rows, others in sides:
        effect = float(contrast_column(values, rows, others).effect[0]) if len(others) else math.nan
        ends = _TIMES if column.type == "date" else _AMOUNTS
        found.append(_of_effects(len(rows), [(column.name, effect)], ends))
        yield
    return found


#: What names begin with if the mean is below that of the others, and above.
_AMOUNTS, _TIMES = ("low", "high"), ("early", "late")


def _of_effects(size: int, effects: Sequence[tuple[str, float]], ends: tuple[str, str]) -> _Candidates:
    known = [(name, effect) for name, effect in effects if abs(effect) >= _LEAST_EFFECT]
    if not known:
        return _Candidates(size)
    name, effect = known[0]
    far = "" if math.isinf(effect) else f"{abs(effect):.1f} standard deviations "
    why = f"their mean {name} is {far}{'above' if effect > 0 else 'below'} that of the others"
    return _Candidates(size, [f"{ends[effect > 0]} {name}" for name, effect in known], why)


def _distinct(found: Sequence[_Candidates], count: int) -> list[Named]:
    """Join so many candidates to names that all differ, by a further one, or else by a number.

    The largest set keeps the name that others would have, too.
    """
    order = sorted((one for one in range(len(found)) if found[one].words), key=lambda one: -found[one].size)
    taken: set[str] = set()
    wanted = []
    for one in order:
        name = _joined(found[one].words[:count])
        wanted.append(_joined(found[one].words[: count + 1]) if name in taken else name)
        taken.add(name)
    names = dict(zip(order, distinct_names(wanted), strict=True))
    return [Named(names.get(number, ""), one.why) for number, one in enumerate(found)]


def _joined(words: Sequence[str]) -> str:
    name = ", ".join(words)
    return name if len(name) <= LONGEST else name[: LONGEST - 1] + "…"
