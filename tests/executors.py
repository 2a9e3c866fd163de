"""An executor for tests: a process elsewhere, as far as a map can tell, that breaks when it is told to."""

from __future__ import annotations

import pickle
import threading
from collections import deque
from concurrent.futures import BrokenExecutor, Executor, Future
from queue import SimpleQueue
from typing import Any

import numpy as np

from tsne_widget.tsne.slices import Slice


class Elsewhere(Executor):
    """Does tasks in a thread, on copies that went through pickle, with arrays that cannot be written to.

    Attributes
    ----------
    done : list of int
        How many iterations each task did, in the order in which they were done.
    submitted : list of Order
        What was ordered.
    sent_data : int
        How often the neighbours came along.
    errors : deque
        What the next tasks raise, instead of being done.
    door : Event
        Tasks are done while it is set.
    """

    def __init__(self, workers: int | None = None):
        if workers is not None:
            self._max_workers = workers
        self.done: list[int] = []
        self.submitted: list[Any] = []
        self.sent_data = 0
        self.errors: deque[BaseException] = deque()
        self.door = threading.Event()
        self.door.set()
        self.shut = self.broken = False
        self._futures: list[Future[Any]] = []
        self._tasks: SimpleQueue[Any] = SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def submit(self, fn: Any, /, *args: Any) -> Future[Any]:
        if self.shut:
            raise RuntimeError("cannot schedule new futures after shutdown")
        if self.broken:
            raise BrokenExecutor("a worker died")
        future: Future[Any] = Future()
        self.submitted.append(args[0])
        self._futures.append(future)
        self._tasks.put((future, pickle.dumps((fn, args))))
        return future

    def shutdown(self, wait: bool = True, **others: Any) -> None:
        self.shut = True
        self._tasks.put(None)

    @property
    def under_way(self) -> int:
        """How many tasks were submitted and have not ended."""
        return sum(not future.done() for future in self._futures)

    def idle(self) -> bool:
        """Whether nothing is under way."""
        return self.under_way == 0

    def die(self) -> None:
        """Lose whatever is under way, and all that comes, as a pool of processes that has lost one."""
        self.broken = True
        self.errors.extend([BrokenExecutor("a worker died")] * 100)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            future, pickled = task
            self.door.wait()
            if not future.set_running_or_notify_cancel():
                continue
            if self.errors:
                future.set_exception(self.errors.popleft())
                continue
            fn, args = pickle.loads(pickled)
            _, state, data = args
            for rows in (*state.arrays.values(), *([] if data is None else [data.indices, data.distances])):
                rows.flags.writeable = False
            self.sent_data += data is not None
            result = pickle.loads(pickle.dumps(fn(*args)))
            if isinstance(result, Slice):
                self.done.append(result.state.numbers["iteration"] - state.numbers["iteration"])
            future.set_result(result)


def equal(first: Any, second: Any) -> bool:
    """Whether two widgets show the same maps, to the bit."""
    return all(
        np.array_equal(one.embedding_, other.embedding_) and one.n_iter_ == other.n_iter_
        for one, other in zip(first.runs, second.runs, strict=True)
    )
