"""A slow, obvious t-SNE in numpy and float64: dense, by the formulas, for tests to compare with."""

import numpy as np


def distances(X):
    X = np.asarray(X, dtype=np.float64)
    return np.sqrt(((X[:, None, :] - X[None, :, :]) ** 2).sum(axis=2))


def nearest(D, k):
    """Indices of the k nearest of each row, by distance and then by position; the row itself left out."""
    D = D.copy()
    np.fill_diagonal(D, np.inf)
    return np.argsort(D, axis=1, kind="stable")[:, :k]


def conditional(squared, perplexity):
    """p_j|i from rows of squared distances, by bisection on beta."""
    squared = squared - squared.min(axis=1, keepdims=True)
    low, high = np.zeros((len(squared), 1)), np.full((len(squared), 1), np.inf)
    beta = 1 / np.maximum(squared.mean(axis=1, keepdims=True), 1e-300)
    for _ in range(150):
        p = np.exp(-beta * squared)
        p /= p.sum(axis=1, keepdims=True)
        entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1, keepdims=True)
        low = np.where(entropy > np.log(perplexity), beta, low)
        high = np.where(entropy > np.log(perplexity), high, beta)
        beta = np.where(np.isinf(high), np.minimum(2 * low, 1e200), (low + high) / 2)
    return p


def joint(X, perplexity, k=None):
    """P of all rows, dense, symmetric, sums to 1; of the k nearest neighbours only, or of all."""
    D = distances_by_product(X) if len(X) > 500 else distances(X)
    n = len(D)
    near = nearest(D, n - 1 if k is None else k)
    P = np.zeros((n, n))
    np.put_along_axis(P, near, conditional(np.take_along_axis(D, near, 1) ** 2, perplexity), 1)
    return (P + P.T) / (2 * n)


def joint_of_neighbors(neighbors, perplexities, k):
    """P of the first k neighbours, dense; of several perplexities the mean, as openTSNE's Multiscale."""
    n = len(neighbors.indices)
    near, squared = neighbors.indices[:, :k].astype(int), neighbors.distances[:, :k].astype(float) ** 2
    mean = np.zeros((n, n))
    for perplexity in perplexities:
        P = np.zeros((n, n))
        np.put_along_axis(P, near, conditional(squared, perplexity), 1)
        P = (P + P.T) / 2
        mean += P / P.sum() / len(perplexities)
    return mean


def weights(Y):
    W = 1 / (1 + distances(Y) ** 2)
    np.fill_diagonal(W, 0)
    return W


def kl(P, Y):
    W = weights(Y) if len(Y) <= 500 else 1 / (1 + distances_by_product(Y) ** 2)
    np.fill_diagonal(W, 0)
    some = P > 0
    return (P[some] * np.log(P[some] / (W[some] / W.sum()))).sum()


def forces(P, Y):
    """The attraction and the repulsion (not divided by Z) of each point, and Z."""
    Y = np.asarray(Y, dtype=np.float64)
    W = weights(Y)
    apart = Y[:, None, :] - Y[None, :, :]
    return ((P * W)[:, :, None] * apart).sum(axis=1), ((W**2)[:, :, None] * apart).sum(axis=1), W.sum()


def gradient(P, Y, exaggeration=1.0):
    attraction, repulsion, Z = forces(P, Y)
    return 4 * (exaggeration * attraction - repulsion / Z)


def dense(affinities):
    """Affinities as a dense float64 matrix."""
    P = np.zeros((affinities.n, affinities.n))
    for i in range(affinities.n):
        row = slice(affinities.indptr[i], affinities.indptr[i + 1])
        P[i, affinities.indices[row]] = affinities.data[row]
    return P


def neighbor_recall(X, Y, k=10):
    """The share of the k nearest neighbours in X that are among the k nearest in Y."""
    high, low = nearest(distances_by_product(X), k), nearest(distances_by_product(Y), k)
    return np.mean([len(np.intersect1d(a, b)) / k for a, b in zip(high, low, strict=True)])


def distances_by_product(X):
    """Distances of many rows: less memory than `distances`, and exact enough for data without offsets."""
    X = np.asarray(X, dtype=np.float64)
    X = X - X.mean(axis=0)
    squares = (X**2).sum(axis=1)
    return np.sqrt(np.maximum(squares[:, None] + squares[None, :] - 2 * X @ X.T, 0))


# --- UMAP (McInnes, Healy & Melville 2018) --------------------------------------------------------------


def memberships(distances):
    """The weights of each row's neighbours, from their distances without the row itself."""
    near = np.asarray(distances, dtype=np.float64)
    k = near.shape[1] + 1
    weights = []
    for row in near:
        beyond = np.maximum(row - min(row[row > 0], default=0.0), 0)
        low, high = 0.0, 1e6 * max(row.max(), 1e-290)
        for _ in range(200):
            middle = max((low + high) / 2, 1e-300)
            low, high = (low, middle) if np.exp(-beyond / middle).sum() > np.log2(k) else (middle, high)
        weights.append(np.exp(-beyond / max(high, 1e-3 * row.sum() / k, 1e-300)))
    return np.array(weights)


def fuzzy(neighbors, n_neighbors):
    """The symmetric weights, dense: a + b - ab."""
    near, n = neighbors.indices[:, : n_neighbors - 1].astype(int), len(neighbors.indices)
    one = np.zeros((n, n))
    np.put_along_axis(one, near, memberships(neighbors.distances[:, : n_neighbors - 1]), 1)
    return one + one.T - one * one.T


def umap_curve_loss(curve, min_dist):
    """How far 1 / (1 + a d^2b) is from the curve that falls from `min_dist`, in squares."""
    d = np.linspace(0, 3, 300)
    wanted = np.where(d < min_dist, 1, np.exp(-(d - min_dist)))
    return ((1 / (1 + curve[0] * d ** (2 * curve[1])) - wanted) ** 2).sum()


def splitmix(state):
    """The next state and number of SplitMix64."""
    mask = 2**64 - 1
    state = (state + 0x9E3779B97F4A7C15) & mask
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & mask
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & mask
    return state, z ^ (z >> 31)


def umap_pass(Y, edges, epoch, a, b, rate, seed, negatives=5):
    """The layout after one pass: each row steps against the places of the others before it."""
    Y = np.asarray(Y, dtype=np.float64)
    after = Y.copy()
    for i in range(len(Y)):
        state = (int(seed) + i * 0xBF58476D1CE4E5B9) % 2**64
        for e in range(edges.indptr[i], edges.indptr[i + 1]):
            drawn = float(edges.rates[e])
            if np.floor((epoch + 1) * drawn) == np.floor(epoch * drawn):
                continue
            between = after[i] - Y[edges.columns[e]]
            d2 = between @ between
            if d2 > 0:
                pull = -2 * a * b * d2 ** (b - 1) / (1 + a * d2**b)
                after[i] += rate * np.clip(pull * between, -4, 4)
            for _ in range(negatives if edges.first[e] else 0):
                state, drawn_row = splitmix(state)
                other = drawn_row % len(Y)
                between = after[i] - Y[other]
                d2 = between @ between
                if other != i and d2 > 0:
                    push = 2 * b / ((0.001 + d2) * (1 + a * d2**b))
                    after[i] += rate * np.clip(push * between, -4, 4)
    return after


def umap_descent_alone(points, Y, columns, rates, epochs, a, b, rate, seed, negatives=5):
    """Where new rows end, each after a descent by itself on a map that stays."""
    after, Y = np.array(points, dtype=np.float64), np.asarray(Y, dtype=np.float64)
    for i in range(len(after)):
        state = (int(seed) + int(columns[i, 0]) * 0xBF58476D1CE4E5B9) % 2**64
        for epoch in range(epochs):
            falling = rate * (1 - epoch / epochs)
            for j, drawn in zip(columns[i], rates[i].astype(float), strict=True):
                if np.floor((epoch + 1) * drawn) == np.floor(epoch * drawn):
                    continue
                between = after[i] - Y[j]
                d2 = between @ between
                if d2 > 0:
                    pull = -2 * a * b * d2 ** (b - 1) / (1 + a * d2**b)
                    after[i] += falling * np.clip(pull * between, -4, 4)
                for _ in range(negatives):
                    state, drawn_row = splitmix(state)
                    between = after[i] - Y[drawn_row % len(Y)]
                    d2 = between @ between
                    push = 2 * b / ((0.001 + d2) * (1 + a * d2**b))
                    after[i] += falling * np.clip(push * between, -4, 4)
    return after


def laplacian_eigenvectors(W):
    """The second and third eigenvector of the normalized Laplacian, each of length 1."""
    scale = 1 / np.sqrt(W.sum(axis=1))
    L = np.eye(len(W)) - scale[:, None] * W * scale
    return np.linalg.eigh(L)[1][:, 1:3]


# --- maps that are functions ------------------------------------------------------------------------------


def landmark_map(X, landmarks, places, perplexity=1.5, k=16):
    """Each row at the weighted mean of the places of its k nearest landmarks."""
    squared = ((np.asarray(X, float)[:, None, :] - np.asarray(landmarks, float)[None, :, :]) ** 2).sum(axis=2)
    near = np.argsort(squared, axis=1, kind="stable")[:, :k]
    weights = conditional(np.take_along_axis(squared, near, 1), perplexity)
    return (weights[:, :, None] * np.asarray(places, float)[near]).sum(axis=1)


def network(X, layers):
    """A network of rectified units with a plane of outputs."""
    X = np.asarray(X, float)
    pairs = list(zip(layers[::2], layers[1::2], strict=True))
    for weights, bias in pairs[:-1]:
        X = np.maximum(X @ weights.astype(float) + bias, 0)
    return X @ pairs[-1][0].astype(float) + pairs[-1][1]


def slope(loss, parameter, at, by=1e-4):
    """The derivative of a loss by one entry of an array, by central differences; the array stays as it is."""
    before = parameter[at]
    values = []
    for moved in (before + by, before - by):
        parameter[at] = moved
        values.append((loss(), float(parameter[at])))
    parameter[at] = before
    (high, right), (low, left) = values
    return (high - low) / (right - left)
