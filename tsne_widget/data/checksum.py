"""A checksum of all rows, which tells whether maps were made of them."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .matrix import is_sparse

#: Rows are summed in so many blocks, so that we can say which of them differ.
BLOCKS = 64
#: The most bytes of a matrix that are copied at once.
_AT_ONCE = 1 << 24


@dataclass(frozen=True)
class Checksum:
    """What tells matrices apart: 16 bytes for each of at most 64 blocks of rows.

    Attributes
    ----------
    rows, columns : int
    kind : str
        "dense" or "sparse", and the type of the numbers: 'dense float32'.
    blocks : tuple of str
        The digest of each block as hexadecimal digits.
    """

    rows: int
    columns: int
    kind: str
    blocks: tuple[str, ...]

    @classmethod
    def of(cls, matrix: Any) -> Checksum:
        """Sum a checked matrix, see `as_matrix`, at about 1 GB/s; other threads run meanwhile."""
        rows, columns = matrix.shape
        kind = f"{'sparse' if is_sparse(matrix) else 'dense'} {matrix.dtype.name}"
        borders = borders_of(rows)
        pairs = itertools.pairwise(borders)
        return cls(rows, columns, kind, tuple(_digest(matrix, *pair) for pair in pairs))

    @property
    def tree(self) -> dict[str, Any]:
        """The same as JSON has it."""
        return {**vars(self), "blocks": list(self.blocks)}

    def difference(self, other: Checksum) -> str:
        """Say in what another matrix, X as it is now, differs from this; empty if it does not."""
        if other.rows != self.rows:
            return f"X has {other.rows:,} rows, and had {self.rows:,}"
        if other.columns != self.columns:
            return f"X has {other.columns:,} features, and had {self.columns:,}"
        if other.kind != self.kind:
            return f"X is {other.kind}, and was {self.kind}"
        borders = borders_of(self.rows)
        differing = [
            number for number, (a, b) in enumerate(zip(self.blocks, other.blocks, strict=True)) if a != b
        ]
        if not differing:
            return ""
        first = differing[0]
        share = f"{len(differing)} of {len(self.blocks)} blocks of rows"
        return f"X has other values, first in rows {borders[first]} to {borders[first + 1] - 1} ({share})"


def borders_of(rows: int) -> list[int]:
    """Return the first row of each block, and the number of rows."""
    borders: list[int] = np.linspace(0, rows, min(rows, BLOCKS) + 1).astype(int).tolist()
    return borders


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what tells whether a file has been written since: its size, and when it was written."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def digest(matrix: Any) -> str:
    """Return 32 hexadecimal digits that tell matrices of one shape and type apart."""
    return _digest(matrix, 0, len(matrix))


def _digest(matrix: Any, first: int, last: int) -> str:
    summed = hashlib.blake2b(digest_size=16)
    for part in _parts(matrix, first, last):
        summed.update(np.ascontiguousarray(part).data.cast("B") if part.size else b"")
    return summed.hexdigest()


def _parts(matrix: Any, first: int, last: int) -> Iterator[np.ndarray]:
    """Return the numbers of some rows; positions as int64, as their type says nothing."""
    if not is_sparse(matrix):
        step = max(1, _AT_ONCE // max(1, matrix.shape[1] * matrix.itemsize))
        for row in range(first, last, step):
            yield matrix[row : min(row + step, last)]
        return
    begin, end = int(matrix.indptr[first]), int(matrix.indptr[last])
    yield matrix.indptr[first : last + 1].astype(np.int64) - begin
    for entry in range(begin, end, _AT_ONCE // 8):
        yield matrix.indices[entry : min(entry + _AT_ONCE // 8, end)].astype(np.int64)
    yield matrix.data[begin:end]
