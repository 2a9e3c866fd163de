"""The pictures of rows in a saved page: small, and each as a file that browsers decode."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data.images import Images
from ..data.pictures import Picture, reduced
from ..errors import DataError, InvalidValueError, MissingDependencyError
from ..failure import error_in_words
from .raster import png

#: The most pixels on the longer side.
LONGEST_SIDE = 64
#: Encoded pictures of up to so many bytes stay as they are.
SMALL_BYTES = 4_000


def thumbnails(images: Images | None, n: int) -> list[dict[str, Any] | None]:
    """Return a thumbnail of each row, as `js/src/store/saved.ts` reads it; None where there is no picture.

    Raises
    ------
    InvalidValueError
        The widget has no pictures.
    DataError, InvalidTypeError
        A row's picture cannot be read.
    MissingDependencyError
        Encoded pictures must become smaller, and Pillow is not installed.
    """
    if images is None:
        raise InvalidValueError(
            "images=True is not allowed: this widget has no pictures, which image= gives it"
        )
    return [_thumbnail(images.of(row), row) for row in range(n)]


def in_words(made: Sequence[dict[str, Any] | None]) -> str:
    """Say how many pictures a page holds, and how large they make it."""
    held = [one["data"] for one in made if one is not None]
    megabytes = sum(map(len, held)) * 4 / 3 / 1e6  # as text
    size = f"{megabytes:,.1f} MB" if megabytes >= 1 else "less than 1 MB"
    return f"pictures in this file: {len(held):,}, at most {LONGEST_SIDE} pixels wide and high ({size})"


def _thumbnail(picture: Picture | None, row: int) -> dict[str, Any] | None:
    if picture is None:
        return None
    if picture.kind == "encoded":
        small = len(picture.data) <= SMALL_BYTES
        return (
            _told(picture.mime, picture.data) if small else _told("image/webp", _smaller(picture.data, row))
        )
    shape = picture.height, picture.width, picture.channels
    return _told(
        "image/png", png(reduced(np.frombuffer(picture.data, np.uint8).reshape(shape), LONGEST_SIDE))
    )


def _told(mime: str, data: bytes) -> dict[str, Any]:
    return {"mime": mime, "data": data}


def _smaller(data: bytes, row: int) -> bytes:
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingDependencyError(
            f"images=True makes encoded pictures of more than {SMALL_BYTES:,} bytes smaller with Pillow: "
            "pip install 'tsne_widget[image]'"
        ) from error
    file = io.BytesIO()
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            clear = "A" in image.mode or "transparency" in image.info
            image.convert("RGBA" if clear else "RGB").save(file, "WEBP")
    except Exception as error:  # a broken file may fail in any way
        raise DataError(f"the picture of row {row} cannot be read: {error_in_words(error)}") from error
    return file.getvalue()
