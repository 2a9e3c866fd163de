"""Draw many points as a small bitmap, with nothing but numpy and scipy."""

from __future__ import annotations

import math
import struct
import zlib

import numpy as np

#: The grey of points: it can be seen on white and on black.
_GREY = 128
#: How many shades there are: few, so that the file is small.
_SHADES = 15


def png_of_points(points: np.ndarray, side: int, radius: float) -> bytes:
    """Draw points as grey discs on a transparent square.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        From -1 to 1, where the square ends; NaN where a row has no place.
    side : int
        Pixels of the square.
    radius : float
        Pixels of a disc.

    Returns
    -------
    bytes
        A PNG.
    """
    points = points[np.isfinite(points).all(axis=1)]
    opacity = 1 - (1 - _opacity(len(points), side, radius)) ** _discs_over_pixels(points, side, radius)
    shades = np.rint(opacity * _SHADES) * (255 / _SHADES)
    pixels = np.stack([np.full_like(shades, _GREY), shades], axis=-1).astype(np.uint8)
    return png(pixels)


def png(pixels: np.ndarray) -> bytes:
    """Encode uint8 of shape (height, width, channels) as a PNG: grey, grey and alpha, RGB or RGBA."""
    height, width, channels = pixels.shape
    lines = np.hstack([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)])  # no filter
    kind_of_color = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 8, kind_of_color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(lines.tobytes(), 9)),
            (b"IEND", b""),
        )
    )


def _discs_over_pixels(points: np.ndarray, side: int, radius: float) -> np.ndarray:
    """Count the discs over each pixel; at the rim of a disc a part of it."""
    from scipy.signal import fftconvolve

    margin = math.ceil(radius) + 1
    across = (points[:, 0] + 1) / 2 * (side - 2 * margin) + margin
    down = (1 - points[:, 1]) / 2 * (side - 2 * margin) + margin
    at = np.floor(down).astype(np.int64) * side + np.floor(across).astype(np.int64)
    centers = np.bincount(at, minlength=side * side).reshape(side, side)
    steps = np.arange(-margin, margin + 1)
    disc = np.clip(radius + 0.5 - np.hypot(steps[:, None], steps), 0, 1)
    return np.maximum(fftconvolve(centers, disc, mode="same"), 0)


def _opacity(n: int, side: int, radius: float) -> float:
    """Return the opacity of a disc, so that a few are dark and many do not run together."""
    overlap = n * math.pi * radius**2 / (side**2 / 2)
    return max(0.2, (1 + overlap) ** -0.35)
