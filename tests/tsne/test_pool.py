import gc
import os
import signal
import threading
import weakref

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from tsne_widget.tsne.pool import Pool, _Doubt, one_blas_thread
from tsne_widget.tsne.steps import next_size


def double(start, stop, x, y):
    y[start:stop] = 2 * x[start:stop]
    return start, stop


@pytest.mark.parametrize("n_jobs", [1, 2, 5])
@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 1000])
def test_every_row_is_done_once_and_the_results_come_in_order(n_jobs, rows):
    pool = Pool(n_jobs)
    x, y = np.arange(rows), np.zeros(rows, int)
    ranges = pool.run(double, rows, x, y, grain=16)
    assert (y == 2 * x).all()
    assert [row for start, stop in ranges for row in range(start, stop)] == list(range(rows))
    pool.close()


def test_ranges_start_at_multiples_of_the_grain():
    pool = Pool(3)
    ranges = pool.run(lambda start, stop: (start, stop), 1000, grain=64)
    assert all(start % 64 == 0 for start, _ in ranges)
    pool.close()


def test_an_error_in_a_kernel_is_raised_to_the_caller_and_the_pool_goes_on():
    def fail(start, stop):
        raise KeyError(start)

    pool = Pool(2)
    with pytest.raises(KeyError):
        pool.run(fail, 100, grain=1)
    assert pool.run(lambda start, stop: stop - start, 10, grain=10) == [10]
    pool.close()


def test_two_threads_take_part_and_a_limited_pool_uses_fewer():
    together = threading.Barrier(2, timeout=20)

    def meet(start, stop):
        together.wait()
        return threading.get_ident()

    pool = Pool(2)
    assert len(set(pool.run(meet, 2, grain=1))) == 2
    alone = pool.limited_to(1).run(lambda start, stop: threading.get_ident(), 8, grain=1)
    assert set(alone) == {threading.get_ident()}
    pool.close()


def test_a_pool_limited_to_more_than_it_has_keeps_what_it_has():
    assert Pool(2).limited_to(8).n_jobs == 2
    assert Pool(2).limited_to(-1).n_jobs <= 2


def work_for(doubt, seconds, speed):
    """Work for so long, at a speed that depends on whether it is alone; return the share of time alone."""
    alone = 0
    for _ in range(round(seconds / 0.01)):
        way = doubt.way
        doubt.note(way, 0.01 * speed(way), 0.01)
        alone += way.alone
    return alone / round(seconds / 0.01)


@pytest.mark.parametrize(
    ("waited", "helped", "by_itself", "alone"),
    [
        (0.1, 1.8, 1.0, (0, 0)),  # an idle machine: nothing is tried
        (0.6, 1.4, 1.0, (0, 0)),  # they wait, but get more done
        (0.6, 0.3, 0.2, (0.05, 0.2)),  # tried now and then
        (0.6, 0.2, 0.4, (0.8, 0.95)),
    ],
)
def test_a_pool_works_alone_where_help_does_not_pay(waited, helped, by_itself, alone):
    doubt = _Doubt()

    def speed(way):
        if not way.counted:
            return 1 - waited
        return by_itself if way.alone else helped

    share = work_for(doubt, 60, speed)
    assert alone[0] <= share <= alone[1]
    # It notices that the machine is idle again, and that it is busy again.
    work_for(doubt, 2, lambda way: 1.0 if way.alone or not way.counted else 1.9)
    assert work_for(doubt, 10, lambda way: 1.0 if way.alone or not way.counted else 1.9) == 0
    assert alone[0] <= work_for(doubt, 60, speed) <= alone[1]


@pytest.mark.parametrize("rows", [0, 1, 255, 256, 5000])
def test_a_pool_that_works_alone_does_the_same(rows):
    pool = Pool(2)
    while not pool._doubt.way.alone:
        pool._doubt.note(pool._doubt.way, 0.1, 1.0)
    x, y = np.arange(rows), np.zeros(rows, int)
    done = pool.run(lambda *args: (double(*args), threading.get_ident()), rows, x, y)
    assert (y == 2 * x).all()
    assert {thread for _, thread in done} <= {threading.get_ident()}
    pool.close()


@pytest.mark.parametrize(
    ("size", "seconds", "following"),
    [(100, 0.02, 100), (100, 0.04, 50), (100, 0.011, 181), (100, 1e-9, 200), (100, 9.0, 25), (1, 9.0, 1)],
)
def test_the_next_step_is_as_large_as_takes_20_ms(size, seconds, following):
    assert next_size(size, seconds) == following


def test_several_threads_may_run_kernels_at_once():
    pool = Pool(2)
    x = np.arange(5000)
    results = [np.zeros(5000, int) for _ in range(6)]
    threads = [threading.Thread(target=pool.run, args=(double, 5000, x, y)) for y in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((y == 2 * x).all() for y in results)
    pool.close()


def test_a_closed_pool_has_no_threads_and_still_works():
    before = threading.active_count()
    pool = Pool(3)
    pool.run(double, 5000, np.arange(5000), np.zeros(5000))
    assert threading.active_count() == before + 2
    pool.close()
    assert threading.active_count() == before
    assert pool.run(lambda start, stop: stop - start, 10, grain=10) == [10]


def test_all_cores_is_at_least_one_and_none_is_an_error():
    assert Pool(-1).n_jobs >= 1
    assert Pool(-1000).n_jobs == 1
    with pytest.raises(ValueError, match="n_jobs"):
        Pool(0)


def test_blas_is_limited_inside_and_as_before_outside():
    def threads():
        return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]

    before = threads()
    with one_blas_thread():
        assert 1 in threads()
    assert threads() == before


def test_nobody_waits_until_another_thread_gives_the_limit_of_blas_back():
    inside, done = threading.Event(), threading.Event()

    def stay():
        with one_blas_thread():
            inside.set()
            done.wait(20)

    before = [library["num_threads"] for library in threadpool_info()]
    beside = threading.Thread(target=stay)
    beside.start()
    assert inside.wait(20)
    with one_blas_thread():
        pass
    assert not done.is_set()
    assert 1 in [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]
    done.set()
    beside.join()
    assert [library["num_threads"] for library in threadpool_info()] == before


def test_while_its_threads_are_held_up_a_pool_keeps_nothing_of_finished_work():
    pool, meet, let_go = Pool(2), threading.Barrier(3, timeout=20), threading.Event()

    def hold(start, stop):
        meet.wait()
        let_go.wait(20)

    beside = threading.Thread(target=pool.run, args=(hold, 2), kwargs={"grain": 1})
    beside.start()
    meet.wait()
    x = np.arange(5000)
    seen = weakref.ref(x)
    for _ in range(100):
        pool.run(double, 5000, x, np.zeros(5000, int))
    del x
    gc.collect()
    assert seen() is None
    assert pool._workers._jobs.qsize() < 10
    let_go.set()
    beside.join()
    pool.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_child_does_not_wait_for_a_thread_of_its_parent():
    with one_blas_thread():  # as another thread might have it when the process forks
        child = os.fork()
        if child == 0:
            signal.alarm(20)
            with one_blas_thread():
                os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
