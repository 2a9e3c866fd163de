"""The executors that a user may bring, and what they have in common."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from uuid import uuid4
from weakref import WeakKeyDictionary

from ..errors import InvalidValueError, invalid_type
from ..failure import error_in_words

if TYPE_CHECKING:
    from ..tsne.nearest import Neighbors

#: What may be given as `executor`.
ALLOWED = (
    "an executor of concurrent.futures, a function that makes one, a Client of Dask or a view of ipyparallel"
)
#: What a function must make.
_INSTANCES = "an executor of concurrent.futures, a Client of Dask or a view of ipyparallel"
#: How we call the executors of a package; of any other, their class.
_NAMES = {"distributed": "Dask", "ipyparallel": "ipyparallel", "loky": "loky", "joblib": "loky"}
_POOLS = {"ProcessPoolExecutor": "a process pool", "ThreadPoolExecutor": "a thread pool"}


@dataclass(frozen=True, eq=False)
class Shared:
    """The neighbours that many tasks need, and their name."""

    neighbors: Neighbors
    key: str = field(default_factory=lambda: uuid4().hex)


class Backend(Protocol):
    """Does tasks elsewhere.

    Attributes
    ----------
    name : str
        Its name for users: 'Dask', 'a process pool'.
    """

    name: str

    def submit(self, function: Callable[..., Any], *args: Any, data: Shared) -> Future[Any]:
        """Call a function elsewhere with `args` and, at the end, `data` or None if it may be known there."""
        ...

    def submit_again(self, function: Callable[..., Any], *args: Any, data: Shared) -> Future[Any]:
        """Call again with `data`, as the first call has returned that they are not known there."""
        ...

    def lost(self) -> None:
        """Note that a task was lost, and what it needs may be too."""
        ...

    def room(self) -> int | None:
        """Return how many tasks it can do at once, 0 before there are workers; None if that is unknown."""
        ...

    def close(self, *, ours: bool) -> None:
        """Release what it holds; `ours`: it was made for us alone."""
        ...


class AnyExecutor:
    """An executor of concurrent.futures, or one like it."""

    def __init__(self, executor: Executor):
        self._executor = executor
        package, kind = type(executor).__module__.split(".")[0], type(executor).__name__
        self.name = _NAMES.get(package) or _POOLS.get(kind, kind)

    def submit(self, function: Callable[..., Any], *args: Any, data: Shared) -> Future[Any]:
        """Call without data: whoever has worked for the map before has them."""
        return self._executor.submit(function, *args, None)

    def submit_again(self, function: Callable[..., Any], *args: Any, data: Shared) -> Future[Any]:
        """Call with the data."""
        return self._executor.submit(function, *args, data.neighbors)

    def lost(self) -> None:
        """Nothing to do: workers that have no data ask for them."""

    def room(self) -> int | None:
        """Return the number of workers, if the executor says it."""
        view = getattr(self._executor, "view", None)  # ipyparallel counts once, before its engines have come
        count = getattr(self._executor, "_max_workers", None) if view is None else len(view)
        return count if type(count) is int else None

    def close(self, *, ours: bool) -> None:
        """Shut our executor down; users shut down theirs."""
        if ours:
            self._executor.shutdown(wait=False)


class DaskClient:
    """A client of Dask: data are scattered once, and tasks refer to them.

    Dask's memory manager keeps one copy. When the worker that holds it dies, all tasks that need it are
    cancelled, and we scatter the data again.
    """

    name = "Dask"

    def __init__(self, client: Any):
        self._client = client
        self._executor = client.get_executor(pure=False)
        self._scattered: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()
        self._knock: Any = None

    def submit(self, function: Callable[..., Any], *args: Any, data: Shared) -> Future[Any]:
        """Call with a reference to the data."""
        if data not in self._scattered:
            self._scattered[data] = self._client.scatter(data.neighbors, hash=False)
        future: Future[Any] = self._executor.submit(function, *args, self._scattered[data])
        return future

    submit_again = submit

    def lost(self) -> None:
        """Scatter all data again at the next call."""
        self._scattered.clear()

    def room(self) -> int | None:
        """Return the number of threads of all workers; while there are none, ask for one."""
        count = sum(self._client.nthreads().values())
        if count > 0:
            self._knock = None
        elif self._knock is None:  # a cluster that adapts starts workers only for tasks
            self._knock = self._client.submit(int, pure=False)
        return count

    def close(self, *, ours: bool) -> None:
        """Cancel our tasks and release the data; a client that was made for us is closed."""
        self._executor.shutdown(wait=False)
        self._scattered.clear()
        self._knock = None
        if ours:
            self._client.close()


def is_maker(given: Any) -> bool:
    """Tell whether something makes executors, as opposed to being one."""
    return callable(given) and not _may_be_used(given)


def backend_of(given: Any) -> Backend:
    """Return an executor as a backend.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        It is none, or cannot be used from another thread.
    """
    if _is_dask(given):
        if given.asynchronous:
            raise InvalidValueError(
                "executor: the Client of Dask must not be asynchronous: use Client(..., asynchronous=False)"
            )
        return DaskClient(given)
    if _is_executor(given):
        return AnyExecutor(given)
    if _has_executor(given):
        if callable(getattr(given, "scatter", None)) and not isinstance(given.targets, int):
            raise InvalidValueError(
                "executor: this view of ipyparallel does each task on all engines: give load_balanced_view()"
            )
        return AnyExecutor(given.executor)
    raise invalid_type("executor", given, ALLOWED)


def made_by(maker: Callable[[], Any]) -> Backend:
    """Return the backend that a maker makes.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        It makes something else, or raises an error.
    """
    try:
        made = maker()
    except Exception as error:
        raise InvalidValueError(
            f"executor: the function that makes it raised an error: {error_in_words(error)}"
        ) from error
    if not _may_be_used(made):
        raise invalid_type("executor()", made, _INSTANCES)
    return backend_of(made)


def _may_be_used(given: Any) -> bool:
    return _is_dask(given) or _is_executor(given) or _has_executor(given)


def _is_dask(given: Any) -> bool:
    return callable(getattr(given, "get_executor", None)) and callable(getattr(given, "scatter", None))


def _is_executor(given: Any) -> bool:
    return isinstance(given, Executor)


def _has_executor(given: Any) -> bool:
    return not isinstance(given, type) and isinstance(getattr(given, "executor", None), Executor)
