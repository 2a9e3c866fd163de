"""Checksums of rows: which matrices are told apart."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from tsne_widget.data import as_matrix
from tsne_widget.data.checksum import Checksum, borders_of

X = np.random.default_rng(0).normal(size=(1000, 7))


def of(X):
    return Checksum.of(as_matrix(X))


def test_every_number_counts():
    first = of(X)
    for row, column in ((0, 0), (499, 3), (999, 6)):
        changed = X.copy()
        changed[row, column] = np.nextafter(changed[row, column], 9)
        assert f"in rows {[a for a in borders_of(1000) if a <= row][-1]} to" in first.difference(of(changed))
    assert first.difference(of(X.copy())) == ""


def test_many_blocks_are_counted():
    assert "64 of 64 blocks" in of(X).difference(of(X + 1))


@pytest.mark.parametrize("at_once", [64, 1 << 24])
def test_it_does_not_depend_on_how_much_is_read_at_once(monkeypatch, at_once):
    first, sparse = of(X), of(csr_array(np.maximum(X, 0)))
    monkeypatch.setattr("tsne_widget.data.checksum._AT_ONCE", at_once)
    assert of(X) == first
    assert of(csr_array(np.maximum(X, 0))) == sparse


def test_sparse_rows_are_the_same_whatever_the_type_of_positions():
    rows = csr_array(np.maximum(X, 0))
    wide = csr_array((rows.data, rows.indices.astype(np.int64), rows.indptr.astype(np.int64)), rows.shape)
    assert of(rows) == of(wide)
    moved = rows.tolil()
    moved[5, 0], moved[5, 1] = rows[5, [1]][0], rows[5, [0]][0]
    assert of(rows) != of(moved.tocsr())
    assert "sparse" in of(X).difference(of(rows))


def test_few_rows_have_a_block_each():
    assert borders_of(3) == [0, 1, 2, 3]
    assert len(of(X[:3]).blocks) == 3
