import numpy as np
import pytest
from sklearn.datasets import load_digits

from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.schedule import Schedule


@pytest.fixture(scope="session")
def pool():
    with_threads = Pool(2)
    yield with_threads
    with_threads.close()


@pytest.fixture(scope="session")
def digits():
    return load_digits().data


@pytest.fixture
def blobs():
    """120 rows in three clouds."""
    random = np.random.default_rng(7)
    return random.normal(size=(120, 6)) + 6 * np.repeat(np.eye(6)[:3], 40, axis=0)


@pytest.fixture
def schedule():
    """What scikit-learn does by default."""
    return Schedule(
        early_exaggeration=12.0,
        early_exaggeration_iter=250,
        exaggeration=1.0,
        learning_rate="auto",
        max_iter=1000,
    )
