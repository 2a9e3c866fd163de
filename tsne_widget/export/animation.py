"""Draw how maps came about as a moving picture, with matplotlib and Pillow."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..errors import MissingDependencyError
from .image import Drawing, DrawnMap, Panel, drawing_of
from .image_legend import ImageLegend
from .names import Names

#: The formats of a moving picture that Pillow can write.
MOVING_FORMATS = ("gif", "webp")
#: How long the last frame stays, in seconds.
_HOLD = 1.0
#: The colours of a GIF: one of 256 is left to mark what stays as it was.
_COLORS = 255
#: How many frames the colours are chosen from, evenly spread.
_SAMPLES = 6
#: The room around a map, as a share of its longer side; a still picture leaves as much.
_MARGIN = 0.05
_WEBP_QUALITY = 80
#: Colours that differ by no more are one to Pillow.
_ALIKE = 8


@dataclass(frozen=True, eq=False)
class Course:
    """The layouts of a map over its iterations, the last of them now.

    `layout` returns that at a position of `iterations`, turned as it is shown; `at` says a moment in words,
    and is None for a map that does not iterate.
    """

    iterations: Sequence[int]
    layout: Callable[[int], np.ndarray]
    at: Callable[[int], str] | None

    def moment(self, iteration: float) -> tuple[int, float]:
        """Return the position of the last layout at or before an iteration, and how far it is to the next."""
        places = np.arange(len(self.iterations))
        place = float(np.interp(iteration, self.iterations, places))
        first = min(int(place), max(0, len(self.iterations) - 2))
        return first, place - first


@dataclass(frozen=True)
class Timing:
    """How a moving picture runs: frames in a second, and seconds until the last."""

    fps: float
    seconds: float

    @property
    def frames(self) -> int:
        """The number of frames."""
        return max(2, round(self.fps * self.seconds))

    @property
    def durations(self) -> list[int]:
        """The milliseconds of each frame: whole hundredths of a second, as a GIF wants them."""
        ends = np.rint(np.arange(1, self.frames) * 100 / self.fps)
        return [*(10 * np.diff(ends, prepend=0)).astype(int).tolist(), round(1000 * _HOLD)]


def moving_picture(
    panels: Sequence[Panel],
    courses: Sequence[Course | None],
    legend: ImageLegend,
    *,
    timing: Timing,
    names: Names | None,
    kind: str,
    **look: Any,
) -> bytes:
    """Draw maps from their first layout to their last.

    Equal times show equal numbers of keyframes, which are dense where maps move fast. Points glide between
    these in straight lines, and each frame fits each map. The last frame is the picture that `draw` makes.

    Parameters
    ----------
    panels : sequence of Panel
        The maps as they are.
    courses : sequence of Course or None
        How each came about; None if it has no layout.
    legend : ImageLegend
        The meaning of the colours.
    timing : Timing
        How it runs.
    names : Names, optional
        The names on the last frame.
    kind : str
        One of `MOVING_FORMATS`.
    **look
        The further arguments of `drawing_of`.

    Returns
    -------
    bytes
        The file's content.

    Raises
    ------
    MissingDependencyError
        matplotlib or Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingDependencyError(
            "save_animation() writes with Pillow: pip install 'tsne_widget[image]'"
        ) from error
    look["what"] = "save_animation()"
    drawing = drawing_of(panels, legend, names=None, **look)
    last = drawing_of(panels, legend, names=names, **look)
    film = _Film(drawing, [*courses], timing.frames)

    def frames(positions: Sequence[int]) -> Iterator[Any]:
        for position in positions:
            yield Image.fromarray(film.frame(position) if position < film.count - 1 else _pixels(last))

    every = range(film.count)
    pictures = frames(every)
    saved: dict[str, Any] = {"save_all": True, "duration": timing.durations, "loop": 0}
    if kind == "gif":
        palette = _palette(list(frames(every[:: max(1, film.count // _SAMPLES)])) + list(frames(every[-1:])))
        pictures = (one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures)
    else:
        saved |= {"quality": _WEBP_QUALITY}
    file = io.BytesIO()
    next(pictures).save(file, format=kind, append_images=pictures, **saved)
    return file.getvalue()


def _palette(pictures: Sequence[Any]) -> Any:
    """Return a picture with the colours that serve all: one palette makes a GIF small and keeps it calm."""
    from PIL import Image

    together = np.concatenate([np.asarray(one) for one in pictures])
    found = Image.fromarray(together).quantize(_COLORS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    colors = np.array(found.getpalette()).reshape(-1, 3)
    # Most pixels are the background, which keeps its colour; Pillow finds the nearest colour only nearly.
    colors[np.abs(colors - together[0, 0]).max(axis=1) <= _ALIKE] = together[0, 0]
    found.putpalette(colors.ravel().tolist())
    return found


class _Film:
    """Moves what a drawing shows: what stays is drawn once."""

    def __init__(self, drawing: Drawing, courses: Sequence[Course | None], count: int):
        self.count = count
        self._canvas = _canvas(drawing)
        pairs = zip(drawing.maps, courses, strict=True)
        self._maps = [_Moving(one, course) for one, course in pairs if one is not None and course is not None]
        steps = [course.iterations for course in courses if course is not None]
        moments = np.unique(np.concatenate(steps))
        shares = np.linspace(0, len(moments) - 1, count)
        self._iterations = np.interp(shares, np.arange(len(moments)), moments)
        for one in self._maps:
            for artist in one.artists:
                artist.set_animated(True)
        self._canvas.draw()
        self._ground = self._canvas.copy_from_bbox(drawing.figure.bbox)

    def frame(self, position: int) -> np.ndarray:
        """Return the pixels of a frame."""
        self._canvas.restore_region(self._ground)
        for one in self._maps:
            one.move(self._iterations[position])
            for artist in one.artists:
                self._canvas.figure.draw_artist(artist)
        return _rgb(self._canvas)


class _Moving:
    """A drawn map that can be moved to any iteration."""

    def __init__(self, drawn: DrawnMap, course: Course):
        self._drawn, self._course = drawn, course
        self._decoded: dict[int, np.ndarray] = {}
        texts = drawn.state if course.at is not None else []
        self.artists = [*(marks for marks, _ in drawn.marks), *texts]

    def move(self, iteration: float) -> None:
        """Show the map at an iteration, fitted."""
        first, share = self._course.moment(iteration)
        second = min(first + 1, len(self._course.iterations) - 1)
        self._decoded = {
            at: self._decoded[at] if at in self._decoded else self._course.layout(at)
            for at in (first, second)
        }
        before, after = self._decoded[first], self._decoded[second]
        points = before + share * (after - before)
        for marks, rows in self._drawn.marks:
            marks.set_offsets(points[rows])
        low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
        middle, half = (low + high) / 2, ((high - low).max() / 2 or 1.0) * (1 + 2 * _MARGIN)
        axes = self._drawn.axes
        axes.set(xlim=(middle[0] - half, middle[0] + half), ylim=(middle[1] - half, middle[1] + half))
        axes.apply_aspect()
        if self._course.at is not None:
            for i, line in enumerate(self._drawn.state):
                line.set_text("" if i else self._course.at(self._course.iterations[first]))


def _canvas(drawing: Drawing) -> Any:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    return FigureCanvasAgg(drawing.figure)


def _pixels(drawing: Drawing) -> np.ndarray:
    canvas = _canvas(drawing)
    canvas.draw()
    return _rgb(canvas)


def _rgb(canvas: Any) -> np.ndarray:
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()
