"""Pictures of rows arrive as their owner sees them, and are refused where they are none."""

import io

import numpy as np
import pandas as pd
import PIL.Image
import polars as pl
import pytest

from tests.conftest import in_words
from tsne_widget import DataError, InvalidTypeError
from tsne_widget.data import read_source
from tsne_widget.data.pictures import LONGEST_SIDE, MOST_BYTES
from tsne_widget.errors import UnknownColumnError

N = 4
PNG = b"\x89PNG\r\n\x1a\n"


def picture(image, row=0, **others):
    return read_source(np.eye(N), image=image, **others).image.of(row)


def pixels(made):
    """Return a raw picture's pixels."""
    assert made.kind == "raw"
    return np.frombuffer(made.data, np.uint8).reshape(made.height, made.width, made.channels)


def encoded(form, size=(3, 2)):
    file = io.BytesIO()
    PIL.Image.new("RGB", size, (255, 0, 0)).save(file, form)
    return file.getvalue()


# --- arrays -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 3), (5, 3, 1), (5, 3, 3), (5, 3, 4)])
def test_bytes_are_taken_as_they_are(shape):
    images = np.random.default_rng(0).integers(100, 200, (N, *shape)).astype(np.uint8)
    made = picture(images, 2)
    assert (made.width, made.height, made.channels) == (3, 5, shape[2] if len(shape) == 3 else 1)
    np.testing.assert_array_equal(pixels(made), images[2].reshape(5, 3, -1))


def test_booleans_are_black_and_white():
    images = np.zeros((N, 2, 2), bool)
    images[1, 0, 1] = True
    assert pixels(picture(images, 1))[..., 0].tolist() == [[0, 255], [0, 0]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int64, np.uint16])
def test_other_numbers_are_drawn_from_the_least_to_the_most_of_all(dtype):
    images = np.zeros((N, 2, 2), dtype)
    images[0, 0], images[1, 0, 0] = 10, 40
    assert pixels(picture(images, 0))[..., 0].tolist() == [[64, 64], [0, 0]]
    assert pixels(picture(images, 1))[..., 0].tolist() == [[255, 0], [0, 0]]


def test_what_is_not_finite_changes_no_other_pixel():
    images = np.zeros((N, 2, 2))
    images[0] = [[np.nan, np.inf], [-np.inf, 1]]
    assert pixels(picture(images, 0))[..., 0].tolist() == [[0, 255], [0, 255]]


def test_pictures_of_one_color_are_black():
    assert not pixels(picture(np.full((N, 2, 2), 7.0))).any()


@pytest.mark.parametrize(
    ("shape", "hint"),
    [
        ((N, 5), ""),
        ((N,), ""),
        ((N, 5, 3, 2), ""),
        ((N, 5, 3, 5), ""),
        ((N, 0, 3), ""),
        ((N, 5, 5, 3, 1), ""),
        ((N, 3, 28, 28), "; numpy.moveaxis(image, 1, -1) puts the channels last"),
    ],
)
def test_images_of_a_wrong_shape_are_refused_with_what_it_must_be(shape, hint):
    with pytest.raises(DataError) as caught:
        picture(np.zeros(shape))
    assert str(caught.value) == (
        f"image has shape {shape}: it must be (n, h, w), (n, h, w, 3) or (n, h, w, 4) with n = {N}{hint}"
    )


@pytest.mark.parametrize("images", [np.zeros((3, 2, 2)), [np.zeros((2, 2))] * 3])
def test_there_is_one_picture_for_each_row(images):
    with pytest.raises(DataError, match="image has 3 pictures: it must have one for each of the 4 rows"):
        picture(images)


@pytest.mark.parametrize("images", [3, b"abc", np.zeros((N, 2, 2), complex), {1: 2}], ids=in_words)
def test_images_of_another_type_are_a_type_error(images):
    with pytest.raises(InvalidTypeError, match="image"):
        picture(images)


@pytest.mark.parametrize("channels", [(), (3,), (4,)])
@pytest.mark.parametrize("size", [(1000, 500), (300, 1000), (LONGEST_SIDE + 1, 3), (2, 5000)])
def test_large_pictures_are_reduced_by_means(size, channels):
    image = np.random.default_rng(0).integers(0, 256, (*size, *channels)).astype(np.uint8)
    small = pixels(picture(lambda row: image))
    assert max(small.shape[:2]) == LONGEST_SIDE
    ratio = small.shape[0] / small.shape[1]
    assert ratio == pytest.approx(size[0] / size[1], rel=0.5) or 1 in small.shape[:2]
    assert small.mean() == pytest.approx(image.mean(), abs=4)


def test_a_mean_is_that_of_its_area():
    image = np.kron(np.array([[0, 100], [200, 40]], np.uint8), np.ones((256, 256), np.uint8))
    small = pixels(picture(lambda row: image))[..., 0]
    np.testing.assert_array_equal(small, image[::2, ::2])


def test_pictures_of_the_largest_size_are_not_touched():
    image = np.random.default_rng(0).integers(0, 256, (LONGEST_SIDE, LONGEST_SIDE)).astype(np.uint8)
    np.testing.assert_array_equal(pixels(picture(lambda row: image))[..., 0], image)


# --- encoded ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_encoded_pictures_go_as_they_are(form, tmp_path):
    data = encoded(form)
    path = tmp_path / "picture.any"
    path.write_bytes(data)
    for image in (lambda row: data, lambda row: bytearray(data), lambda row: path, lambda row: str(path)):
        made = picture(image)
        assert (made.kind, made.mime, made.data) == ("encoded", f"image/{form.lower()}", data)


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"",
        b"BM....",
        b"RIFF....WAVE",
        b"<html>",
    ],
)
def test_other_bytes_are_refused_by_how_they_begin(data, tmp_path):
    with pytest.raises(DataError, match="image of row 0 is not a PNG, JPEG, GIF or WebP"):
        picture(lambda row: data)
    path = tmp_path / "picture.png"
    path.write_bytes(data)
    with pytest.raises(DataError, match="image of row 0 is not a PNG"):
        picture(lambda row: path)


def test_encoded_pictures_that_are_too_large_are_refused(tmp_path):
    data = PNG + bytes(MOST_BYTES)
    path = tmp_path / "large.png"
    path.write_bytes(data)
    for image in (lambda row: data, lambda row: path):
        with pytest.raises(DataError, match="image of row 0 has more than 4,000,000 bytes"):
            picture(image)
    assert picture(lambda row: data[:MOST_BYTES]).kind == "encoded"


def test_a_file_that_cannot_be_read_is_an_error_that_names_the_row(tmp_path):
    for path in (tmp_path / "none.png", tmp_path, "with\0zero"):
        with pytest.raises(DataError, match="image of row 3 cannot be read"):
            picture(lambda row, path=path: path if row else None, 3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I", "F", "I;16"])
def test_images_of_pil_are_drawn_in_any_mode(mode):
    image = PIL.Image.new(mode, (3, 2))
    made = picture(lambda row: image)
    assert (made.width, made.height) == (3, 2)
    assert made.channels == (
        4 if mode in ("LA", "RGBA") else 3 if mode in ("P", "RGB", "CMYK", "YCbCr") else 1
    )


def test_colors_of_pil_are_kept():
    image = PIL.Image.new("RGB", (1, 1), (10, 20, 30)).convert("P", palette=PIL.Image.Palette.ADAPTIVE)
    assert pixels(picture(lambda row: image)).tolist() == [[[10, 20, 30]]]


# --- functions ----------------------------------------------------------------------------------------


def test_a_function_is_called_for_the_row_that_is_looked_at():
    asked = []

    def draw(row):
        asked.append(row)
        return np.full((2, 2), row, np.uint8)

    images = read_source(np.eye(N), image=draw).image
    assert asked == [0]  # once, to see whether it draws at all
    assert pixels(images.of(np.int64(2))).max() == 2
    assert asked == [0, 2]
    assert type(asked[1]) is int


def test_a_function_that_fails_is_an_error_that_names_the_row():
    with pytest.raises(
        DataError, match="image of row 3 failed: ZeroDivisionError: division by zero"
    ) as caught:
        picture(lambda row: 1 / (row - 3) if row else None, 3)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_row_may_have_no_picture():
    assert picture(lambda row: None) is None
    assert picture([None, PNG, PNG, PNG]) is None


@pytest.mark.parametrize("value", [{}, object(), 3j, [["a"]]], ids=in_words)
def test_what_is_no_picture_is_an_error_that_names_the_row(value):
    with pytest.raises((InvalidTypeError, DataError), match=r"image of row 1 .*must be an array of shape"):
        picture(lambda row: value if row else None, 1)


def wrong(row, other):
    return row


@pytest.mark.parametrize("draw", [wrong, lambda row: {}, lambda row: 1 / row, lambda row: "no such.png"])
def test_a_function_that_draws_nothing_fails_at_once(draw):
    with pytest.raises((InvalidTypeError, DataError), match="image of row 0"):
        read_source(np.eye(N), image=draw)


def test_a_list_is_tried_on_the_first_picture_that_is_there():
    with pytest.raises(DataError, match=r"image of row 1 has shape \(5,\)"):
        read_source(np.eye(N), image=[None, np.zeros(5), None, None])
    assert read_source(np.eye(N), image=[None] * N).image.of(0) is None


# --- columns ------------------------------------------------------------------------------------------

SHADES = [np.full((2, 2), 50 * row, np.uint8) for row in range(N)]


@pytest.mark.parametrize(
    "values",
    [
        SHADES,
        np.array(SHADES),
        pd.Series(SHADES),
        [PIL.Image.fromarray(shade) for shade in SHADES],
        pl.Series(SHADES, dtype=pl.Array(pl.UInt8, (2, 2))),
    ],
    ids=["list", "array", "pandas", "PIL", "polars"],
)
def test_a_column_of_pictures_gives_the_pictures(values):
    source = read_source(np.eye(N), data={"shade": values}, image="shade")
    assert source.columns["shade"].type == "image"
    assert pixels(source.image.of(3)).tolist() == np.full((2, 2, 1), 150).tolist()
    assert source.columns["shade"].cells(np.array([3]))[0] == source.image.of(3)
    assert picture(values, 3) == source.image.of(3)


def test_a_column_of_encoded_pictures_may_have_gaps():
    source = read_source(np.eye(N), data={"png": [PNG, None, PNG, PNG]}, image="png")
    assert source.image.of(1) is None
    assert source.columns["png"].missing.tolist() == [False, True, False, False]
    assert source.columns["png"].cells(np.array([0, 1]))[0].mime == "image/png"


def test_a_column_of_paths_gives_the_files(tmp_path):
    path = tmp_path / "picture.png"
    path.write_bytes(encoded("PNG"))
    source = read_source(np.eye(N), data={"path": [str(path)] * 3 + [None]}, image="path")
    assert source.image.of(0).mime == "image/png"
    assert source.image.of(3) is None


def test_columns_that_hold_no_pictures_are_refused():
    with pytest.raises(DataError, match="image is column 'n', of type number"):
        picture("n", data={"n": [1, 2, 3, 4]})
    told = "image is column 't', whose texts must be paths of pictures: image of row 1 cannot be read"
    with pytest.raises(DataError, match=told):
        picture("t", data={"t": [None, "a note", "another", "a third"]})
    with pytest.raises(UnknownColumnError, match="there is no column 'pictur'; did you mean 'picture'"):
        picture("pictur", data={"picture": SHADES})


def test_without_pictures_there_are_none():
    assert read_source(np.eye(N)).image is None
