"""Check what a client sends and turn it into a message of `protocol.py`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from ..data.filters import Among, Range
from ..data.placed_rows import LEVELS, Tile
from ..errors import shortened
from ..maps.methods import all_axes
from ..maps.session import Pause, Play, Recover, Restart, Step
from ..measures.registry import measures
from ..parameters.axes import AXES
from ..parameters.constants import LINEUP_PANELS_MAX, REPEATS, RUNS_MAX
from .protocol import (
    BATCH_MAX,
    COLOR_MODES,
    COLUMNS_MAX,
    DROPPABLE,
    KINDS,
    NEIGHBORS_MAX,
    PLACES,
    READ_QUESTIONS,
    SUBJECTS,
    TILES_MAX,
    TRAITS_OF_CLIENTS,
    VALUES_MAX,
    AcceptSuggestions,
    Ack,
    Alive,
    AskForBundle,
    BetweenGroups,
    Bye,
    Change,
    ClearFilter,
    Color,
    Compare,
    Contrasted,
    DeleteGroup,
    Density,
    Distributed,
    DropCondition,
    DropRead,
    DropSuggestions,
    FilterColumn,
    Find,
    FindClumps,
    Hello,
    JoinConditions,
    Keep,
    Keyframes,
    KeyframesAt,
    LineUp,
    MapSelection,
    MeasureRows,
    MergeSuggestions,
    Message,
    NeighborsOf,
    ProtocolError,
    Pull,
    Query,
    Question,
    Read,
    RecolorGroup,
    Redo,
    Remove,
    RenameGroup,
    RenameSuggestion,
    Repeat,
    Request,
    Rows,
    SavedPage,
    SaveGroup,
    SetTrait,
    ShownLabels,
    ShownNames,
    Subject,
    Suggested,
    Together,
    TurnCondition,
    Undo,
    Wish,
)

#: The most characters a text from a client may have, such as a column's name.
LONGEST_TEXT = 10_000


def parse_message(content: Any, n: int) -> Message:
    """Parse a message from the browser.

    Raises
    ------
    ProtocolError
        The message is malformed.
    TSNEWidgetError
        The message is a command with a value that is not allowed.
    """
    if not isinstance(content, Mapping):
        raise ProtocolError(f"a message must be an object, not {type(content).__name__}")
    match content.get("type"):
        case "bundle":
            return AskForBundle()
        case "hello":
            return Hello(_client(content), _flag(content, "visible"))
        case "alive":
            seq, told = _count(content, "seq"), _count(content, "told")
            return Alive(_client(content), _flag(content, "visible"), seq, told)
        case "ack":
            return Ack(_client(content), _flag(content, "visible"), _count(content, "seq"))
        case "pull":
            return Pull(_client(content), _flag(content, "visible"), _count(content, "seq"))
        case "bye":
            return Bye(_client(content))
        case "command":
            return Request(_client(content), _count(content, "id"), _wish(content, n))
        case "query":
            return Question(_client(content), _count(content, "id"), _query(_object(content, "query"), n))
        case other:
            raise ProtocolError(f"type={shortened(other)} is an unknown message type")


def sender_of(content: Any) -> tuple[str, int] | None:
    """Return the client and id of a command or query, even of a refused one; None for other messages."""
    try:
        return _client(content), _count(content, "id")
    except (ProtocolError, AttributeError):
        return None


def check_traits(state: Any) -> None:
    """Check the names and sizes of traits that a client wants to set; traitlets checks the values.

    Raises
    ------
    ProtocolError
        A client may not set this trait, or the trait has too many entries.
    """
    if not isinstance(state, Mapping):
        raise ProtocolError(f"traits must be an object, not {type(state).__name__}")
    for name in state:
        if name not in (*TRAITS_OF_CLIENTS, "_told"):
            raise ProtocolError(f"{shortened(name)} is not a trait that a client may set")
    if isinstance(state.get("tooltip_columns"), list):
        _texts(state, "tooltip_columns")
    if "_told" in state:
        told_trait(state["_told"])


def told_trait(value: Any) -> tuple[str, int]:
    """Return the client that set traits, and its own number for the newest of them."""
    if not isinstance(value, Mapping) or set(value) != {"client", "number"}:
        raise ProtocolError("_told must be an object with client and number")
    return _client(value), _count(value, "number")


def _wish(content: Mapping[str, Any], n: int) -> Wish:
    match content.get("name"):
        case "play":
            return Play(_run_or_all(content))
        case "pause":
            return Pause(_run_or_all(content))
        case "step":
            return Step(_count(content, "value", low=1), _run_or_all(content))
        case "restart":
            return Restart(_run_or_all(content))
        case "recover":
            return Recover(_run_or_all(content))
        case "change":
            axis = _one_of(content, "axis", tuple(all_axes()))
            return Change(_run_or_all(content), axis, _axis_value(axis, _present(content, "value")))
        case "compare":
            return Compare(_axes_values(_object(content, "values")), _texts_or_none(content, "beside"))
        case "repeat":
            return Repeat(_count(content, "value", high=RUNS_MAX), _one_of(content, "kind", REPEATS))
        case "map_selection":
            perplexity = _present(content, "perplexity")
            perplexity = None if perplexity is None else _axis_value("perplexity", perplexity)
            return MapSelection(_flag(content, "without"), perplexity)
        case "keep":
            return Keep(_count(content, "run"))
        case "remove":
            return Remove(_count(content, "run"))
        case "set":
            return SetTrait(_one_of(content, "trait", TRAITS_OF_CLIENTS), _present(content, "value"))
        case "undo":
            return Undo()
        case "redo":
            return Redo()
        case "color":
            return Color(
                _one_of(content, "mode", (*COLOR_MODES, *measures())),
                _text_or_none(content, "column"),
                _one_of(content, "kind", (None, *KINDS)),
            )
        case "save_group":
            return SaveGroup(_text_or_none(content, "group"), _text_or_none(content, "color"))
        case "rename_group":
            return RenameGroup(_text(content, "group"), _text(content, "to"))
        case "recolor_group":
            return RecolorGroup(_text(content, "group"), _text(content, "color"))
        case "delete_group":
            return DeleteGroup(_text(content, "group"))
        case "filter":
            return FilterColumn(_text_or_none(content, "column"), _test(content))
        case "drop_condition":
            return DropCondition(_count(content, "condition"))
        case "turn_condition":
            return TurnCondition(_count(content, "condition"))
        case "join_conditions":
            return JoinConditions(_flag(content, "any"))
        case "clear_filter":
            return ClearFilter()
        case "accept_suggestions":
            return AcceptSuggestions(_texts_or_none(content, "names"))
        case "rename_suggestion":
            return RenameSuggestion(_text(content, "group"), _text(content, "to"))
        case "merge_suggestions":
            return MergeSuggestions(_texts(content, "names"))
        case "drop_suggestions":
            return DropSuggestions(_texts_or_none(content, "names"))
        case other:
            raise ProtocolError(f"name={shortened(other)} is an unknown command")


def _query(content: Mapping[str, Any], n: int) -> Query:
    match content.get("name"):
        case "rows":
            return Rows(
                _rows(content, n),
                _sort(content),
                _count(content, "offset"),
                _count(content, "limit", high=BATCH_MAX, low=1),
                _texts(content, "columns"),
            )
        case "contrast":
            against, limit = _text_or_none(content, "against"), _count(content, "limit", low=1)
            return Contrasted(against, limit, _count(content, "view"))
        case "measure":
            return _measure(content, n)
        case "together":
            return Together(_count(content, "view"))
        case "density":
            return Density(_tiles(content), _count(content, "view"))
        case "read":
            return _read(content)
        case "lineup":
            n = _count(content, "n", low=2, high=LINEUP_PANELS_MAX)
            return LineUp(_count(content, "run"), n, _count(content, "view"))
        case "find_clumps":
            return FindClumps(_one_of(content, "on", PLACES), _count(content, "run"), _count(content, "view"))
        case "suggestions":
            return Suggested()
        case "drop_read":
            question = _one_of(content, "question", DROPPABLE)
            return DropRead(question, _count(content, "run"), _count(content, "view"))
        case "neighbors":
            return NeighborsOf(
                _count(content, "row", high=n - 1),
                _count(content, "k", high=min(n - 1, NEIGHBORS_MAX), low=1),
            )
        case "find":
            return Find(_text(content, "text"), _text_or_none(content, "column"))
        case "distribution":
            return Distributed(_text(content, "column"))
        case "group_distances":
            return BetweenGroups(_one_of(content, "by", ("labels", "groups")), _count(content, "run"))
        case "labels":
            return ShownLabels()
        case "names":
            return ShownNames()
        case "keyframes":
            return Keyframes()
        case "html":
            return SavedPage(_texts(content, "columns"), _flag(content, "place"), _flag(content, "images"))
        case "keyframes_at":
            return KeyframesAt(_count(content, "iteration"))
        case other:
            raise ProtocolError(f"name={shortened(other)} is an unknown query")


def _object(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name)
    if not isinstance(value, Mapping):
        raise ProtocolError(f"{name} must be an object, not {type(value).__name__}")
    return value


def _rows(content: Mapping[str, Any], n: int) -> tuple[int, ...] | None:
    value = _present(content, "rows")
    if value is None:
        return None
    if not isinstance(value, list) or not 1 <= len(value) <= BATCH_MAX:
        raise ProtocolError(f"rows must be a list of 1 to {BATCH_MAX}, or null for the selection")
    return tuple(_count({"rows": row}, "rows", high=n - 1) for row in value)


def _sort(content: Mapping[str, Any]) -> tuple[str, bool] | None:
    if _present(content, "sort") is None:
        return None
    sort = _object(content, "sort")
    return _text(sort, "column"), _flag(sort, "descending")


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ProtocolError(f"{name} must be a text of at most {LONGEST_TEXT} characters")
    return value


def _text_or_none(content: Mapping[str, Any], name: str) -> str | None:
    return None if _present(content, name) is None else _text(content, name)


def _present(content: Mapping[str, Any], name: str) -> Any:
    if name not in content:
        raise ProtocolError(f"{name} must be present, even if null")
    return content[name]


def _texts(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = content.get(name)
    if not isinstance(value, list) or len(value) > COLUMNS_MAX:
        raise ProtocolError(f"{name} must be a list of at most {COLUMNS_MAX} texts")
    return tuple(_text({name: text}, name) for text in value)


def _texts_or_none(content: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    return None if _present(content, name) is None else _texts(content, name)


def _one_of(content: Mapping[str, Any], name: str, allowed: tuple[Any, ...]) -> Any:
    value = _present(content, name)
    if not any(value is one or (isinstance(value, str) and value == one) for one in allowed):
        raise ProtocolError(f"{name} must be one of {', '.join(map(str, allowed))}")
    return value


def _client(content: Mapping[str, Any]) -> str:
    client = content.get("client")
    if not isinstance(client, str) or not 1 <= len(client) <= 64:
        raise ProtocolError("client must be a text of 1 to 64 characters")
    return client


def _flag(content: Mapping[str, Any], name: str) -> bool:
    value = content.get(name)
    if not isinstance(value, bool):
        raise ProtocolError(f"{name} must be true or false")
    return value


def _axes_values(values: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    if not values or not values.keys() <= AXES.keys():
        raise ProtocolError(f"values must name at least one of {', '.join(AXES)}, and nothing else")
    return {name: tuple(_axis_value(name, value) for value in _list(values, name)) for name in values}


def _axis_value(name: str, value: Any) -> Any:
    """Check that a value has the axis's type; whether it is allowed depends on the data."""
    match all_axes()[name].kind:
        case "choice":
            return _text({name: value}, name)
        case "seed":
            return _count({name: value}, name)
        case "number":
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ProtocolError(f"{name} must be a number")
            return value


def _list(content: Mapping[str, Any], name: str, least: int = 1) -> list[Any]:
    value = content.get(name)
    if not isinstance(value, list) or not least <= len(value) <= RUNS_MAX:
        raise ProtocolError(f"{name} must be a list of {least} to {RUNS_MAX}")
    return value


def _run_or_all(content: Mapping[str, Any]) -> int | None:
    if "run" in content and content["run"] is None:
        return None
    return _count(content, "run")


def _measure(content: Mapping[str, Any], n: int) -> MeasureRows:
    name = _one_of(content, "measure", tuple(measures()))
    needs = measures()[name].needs
    runs = tuple(_count({"runs": run}, "runs") for run in _list(content, "runs", least=0))
    least, most = {"map": (1, RUNS_MAX), "maps": (2, RUNS_MAX)}.get(needs, (0, 0))
    if len(set(runs)) < len(runs) or not least <= len(runs) <= most:
        raise ProtocolError(f"runs must be {least} to {most} for {name}, each once")
    row = _present(content, "row")
    if needs == "row":
        row = _count(content, "row", high=n - 1)
    elif row is not None:
        raise ProtocolError(f"row must be null for {name}")
    return MeasureRows(name, runs, row, _count(content, "view"))


def _read(content: Mapping[str, Any]) -> Read:
    question = _one_of(content, "question", READ_QUESTIONS)
    first, second = _subject(content, "first"), _subject(content, "second")
    if (first is not None) != (question in ("group", "verdict")):
        raise ProtocolError(f"first must be {'null' if first else 'rows'} for {question}")
    if second is not None and question != "verdict":
        raise ProtocolError(f"second must be null for {question}")
    return Read(question, _count(content, "run"), first, second, _count(content, "view"))


def _tiles(content: Mapping[str, Any]) -> tuple[Tile, ...]:
    value = content.get("tiles")
    if not isinstance(value, list) or not 1 <= len(value) <= TILES_MAX:
        raise ProtocolError(f"tiles must be a list of 1 to {TILES_MAX}")
    return tuple(_tile(one) for one in value)


def _tile(value: Any) -> Tile:
    if not isinstance(value, list) or len(value) != 3:
        raise ProtocolError("a tile must be a list of its level, column and row")
    level = _count({"level": value[0]}, "level", high=LEVELS)
    column, row = (_count({"tile": one}, "tile", high=2**level - 1) for one in value[1:])
    return Tile(level, column, row)


def _test(content: Mapping[str, Any]) -> Range | Among | None:
    """Return what rows are to be: in a range, or of some values."""
    ends, values = _present(content, "range"), _present(content, "values")
    if ends is not None and values is not None:
        raise ProtocolError("range or values must be null")
    if ends is not None:
        if not isinstance(ends, list) or len(ends) != 2:
            raise ProtocolError("range must be a list of two, or null")
        return Range(*map(_number_or_none, ends))
    if values is None:
        return None
    if not isinstance(values, list) or not 1 <= len(values) <= VALUES_MAX:
        raise ProtocolError(f"values must be a list of 1 to {VALUES_MAX}, or null")
    return Among(tuple(_text_or_none({"values": value}, "values") for value in values))


def _number_or_none(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ProtocolError("range must be finite numbers, or null for no limit")
    return float(value)


def _subject(content: Mapping[str, Any], name: str) -> Subject | None:
    if _present(content, name) is None:
        return None
    given = _object(content, name)
    of = _one_of(given, "of", SUBJECTS)
    called = _text_or_none(given, "name")
    if (called is None) != (of == "selection"):
        raise ProtocolError(f"name must be {'null' if called else 'a text'} for {of}, in {name}")
    return Subject(of, called)


def _count(content: Mapping[str, Any], name: str, high: int = 2**53, low: int = 0) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ProtocolError(f"{name} must be an integer from {low} to {high}")
    return value
