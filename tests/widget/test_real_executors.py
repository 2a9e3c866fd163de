"""Maps made by real workers, of which one is killed: the bits of those made here."""

from __future__ import annotations

import logging
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import psutil
import pytest
from sklearn.datasets import load_digits

from tests.clients import ENDLESS, PATIENCE
from tests.executors import equal
from tsne_widget import TSNEWidget

pytestmark = pytest.mark.usefixtures("close_widgets")


def make(executor=None):
    return TSNEWidget(load_digits().data[:600], executor=executor, perplexity=8, autostart=False, **ENDLESS)


def until(reached):
    end = time.monotonic() + PATIENCE
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.01)


def lived(widget, kill):
    """Have workers make a map, change it, and lose one of them while they work on."""
    widget.step(10)
    widget.wait(PATIENCE)
    widget.perplexity = 12
    widget.start()
    until(lambda: widget.n_iter_ > 100)
    kill()
    killed_at = widget.n_iter_
    until(lambda: widget.n_iter_ > killed_at + 2000)  # several slices
    widget.pause()
    widget.wait(PATIENCE)
    return widget


def made_here(there):
    """Return the same map, made in this process."""
    widget = make()
    widget.step(10)
    widget.wait(PATIENCE)
    widget.perplexity = 12
    widget.step(there.n_iter_ - 10)
    widget.wait(PATIENCE)
    return widget


def workers_like(word):
    """Return the processes of this one's offspring whose command has a word in it."""
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if word in " ".join(child.cmdline())]


def kill(pids):
    assert pids
    os.kill(max(pids), signal.SIGKILL)


@pytest.mark.slow
def test_a_pool_of_processes():
    pools = []

    def maker():
        pools.append(ProcessPoolExecutor(2, mp_context=get_context("spawn")))
        return pools[-1]

    there = lived(make(maker), lambda: kill(pools[0]._processes))
    assert equal(made_here(there), there)
    assert len(pools) == 2


@pytest.mark.release
def test_a_client_of_dask():
    from distributed import Client, LocalCluster

    quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:

        def kill_the_holder_of_the_data():
            (holders,) = {tuple(workers) for key, workers in client.who_has().items() if "Neighbors" in key}
            os.kill(client.run(os.getpid)[holders[0]], signal.SIGKILL)

        there = lived(make(client), kill_the_holder_of_the_data)
        assert equal(made_here(there), there)
        there.close()
        assert client.status == "running"  # it is the user's


@pytest.mark.release
def test_loky():
    from loky import get_reusable_executor

    there = lived(make(lambda: get_reusable_executor(2)), lambda: kill(workers_like("loky")))
    assert equal(made_here(there), there)
    there.close()
    get_reusable_executor().shutdown(kill_workers=True)


@pytest.mark.release
def test_a_view_of_ipyparallel():
    import ipyparallel

    with ipyparallel.Cluster(n=2, log_level=logging.ERROR) as client:
        pids = client[:].apply_sync(os.getpid)
        there = lived(make(client.load_balanced_view()), lambda: kill(pids))
        assert equal(made_here(there), there)
