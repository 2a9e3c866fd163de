"""Read one picture from a cell, a file or a function, and make it small enough to send."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from ..errors import DataError, InvalidTypeError

#: The most pixels on the longer side of a raw picture; larger ones are reduced.
LONGEST_SIDE = 256
#: The most bytes of an encoded picture.
MOST_BYTES = 4_000_000
#: The first bytes of encoded pictures. Browsers draw other formats too, but some, such as SVG, can run
#: scripts.
_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
ALLOWED = (
    "an array of shape (h, w), (h, w, 3) or (h, w, 4), a PIL image, bytes of PNG, JPEG, GIF or WebP, "
    "or the path of such a file"
)


@dataclass(frozen=True)
class Picture:
    """A picture to send: pixels, row by row from the top, or an encoded file unchanged.

    Attributes
    ----------
    kind : {"raw", "encoded"}
    data : bytes
        Raw: uint8, `height` x `width` x `channels`.
    width, height : int
        0 if it is encoded.
    channels : {1, 3, 4}
        Grey, RGB or RGBA; 0 if it is encoded.
    mime : str
        Such as 'image/png'; empty if it is raw.
    """

    kind: Literal["raw", "encoded"]
    data: bytes
    width: int = 0
    height: int = 0
    channels: int = 0
    mime: str = ""


def picture_of(name: str, value: Any, bounds: tuple[float, float] | None = None) -> Picture:
    """Make a picture from a value that holds one.

    Parameters
    ----------
    name : str
        Its name in errors.
    value : array, PIL image, bytes, str or path
        Arrays of uint8 stay as they are; bool is black and white.
    bounds : (float, float), optional
        The values of black and white in arrays of other numbers; by default the smallest and largest.

    Raises
    ------
    DataError, InvalidTypeError
        It is not a picture, cannot be read, or is too large.
    """
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _encoded(name, bytes(value))
    if isinstance(value, (str, os.PathLike)):
        return _encoded(name, _read(name, Path(value)))
    pixels = _of_pil(value) if is_pil(value) else np.asarray(value)
    if pixels.dtype.kind not in "biuf":
        kind = type(value).__name__
        raise InvalidTypeError(f"{name} is of type {kind}: it must be {ALLOWED}")
    if not is_picture_shape(pixels.shape):
        raise DataError(f"{name} has shape {pixels.shape}: it must be {ALLOWED}")
    return _raw(pixels, bounds)


def is_picture(value: Any) -> bool:
    """Tell whether a cell of a table holds a picture."""
    if isinstance(value, bytes):
        return bool(_mime(value))
    if isinstance(value, np.ndarray):
        return value.dtype.kind in "biuf" and is_picture_shape(value.shape)
    return is_pil(value)


def is_picture_shape(shape: tuple[int, ...]) -> bool:
    """Tell whether an array of a shape holds pixels."""
    return min(shape, default=0) > 0 and (len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4)))


def is_pil(value: Any) -> bool:
    """Tell whether a value is a PIL image, without importing PIL."""
    module = sys.modules.get("PIL.Image")
    return module is not None and isinstance(value, module.Image)


def bounds_of(pixels: np.ndarray) -> tuple[float, float]:
    """Return the smallest and largest finite value of an array; (0, 0) if there is none."""
    if pixels.dtype.kind == "f":
        pixels = pixels[np.isfinite(pixels)]
    return (float(pixels.min()), float(pixels.max())) if pixels.size else (0.0, 0.0)


def _raw(pixels: np.ndarray, bounds: tuple[float, float] | None) -> Picture:
    stacked = pixels.reshape(*pixels.shape[:2], -1)
    if stacked.dtype.kind == "b":
        stacked = stacked * np.uint8(255)
    if stacked.dtype != np.uint8:
        stacked = _gray(stacked, *(bounds or bounds_of(stacked)))
    small = reduced(stacked, LONGEST_SIDE)
    height, width, channels = small.shape
    return Picture("raw", small.tobytes(), width, height, channels)


def _gray(pixels: np.ndarray, black: float, white: float) -> np.ndarray:
    span = white - black or 1.0
    shares = (np.nan_to_num(pixels.astype(np.float64), nan=black) - black) / span
    return np.rint(255 * shares.clip(0, 1)).astype(np.uint8)


def reduced(pixels: np.ndarray, side: int) -> np.ndarray:
    """Make a picture with a longer side than `side` smaller: each pixel becomes the mean of an area."""
    longest = max(pixels.shape[:2])
    if longest <= side:
        return pixels
    means: np.ndarray = pixels.astype(np.float32)
    for axis in (0, 1):
        length = pixels.shape[axis]
        wanted = max(1, round(length * side / longest))
        edges = np.arange(wanted) * length // wanted
        sizes = np.diff(edges, append=length)
        sums = np.add.reduceat(means, edges, axis=axis)
        means = sums / np.expand_dims(sizes, 1 if axis == 0 else 0)[..., None].astype(np.float32)
    return np.rint(means).astype(np.uint8)


def _encoded(name: str, data: bytes) -> Picture:
    mime = _mime(data)
    if not mime:
        raise DataError(f"{name} is not a PNG, JPEG, GIF or WebP file: it must be {ALLOWED}")
    if len(data) > MOST_BYTES:
        raise DataError(
            f"{name} has more than {MOST_BYTES:,} bytes: store it in a smaller size, or give its pixels"
        )
    return Picture("encoded", data, mime=mime)


def _mime(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((mime for magic, mime in _MAGIC.items() if data.startswith(magic)), "")


def _read(name: str, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise DataError(f"{name} cannot be read: {error}") from error


def _of_pil(image: Any) -> np.ndarray:
    if image.mode in ("L", "RGB", "RGBA", "I", "F") or image.mode.startswith("I;16"):
        return np.asarray(image)
    if image.mode in ("LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return np.asarray(image.convert("RGBA"))
    return np.asarray(image.convert("L" if image.mode == "1" else "RGB"))
