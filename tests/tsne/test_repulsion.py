"""Every way to compute repulsion against the sum over all pairs, in float64."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from tests import reference
from tests.tsne.test_affinities import affinities_of
from tsne_widget.tsne.extent import extent
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.repulsion import REPULSIONS, repulsion_method
from tsne_widget.tsne.repulsion.auto import AutoRepulsion
from tsne_widget.tsne.repulsion.barnes_hut import BarnesHutRepulsion
from tsne_widget.tsne.repulsion.exact import ExactRepulsion
from tsne_widget.tsne.repulsion.mesh import Mesh

#: The largest error of the forces, root mean square over that of the forces; and of Z.
TOLERANCE = {"exact": 1e-5, "mesh": 0.01, "barnes_hut": 0.01, "auto": 0.01}
Z_TOLERANCE = {"exact": 1e-5, "mesh": 1e-3, "barnes_hut": 1e-3, "auto": 1e-3}


def exact(Y, rows=slice(None)):
    """Forces on rows and their part of Z, of all pairs."""
    Y = Y.astype(np.float64)
    w = 1 / (1 + cdist(Y[rows], Y, "sqeuclidean"))
    force = (w**2).sum(axis=1)[:, None] * Y[rows] - w**2 @ Y
    return force, w.sum() - len(w)


def error(actual, expected):
    return np.sqrt(((actual - expected) ** 2).sum() / (expected**2).sum())


@pytest.fixture(params=REPULSIONS)
def method(request):
    return request.param


@pytest.fixture(scope="module")
def digits_maps(digits):
    """Layouts of digits after 50, 250 and 500 iterations."""
    pool = Pool(-1)
    P = affinities_of(digits, 30, pool)
    from tsne_widget.parameters.defaults import DEFAULTS, schedule_of

    optimizer = Optimizer(P, initial_layout(digits, "pca", 0), schedule_of(DEFAULTS), pool=pool)
    maps = {}
    while optimizer.iteration < 500:
        optimizer.step()
        if optimizer.iteration in (50, 250, 500):
            maps[optimizer.iteration] = optimizer.layout.copy()
    return maps


@pytest.mark.parametrize("iteration", [50, 250, 500])
def test_a_map_of_digits(method, iteration, digits_maps, pool):
    Y = digits_maps[iteration]
    force = np.empty_like(Y)
    Z = repulsion_method(method, len(Y), pool)(Y, force)
    expected, expected_Z = exact(Y)
    assert error(force, expected) < TOLERANCE[method]
    assert pytest.approx(expected_Z, rel=Z_TOLERANCE[method]) == Z


@pytest.mark.parametrize("spread", [1e-30, 1e-6, 1e-3, 0.1, 1.0, 10.0, 40.0])
def test_clouds_of_any_size(method, spread, pool):
    Y = np.random.default_rng(1).normal(scale=spread, size=(2500, 2)).astype(np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method(method, len(Y), pool)(Y, force)
    expected, expected_Z = exact(Y)
    assert error(force, expected) < TOLERANCE[method]
    assert pytest.approx(expected_Z, rel=Z_TOLERANCE[method]) == Z


def test_a_map_far_from_the_origin(method, pool):
    Y = np.random.default_rng(1).normal(scale=20, size=(2500, 2)).astype(np.float32)
    Y = (Y + 4096).astype(np.float32)
    force = np.empty_like(Y)
    repulsion_method(method, len(Y), pool)(Y, force)
    assert error(force, exact(Y)[0]) < TOLERANCE[method]


def test_a_long_thin_map(method, pool):
    Y = (np.random.default_rng(1).normal(size=(2500, 2)) * [300, 0.01]).astype(np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method(method, len(Y), pool)(Y, force)
    expected, expected_Z = exact(Y)
    assert error(force, expected) < TOLERANCE[method]
    assert pytest.approx(expected_Z, rel=Z_TOLERANCE[method]) == Z


def test_points_on_a_line(method, pool):
    Y = np.zeros((2500, 2), np.float32)
    Y[:, 0] = np.linspace(-50, 50, 2500)
    force = np.empty_like(Y)
    repulsion_method(method, len(Y), pool)(Y, force)
    assert error(force, exact(Y)[0]) < TOLERANCE[method]


@pytest.mark.parametrize("size", [0.1, 0.2, 0.4])
def test_clumps_that_early_exaggeration_has_pressed_together(method, size, pool):
    random = np.random.default_rng(1)
    centers = np.repeat(random.uniform(-14, 14, size=(25, 2)), 100, axis=0)
    Y = (centers + random.normal(scale=size, size=(2500, 2))).astype(np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method(method, len(Y), pool)(Y, force)
    expected, expected_Z = exact(Y)
    assert error(force, expected) < TOLERANCE[method]
    assert pytest.approx(expected_Z, rel=Z_TOLERANCE[method]) == Z


def test_duplicates(method, pool):
    Y = np.repeat(np.random.default_rng(1).normal(scale=15, size=(1250, 2)), 2, axis=0).astype(np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method(method, len(Y), pool)(Y, force)
    expected, expected_Z = exact(Y)
    assert error(force, expected) < TOLERANCE[method]
    assert pytest.approx(expected_Z, rel=Z_TOLERANCE[method]) == Z


def test_many_points_at_few_places(method, pool):
    """Forces cancel here but for a little: errors are in proportion to the largest force between clumps."""
    Y = np.repeat(np.random.default_rng(1).normal(scale=20, size=(5, 2)), 500, axis=0).astype(np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method(method, len(Y), pool)(Y, force)
    expected, expected_Z = exact(Y)
    of_a_clump = 500 * 3**1.5 / 16  # w^2 d is largest for d^2 = 1 / 3
    assert np.abs(force - expected).max() < TOLERANCE[method] * of_a_clump
    assert pytest.approx(expected_Z, rel=10 * Z_TOLERANCE[method]) == Z


@pytest.mark.parametrize("n", [2, 50, 2500])
def test_all_points_at_one_place(method, n, pool):
    Y = np.full((n, 2), 3.0, np.float32)
    force = np.empty_like(Y)
    assert repulsion_method(method, n, pool)(Y, force) == pytest.approx(n * (n - 1))
    assert np.abs(force).max() == 0


@pytest.mark.parametrize("far", [1e4, 1e10, 1e30])
def test_a_point_far_from_all_others(method, far, pool):
    Y = np.random.default_rng(1).normal(scale=20, size=(2500, 2)).astype(np.float32)
    Y[7] = far
    force = np.empty_like(Y)
    repulsion = repulsion_method(method, len(Y), pool)
    Z = repulsion(Y, force)
    others = np.delete(np.arange(2500), 7)
    expected, expected_Z = exact(Y[others])
    assert error(force[others], expected) < TOLERANCE[method]
    assert pytest.approx(expected_Z, rel=2 * Z_TOLERANCE[method]) == Z


def test_points_that_are_far_from_one_another(method, pool):
    Y = np.array([[0, 0], [1e4, 0], [0, 2e4], [3e5, 3e5]], np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method(method, 4, pool)(Y, force)
    assert pytest.approx(reference.weights(Y).sum(), rel=1e-5) == Z


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_z_of_a_layout_that_is_not_finite_is_nan(method, value, pool):
    Y = np.random.default_rng(1).normal(size=(2500, 2)).astype(np.float32)
    Y[7, 1] = value
    assert np.isnan(repulsion_method(method, 2500, pool)(Y, np.empty_like(Y)))


def test_the_number_of_threads_does_not_change_a_bit(method):
    Y = np.random.default_rng(0).normal(scale=20, size=(6000, 2)).astype(np.float32)
    results = []
    for pool in (Pool(1), Pool(2), Pool(3)):
        force = np.empty_like(Y)
        Z = repulsion_method(method, len(Y), pool)(Y, force)
        results.append((Z, force.tobytes()))
    assert results[0] == results[1] == results[2]


def test_an_instance_keeps_nothing_of_another_layout(method, pool):
    random = np.random.default_rng(0)
    Y = random.normal(scale=20, size=(2500, 2)).astype(np.float32)
    repulsion = repulsion_method(method, len(Y), pool)
    first = np.empty_like(Y)
    Z = repulsion(Y, first)
    again = np.empty_like(Y)
    for scale in (0.01, 5.0, 90.0):
        repulsion(random.normal(scale=scale, size=(2500, 2)).astype(np.float32), again)
    assert repulsion(Y, again) == Z
    assert (first == again).all()


def test_an_unknown_method_is_an_error(pool):
    with pytest.raises(ValueError, match="repulsion must be one of"):
        repulsion_method("magic", 10, pool)


def test_angle_0_of_barnes_hut_is_exact(pool):
    Y = np.random.default_rng(1).normal(scale=20, size=(2500, 2)).astype(np.float32)
    force = np.empty_like(Y)
    Z = repulsion_method("barnes_hut", len(Y), pool, angle=0.0)(Y, force)
    expected, expected_Z = exact(Y)
    assert error(force, expected) < 1e-5
    assert pytest.approx(expected_Z, rel=1e-5) == Z


def used_by(repulsion, Y):
    """Names of the methods that another one has handed a layout to."""
    used = []
    for name in ("_tree", "_mesh"):
        inner = getattr(repulsion, name)
        steps = inner.steps
        inner.steps = lambda *a, steps=steps, name=name: (used.append(name), steps(*a))[1]
    repulsion(Y, np.empty_like(Y))
    return used


def test_auto_takes_what_suits_the_number_of_points(pool):
    methods = {n: type(repulsion_method("auto", n, pool)) for n in (100, 5000, 5001, 19999, 20000)}
    assert methods == {
        100: ExactRepulsion,
        5000: ExactRepulsion,
        5001: BarnesHutRepulsion,
        19999: BarnesHutRepulsion,
        20000: AutoRepulsion,
    }


def test_auto_takes_what_suits_the_map_of_many_points(pool):
    random = np.random.default_rng(0)
    for scale, expected in ((5, "_mesh"), (60, "_tree")):
        Y = random.normal(scale=scale, size=(20000, 2)).astype(np.float32)
        assert used_by(AutoRepulsion(20000, pool), Y) == [expected]
    Y[0] = 1e6  # too wide for any mesh
    assert used_by(AutoRepulsion(20000, pool), Y) == ["_tree"]


@pytest.mark.parametrize("scale", [0.01, 5.0, 60.0])
def test_auto_of_many_points(scale, pool):
    Y = np.random.default_rng(1).normal(scale=scale, size=(20000, 2)).astype(np.float32)
    some = np.arange(0, 20000, 20)
    expected, expected_Z = exact(Y, some)
    force = np.empty_like(Y)
    Z = repulsion_method("auto", len(Y), pool)(Y, force)
    assert error(force[some], expected) < TOLERANCE["auto"]
    assert pytest.approx(expected_Z * 20, rel=0.05) == Z


@pytest.mark.parametrize(("method", "parts"), [("exact", 0), ("barnes_hut", 2), ("mesh", 5)])
def test_steps_of_large_maps_are_many(method, parts, pool):
    Y = np.random.default_rng(1).normal(scale=20, size=(3000, 2)).astype(np.float32)
    repulsion, force = repulsion_method(method, len(Y), pool), np.empty_like(Y)
    assert len(list(repulsion.steps(Y, force))) == parts
    # The second time a mesh has the transform of its kernel.
    assert len(list(repulsion.steps(Y, force))) == (3 if method == "mesh" else parts)


def test_the_mesh_is_bounded(pool):
    Y = np.random.default_rng(0).normal(scale=20, size=(3000, 2)).astype(np.float32)
    for wide in (1e3, 1e4, 1e20, 1e38):
        Y[0] = wide, wide
        mesh = Mesh.over(extent(Y, pool))
        assert mesh is None or 4 * mesh.rows * mesh.columns <= 1.3 * 2**25
    assert mesh is None


def test_a_mesh_holds_all_points(pool):
    random = np.random.default_rng(0)
    for scale in 10.0 ** np.arange(-30, 3):
        Y = (random.normal(size=(100, 2)) * [scale, scale * random.random()]).astype(np.float32)
        mesh = Mesh.over(extent(Y, pool))
        columns, rows = ((Y.astype(float) - [mesh.left, mesh.low]) / mesh.spacing).T
        assert min(columns.min(), rows.min()) > 3 - 1e-6
        assert columns.max() < mesh.columns - 4
        assert rows.max() < mesh.rows - 4
