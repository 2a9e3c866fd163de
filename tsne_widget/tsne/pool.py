"""Run a kernel over ranges of rows on a few threads.

A kernel is any callable ``kernel(start, stop, *args)`` that works on the rows ``start .. stop - 1`` and lets
go of the interpreter while it does (``nogil=True``, or BLAS). Kernels write one result per row, and whoever
needs a total adds the rows in their order afterwards. So the way the rows are cut up has no influence on any
result, and the same call gives the same bits whatever the number of threads.
"""

import os
import threading
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue
from typing import Any

from threadpoolctl import ThreadpoolController

Kernel = Callable[..., Any]

# More pieces than threads, so that a thread which the system holds up does not hold up all the others; not
# many more, because beside a busy cell each piece waits 5 ms for the interpreter (4: 57 ms a step, 2: 42).
_PIECES_PER_THREAD = 2


class Pool:
    """Threads that run kernels; they start with the first work that is worth dividing.

    Several threads may call `run` at once: each of them takes part in its own work, so it goes on even while
    the pool's threads are busy elsewhere.

    Parameters
    ----------
    n_jobs : int
        How many threads may work, the calling one included. Negative numbers count from all cores as in
        scikit-learn: -1 is all, -2 all but one. The cores are those that the process may use (its affinity
        and the limits of its container).

    Raises
    ------
    ValueError
        If `n_jobs` is 0.
    """

    def __init__(self, n_jobs: int = -1):
        self.n_jobs = _thread_count(n_jobs)
        self._workers = _Workers(self.n_jobs - 1)

    def limited_to(self, n_jobs: int) -> "Pool":
        """Return a pool that shares these threads and uses at most `n_jobs` of them."""
        limited = object.__new__(Pool)
        limited.n_jobs = min(self.n_jobs, _thread_count(n_jobs))
        limited._workers = self._workers
        return limited

    def run(self, kernel: Kernel, rows: int, *args: Any, grain: int = 256) -> list[Any]:
        """Call ``kernel(start, stop, *args)`` on ranges that together cover all rows, and wait for the end.

        Parameters
        ----------
        kernel : callable
            What to run. The results of a row must not depend on the range that it comes in.
        rows : int
            How many rows there are.
        *args
            Passed on to each call.
        grain : int
            A number of rows below which it is not worth waking a thread; ranges start at its multiples.

        Returns
        -------
        list
            What the calls returned, in the order of the rows.

        Raises
        ------
        BaseException
            The first error of a kernel, after all threads have left it.
        """
        pieces = 1 if self.n_jobs == 1 else _PIECES_PER_THREAD * self.n_jobs
        job = _Job(kernel, _ranges(rows, pieces, grain), args)
        self._workers.help(job, min(self.n_jobs, job.pieces) - 1)
        return job.finish()

    def close(self) -> None:
        """End the threads after the work they are in; a closed pool still runs kernels in the calling one."""
        self._workers.close()


def _thread_count(n_jobs: int) -> int:
    if n_jobs == 0:
        raise ValueError("n_jobs must not be 0: it is a number of threads, or -1 for all cores")
    if n_jobs > 0:
        return n_jobs
    # joblib knows the quota of a container, which os.cpu_count and os.sched_getaffinity do not.
    from joblib import cpu_count

    return max(1, cpu_count() + 1 + n_jobs)


def _ranges(rows: int, pieces: int, grain: int) -> list[tuple[int, int]]:
    """Cut `rows` into at most `pieces` ranges that start at multiples of `grain`."""
    grains = -(-rows // grain)
    size = max(1, -(-grains // pieces)) * grain
    return [(start, min(start + size, rows)) for start in range(0, rows, size)]


class _Job:
    """One call of `Pool.run`, shared by the threads that take part in it."""

    def __init__(self, kernel: Kernel, ranges: list[tuple[int, int]], args: Iterable[Any]):
        self.pieces = len(ranges)
        self._kernel, self._args = kernel, args
        self._results: list[Any] = [None] * len(ranges)
        self._error: BaseException | None = None
        self._lock = threading.Lock()
        self._waiting = list(enumerate(ranges))[::-1]
        self._open = len(ranges)
        self._finished = threading.Event()

    def work(self) -> None:
        """Take pieces until none is left."""
        while True:
            with self._lock:
                if not self._waiting:
                    return
                piece, (start, stop) = self._waiting.pop()
            try:
                self._results[piece] = self._kernel(start, stop, *self._args)
            except BaseException as error:  # it belongs to the caller of run, whatever it is
                self._give_up(error)
            with self._lock:
                self._open -= 1
                if self._open == 0:
                    self._finished.set()

    def finish(self) -> list[Any]:
        """Take part, wait for the others, and return the results in order."""
        if self.pieces:
            self.work()
            self._finished.wait()
        if self._error is not None:
            raise self._error
        return self._results

    def _give_up(self, error: BaseException) -> None:
        with self._lock:
            self._error = self._error or error
            self._open -= len(self._waiting)
            self._waiting.clear()


class _Workers:
    """Threads that wait for jobs; started when first needed, so that a process may fork before."""

    def __init__(self, count: int):
        self._count = count
        self._threads: list[threading.Thread] = []
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False

    def help(self, job: _Job, helpers: int) -> None:
        """Ask up to `helpers` threads to take part in a job."""
        if helpers <= 0 or self._closed:
            return
        if not self._threads:
            self._start()
        for _ in range(min(helpers, self._count)):
            self._jobs.put(job)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
            for thread in self._threads:
                thread.join()
            self._threads = []

    def _start(self) -> None:
        with self._lock:
            if not self._threads and not self._closed:
                self._threads = [
                    threading.Thread(target=self._work, name=f"tsne_widget-pool-{i}", daemon=True)
                    for i in range(self._count)
                ]
                for thread in self._threads:
                    thread.start()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.work()
            del job  # its arrays would live on in it until the next one comes


# The number of BLAS threads belongs to the process: two threads that changed it and set it back in turns
# would end with a number that neither of them found.
_BLAS_LOCK = threading.Lock()


def _unlock() -> None:
    global _BLAS_LOCK
    _BLAS_LOCK = threading.Lock()


if hasattr(os, "register_at_fork"):
    # The thread that holds the lock is not in a child, and would never give it back there.
    os.register_at_fork(after_in_child=_unlock)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(
        user_api="blas"
    )  # looks through all loaded libraries, which takes 3 ms


@contextmanager
def one_blas_thread() -> Generator[None, None, None]:
    """Limit numpy's BLAS to the calling thread inside; keep it short, since it limits the whole process.

    So that pool threads do not multiply with BLAS threads, and that results do not depend on their number:
    BLAS adds in another order with each.
    """
    with _BLAS_LOCK, _blas().limit(limits=1):
        yield
