"""Run a kernel over ranges of rows on a few threads.

A kernel is any callable ``kernel(start, stop, *args)`` that works on the rows ``start .. stop - 1`` and
releases the interpreter meanwhile (``nogil=True``, or BLAS). Kernels write one result per row, and a caller
that needs a total adds the rows in order afterwards. So the division into ranges affects no result, and the
same call gives the same bits for any number of threads.
"""

import os
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from functools import cache
from queue import SimpleQueue
from typing import Any, NamedTuple, NoReturn

from threadpoolctl import OpenBLASController, ThreadpoolController

Kernel = Callable[..., Any]

# More pieces than threads, so that a thread which the system holds up does not hold up the others; but not
# many more: beside a busy cell each piece waits 5 ms for the interpreter (4: 57 ms a step, 2: 42).
_PIECES_PER_THREAD = 2

# Jobs that may wait for each thread; more would hold up all of them.
_ASKED = 4

#: Seconds of work before we judge whether help pays, and seconds for which we keep the better way.
_TRIAL_SECONDS, _HOLD_SECONDS = 0.1, 0.8
#: The caller usually works, rather than waits, for about 0.9 of the time; below this share help is in doubt.
_DOUBTFUL = 0.75


class Pool:
    """Threads that run kernels; they start with the first work worth dividing.

    Several threads may call `run` at once. Each takes part in its own work, so it progresses even while the
    pool's threads are busy elsewhere.

    Parameters
    ----------
    n_jobs : int
        How many threads may work, including the calling one. Negative numbers count from all cores as in
        scikit-learn: -1 means all, -2 all but one. Only cores that the process may use count (by its affinity
        and the limits of its container).

    Raises
    ------
    ValueError
        If `n_jobs` is 0.
    """

    def __init__(self, n_jobs: int = -1):
        self.n_jobs = _thread_count(n_jobs)
        self._workers = _Workers(self.n_jobs - 1)
        self._doubt = _Doubt()

    def limited_to(self, n_jobs: int) -> "Pool":
        """Return a pool that shares these threads and uses at most `n_jobs` of them."""
        limited = object.__new__(Pool)
        limited.n_jobs = min(self.n_jobs, _thread_count(n_jobs))
        limited._workers, limited._doubt = self._workers, _Doubt()
        return limited

    def run(self, kernel: Kernel, rows: int, *args: Any, grain: int = 256) -> list[Any]:
        """Call ``kernel(start, stop, *args)`` on ranges that together cover all rows, and wait.

        Parameters
        ----------
        kernel : callable
            The results for a row must not depend on its range.
        rows : int
            How many rows there are.
        *args
            Passed on to each call.
        grain : int
            Fewer rows than this are not worth waking a thread; ranges start at multiples of it.

        Returns
        -------
        list
            The results of the calls, in row order.

        Raises
        ------
        BaseException
            The first error of a kernel, after all threads have left it.
        """
        way = self._doubt.way
        pieces = 1 if self.n_jobs == 1 or way.alone else _PIECES_PER_THREAD * self.n_jobs
        job = _Job(kernel, _ranges(rows, pieces, grain), args, counted=way.counted)
        self._workers.help(job, min(self.n_jobs, job.pieces) - 1)
        results = job.finish()
        if self.n_jobs > 1 and rows > grain:
            self._doubt.note(way, job.worked, job.passed)
        return results

    def close(self, timeout: float | None = None) -> None:
        """End the threads after their current work; a closed pool still runs kernels in the calling thread.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait for each of them; a user's function may take any time.
        """
        self._workers.close(timeout)


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


class _Way(NamedTuple):
    """Whether to work with help, whether to count processor time, and for how many seconds to do so."""

    alone: bool
    counted: bool
    seconds: float


class _Doubt:
    """Decides whether help pays; if waiting for it takes long, it alternates between help and none.

    On a busy machine, the system may stop a thread in the middle of its piece for longer than all the work
    takes, and the others wait. One thread alone may then be faster; the same is true if the pieces hold the
    interpreter. We compare the processor time used per second: at best 1 for one thread, and more with help
    if nothing is in the way.
    """

    def __init__(self) -> None:
        self._course = self._ways()
        self.way = next(self._course)
        self._worked = self._passed = 0.0
        self._lock = threading.Lock()

    def note(self, way: _Way, worked: float, passed: float) -> None:
        """Note how long some work took in one of the ways, and how much of that time was spent working."""
        with self._lock:
            if way is not self.way:
                return  # this work began before the last change
            self._worked, self._passed = self._worked + worked, self._passed + passed
            if self._passed >= way.seconds:
                speed, self._worked, self._passed = self._worked / self._passed, 0.0, 0.0
                self.way = self._course.send(speed)

    @staticmethod
    def _ways() -> Generator[_Way, float, NoReturn]:
        """Yield the ways to work; receive the seconds worked per second in that way."""
        while True:
            # Counting takes some microseconds, so we do it only in doubt.
            while (yield _Way(False, False, _TRIAL_SECONDS)) > _DOUBTFUL:
                pass
            helped = yield _Way(False, True, _TRIAL_SECONDS)
            while helped < 1:
                alone = yield _Way(True, True, _TRIAL_SECONDS)
                while alone > helped:
                    alone = yield _Way(True, True, _HOLD_SECONDS)
                    helped = yield _Way(False, True, _TRIAL_SECONDS)
                if helped < 1:
                    helped = yield _Way(False, True, _HOLD_SECONDS)


class _Job:
    """One call of `Pool.run`, shared by the threads that take part in it.

    Attributes
    ----------
    passed, worked : float
        Seconds from beginning to end; and the seconds in which the caller worked or, if `counted`, the
        processor time of all threads.
    """

    def __init__(
        self, kernel: Kernel, ranges: list[tuple[int, int]], args: Iterable[Any], counted: bool = False
    ):
        self.pieces, self._counted = len(ranges), counted
        self.passed = self.worked = 0.0
        self._kernel: Any = kernel
        self._args: Any = args
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
            began = time.thread_time() if self._counted else 0.0
            try:
                self._results[piece] = self._kernel(start, stop, *self._args)
            except BaseException as error:  # the caller of `run` gets it, whatever it is
                self._give_up(error)
            with self._lock:
                if self._counted:
                    self.worked += time.thread_time() - began
                self._open -= 1
                if self._open == 0:
                    self._finished.set()

    def finish(self) -> list[Any]:
        """Take part, wait for the others, and return the results in order."""
        began = time.perf_counter()
        if self.pieces:
            self.work()
            if not self._counted:
                self.worked = time.perf_counter() - began
            self._finished.wait()
        self.passed = time.perf_counter() - began
        self._kernel = self._args = None  # a delayed thread may still find the job later
        if self._error is not None:
            raise self._error
        return self._results

    def _give_up(self, error: BaseException) -> None:
        with self._lock:
            self._error = self._error or error
            self._open -= len(self._waiting)
            self._waiting.clear()


class _Workers:
    """Threads that wait for jobs; they start on first use, so a process may fork before."""

    def __init__(self, count: int):
        self._count = count
        self._threads: list[threading.Thread] = []
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False

    def help(self, job: _Job, helpers: int) -> None:
        """Ask up to `helpers` threads to take part in a job."""
        if helpers <= 0 or self._closed or self._jobs.qsize() > _ASKED * self._count:
            return
        if not self._threads:
            self._start()
        for _ in range(min(helpers, self._count)):
            self._jobs.put(job)

    def close(self, timeout: float | None) -> None:
        with self._lock:
            self._closed = True
            for _ in self._threads:
                self._jobs.put(None)
            for thread in self._threads:
                thread.join(timeout)
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
            del job  # it would keep its arrays alive until the next job comes


class _BlasLimit:
    """Limits numpy's BLAS to one thread, for as long as anybody needs that.

    The limit belongs to the process. If two threads changed it and restored it in turns, they could end with
    a number that neither found; and no thread should wait for another's work.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if self._users == 0:
                self._limit = _blas().limit(limits=1)
            self._users += 1

    def __exit__(self, *error: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                _let_any_thread_limit()
                self._limit.restore_original_limits()
                _let_any_thread_limit()


def _let_any_thread_limit() -> None:
    # From threadpoolctl 3.7 on, a limit belongs to the thread that set it first.
    let = getattr(OpenBLASController, "clear_controlling_thread", None)
    if let is not None:
        let(force=True)


_limit = _BlasLimit()


def _renew() -> None:
    global _limit
    _limit = _BlasLimit()


if hasattr(os, "register_at_fork"):
    # A child process lacks the threads that use the limit, so they would never release it there.
    os.register_at_fork(after_in_child=_renew)


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController().select(
        user_api="blas"
    )  # it searches all loaded libraries, which takes 3 ms


@contextmanager
def one_blas_thread() -> Generator[None, None, None]:
    """Limit numpy's BLAS to the calling thread; keep it short, because it limits the whole process.

    This keeps pool threads from multiplying with BLAS threads, and results from depending on the number of
    BLAS threads, which changes the order of sums.
    """
    with _limit:
        yield
