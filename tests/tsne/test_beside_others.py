"""Maps are made undisturbed while the user's own code runs numba in parallel, and in forks of its process.

In processes of their own: what goes wrong here ends a process.
"""

import multiprocessing
import subprocess
import sys

import pytest

pytestmark = pytest.mark.release

_MAPS = """
import threading
import numpy as np
from tsne_widget import TSNE

X = np.random.default_rng(0).normal(size=(2500, 8))
tsne = TSNE(max_iter=120)
alone = tsne.fit_transform(X)
maps = []
beside = threading.Thread(target=lambda: maps.append(TSNE(max_iter=120).fit_transform(X)))
"""

_NUMBA_IN_PARALLEL = """
import numba

@numba.njit(parallel=True)
def total(x):
    sums = np.zeros(len(x))
    for i in numba.prange(len(x)):
        sums[i] = np.sqrt(np.abs(x[i])).sum()
    return sums.sum()

expected = total(X)
beside.start()
rounds = 0
while beside.is_alive() or rounds < 20:
    assert total(X) == expected
    rounds += 1
beside.join()
assert (maps[0] == alone).all()
print("undisturbed")
"""

_FORKS = """
import os
beside.start()
for _ in range(3):
    child = os.fork()
    if child == 0:
        here = TSNE(max_iter=120).fit_transform(X)
        os._exit(0 if (here == alone).all() else 1)
    assert os.waitpid(child, 0)[1] == 0
beside.join()
assert (maps[0] == alone).all()
print("undisturbed")
"""


def run(code):
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "undisturbed"


def test_numba_in_parallel():
    run(_MAPS + _NUMBA_IN_PARALLEL)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="the system has no fork")
def test_forks_while_a_map_is_made():
    run(_MAPS + _FORKS)
