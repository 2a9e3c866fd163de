"""Draw pictures of maps with matplotlib, without a browser."""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..errors import MissingDependencyError
from .image_legend import MISSING, ImageLegend, scale_start, square_colors
from .names import Names, Spot, placed, readable
from .shade import Shade

#: The formats of a picture that matplotlib can write.
FORMATS = ("png", "svg", "pdf")
#: Above this many points a vector drawing holds them as one bitmap: so many circles are slow to open.
LARGEST_DRAWN = 20_000
#: CSS pixels per inch; bitmaps have twice as many.
_INCH, _SHARPNESS = 96, 2
#: CSS pixels: the legend beside the maps, the note below, a line of text.
_LEGEND, _NOTE, _LINE = 190, 26, 19
_FONT = 9  # points
#: CSS pixels that a letter rarely exceeds.
_LETTER = 6.9
#: Letters that fit on one line for both ends of a colour bar.
_BOTH_ENDS = 22
#: CSS pixels of the side of a square of colours.
_SQUARE = 64
_LIGHT = {"background": "#ffffff", "ink": "#222222", "muted": "#666666", "warning": "#b3400a"}
_DARK = {"background": "#111111", "ink": "#dddddd", "muted": "#999999", "warning": "#ff9d57"}
#: Draw order is shuffled to keep the last class from covering the others.
_SHUFFLE_SEED = 0
_DIMMED = 0.2


@dataclass(frozen=True, eq=False)
class Squares:
    """New rows on a map: their positions, and the label of each, None for an outline alone.

    They have the colours of their labels if the legend knows all of these, else none.
    """

    points: np.ndarray
    labels: Sequence[str | None]

    def fills(self, legend: ImageLegend) -> list[str | None]:
        """Return the colour of each."""
        known = {entry.name: entry.color for entry in legend.entries}
        if all(label is None or label in known for label in self.labels):
            return [None if label is None else known[label] for label in self.labels]
        return [None] * len(self.labels)


@dataclass(frozen=True, eq=False)
class Panel:
    """One map: its title, its state, its points, None without a layout; new rows, and what is below them."""

    title: str
    state: str
    finished: bool
    points: np.ndarray | None
    squares: Squares | None = None
    shade: Shade | None = None


def draw(
    panels: Sequence[Panel],
    legend: ImageLegend,
    *,
    columns: int,
    note: str,
    selected: np.ndarray,
    width: int,
    dark: bool,
    kind: str,
    names: Names | None = None,
) -> bytes:
    """Draw maps in a grid, with their legend.

    Parameters
    ----------
    panels : sequence of Panel
        Row by row.
    legend : ImageLegend
        The meaning of the colours.
    columns : int
        The number of maps side by side.
    note : str
        A line below everything.
    selected : ndarray of int
        Rows to highlight; if empty, none is dimmed.
    width : int
        The width in CSS pixels; a PNG has twice as many.
    dark : bool
        Whether to draw light on dark.
    kind : str
        One of `FORMATS`.
    names : Names, optional
        The names on the maps; they have the legend's colours if its entries are the same.

    Returns
    -------
    bytes
        The file's content.

    Raises
    ------
    MissingDependencyError
        matplotlib is not installed.
    """
    drawing = drawing_of(
        panels,
        legend,
        columns=columns,
        note=note,
        selected=selected,
        width=width,
        dark=dark,
        names=names,
        what="save_image()",
    )
    from matplotlib import rc_context

    file = io.BytesIO()
    # Drawing twice gives the same file.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "tsne_widget"}):
        drawing.figure.savefig(
            file,
            format=kind,
            dpi=_INCH * _SHARPNESS,
            facecolor=drawing.figure.get_facecolor(),
            metadata={"Date": None} if kind == "svg" else None,
        )
    return file.getvalue()


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map of a drawing: its axes, its marks with the rows they stand for, and the lines of its state."""

    axes: Any
    marks: list[tuple[Any, np.ndarray]]
    state: list[Any]


@dataclass(frozen=True, eq=False)
class Drawing:
    """A figure of matplotlib, a dot of which is a CSS pixel, and its maps; None without a layout."""

    figure: Any
    maps: list[DrawnMap | None]


def drawing_of(
    panels: Sequence[Panel],
    legend: ImageLegend,
    *,
    columns: int,
    note: str,
    selected: np.ndarray,
    width: int,
    dark: bool,
    names: Names | None,
    what: str,
) -> Drawing:
    """Lay out what `draw` draws; `what` names the method that needs matplotlib."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingDependencyError(
            f"{what} draws with matplotlib: pip install 'tsne_widget[image]'"
        ) from error
    paint = _DARK if dark else _LIGHT
    rows = math.ceil(len(panels) / columns)
    with_legend = bool(legend.title)
    side = (width - _LEGEND * with_legend) / columns
    headings = [_heading(panel, side) for panel in panels]
    header = _LINE * max(map(len, headings)) + 8
    notes = textwrap.wrap(note, int((width - 20) / _LETTER))
    maps_end = rows * (side + header)
    height = maps_end + _NOTE + _LINE * max(0, len(notes) - 1)
    maps: list[DrawnMap | None] = []
    # Text stays as written: '$' starts no formula.
    with rc_context({"text.parse_math": False}):
        figure = Figure((width / _INCH, height / _INCH), dpi=_INCH, facecolor=paint["background"])
        page = _Page(figure, width, height, paint)
        for i, (panel, heading) in enumerate(zip(panels, headings, strict=True)):
            left, top = side * (i % columns), (side + header) * (i // columns)
            state = _draw_heading(page, heading, panel.finished, left, top)
            axes = page.axes(left, top + header, side, side)
            axes.set_axis_off()
            if panel.points is None:
                maps.append(None)
                continue
            chosen = selected if legend.origin is None else selected[:0]  # dimmed colours cannot be read
            colors = _colors(legend, dark, i)
            look = _look(len(panel.points), side, panel.shade is not None)
            marks = [_draw_points(axes, panel.points, colors, chosen, look, paint["background"])]
            if panel.shade is not None:
                _draw_shade(axes, panel.shade, paint["ink"])
            if legend.origin is not None:
                marks.append(_draw_ring(axes, panel.points, legend.origin, paint["ink"]))
            if panel.squares is not None:
                fills = [fill or paint["background"] for fill in panel.squares.fills(legend)]
                _draw_squares(axes, panel.squares.points, fills, look.radius, paint["ink"])
            if names is not None:
                box = (left, top + header, side)
                _draw_names(page, axes, panel.points, look.radius, names, legend, selected, box)
            maps.append(DrawnMap(axes, marks, state))
        if with_legend:
            _draw_legend(page, legend, width - _LEGEND, dark)
        for i, line in enumerate(notes):
            page.text(10, maps_end + _NOTE / 2 + _LINE * i, line, paint["muted"])
    return Drawing(figure, maps)


class _Page:
    """A figure measured in CSS pixels from its top left corner."""

    def __init__(self, figure: Any, width: float, height: float, paint: dict[str, str]):
        self.figure, self.width, self.height, self.paint = figure, width, height, paint

    def text(self, x: float, y: float, text: str, color: str, **style: Any) -> Any:
        at = (x / self.width, 1 - y / self.height)
        return self.figure.text(*at, text, **{"color": color, "fontsize": _FONT, "va": "center", **style})

    def axes(self, x: float, y: float, width: float, height: float) -> Any:
        box = (x / self.width, 1 - (y + height) / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box)


def _heading(panel: Panel, side: float) -> list[str]:
    """Return the lines above a map; the first is its title."""
    letters = max(8, int((side - 20) / _LETTER))
    return [textwrap.shorten(panel.title, letters, placeholder="…"), *textwrap.wrap(panel.state, letters)]


def _draw_heading(page: _Page, heading: list[str], finished: bool, left: float, top: float) -> list[Any]:
    """Write the lines above a map; return those of its state."""
    paint = page.paint
    state = {"color": paint["muted"]} if finished else {"color": paint["warning"], "fontweight": "bold"}
    styles = [{"color": paint["ink"], "fontweight": "bold"}, *[state] * (len(heading) - 1)]
    texts = [
        page.text(left + 10, top + 15 + _LINE * i, line, **style)
        for i, (line, style) in enumerate(zip(heading, styles, strict=True))
    ]
    return texts[1:]


def _draw_points(
    axes: Any, points: np.ndarray, colors: np.ndarray, selected: np.ndarray, look: _Look, background: str
) -> tuple[Any, np.ndarray]:
    """Draw the rows of a map; return the dots, and the row of each."""
    axes.set_aspect("equal")
    axes.margins(0.05)
    n = len(points)
    order = np.random.default_rng(_SHUFFLE_SEED).permutation(n)
    radius, opacity, rim = look
    opacities = np.full(n, opacity)
    if len(selected):
        opacities = np.full(n, opacity * _DIMMED)
        opacities[selected] = (1 + opacity) / 2
        order = np.concatenate([order[~np.isin(order, selected)], order[np.isin(order, selected)]])
    diameter = 2 * radius * 72 / _INCH
    dots = axes.scatter(
        *points[order].T,
        s=diameter**2,
        c=np.column_stack([colors, opacities])[order],
        linewidths=rim,
        edgecolors=background if rim else "none",
        rasterized=n > LARGEST_DRAWN,
    )
    return dots, order


def _draw_shade(axes: Any, shade: Shade, ink: str) -> None:
    """Draw a density below the points, without a say in what the map's frame is."""
    from matplotlib.colors import to_rgb
    from matplotlib.transforms import Affine2D

    opacities = shade.opacities
    pixels = np.empty((*opacities.shape, 4))
    pixels[..., :3], pixels[..., 3] = to_rgb(ink), opacities
    (left, bottom), side = shade.corner, shade.side
    limits = axes.get_xlim(), axes.get_ylim()
    extent = (left, left + side, bottom, bottom + side)
    image = axes.imshow(pixels, extent=extent, origin="lower", interpolation="bilinear", zorder=0)
    (a, b), (c, d) = shade.turn
    turned = Affine2D.from_values(a, b, c, d, 0, 0)
    image.set_transform(Affine2D().translate(-shade.center[0], -shade.center[1]) + turned + axes.transData)
    axes.set(xlim=limits[0], ylim=limits[1])


def _draw_ring(axes: Any, points: np.ndarray, row: int, ink: str) -> tuple[Any, np.ndarray]:
    """Draw a ring around a row; return it, and the row."""
    return axes.scatter(*points[row], s=90, facecolors="none", edgecolors=ink), np.array([row])


def _draw_squares(axes: Any, points: np.ndarray, fills: Sequence[str], radius: float, ink: str) -> None:
    """Draw squares hardly larger than the map's points, with a rim."""
    side = 2 * max(3.5, radius + 1.5) * 72 / _INCH
    axes.scatter(
        *points.T,
        s=side**2,
        c=fills,
        marker="s",
        linewidths=1,
        edgecolors=ink,
        rasterized=len(points) > LARGEST_DRAWN,
    )


#: CSS pixels: the widest name, and the rim around it in the background's colour; the size of its letters.
_NAME, _RIM = 170.0, 5.0
_NAME_FONT = 9.75  # points


def _draw_names(
    page: _Page,
    axes: Any,
    points: np.ndarray,
    radius: float,
    names: Names,
    legend: ImageLegend,
    selected: np.ndarray,
    box: tuple[float, float, float],
) -> None:
    """Write names where they have room; those whose rows all stand back are faint."""
    from matplotlib.colors import to_rgb
    from matplotlib.lines import Line2D
    from matplotlib.patheffects import Stroke

    axes.apply_aspect()
    inch = _INCH / page.figure.dpi

    def on_page(places: np.ndarray) -> np.ndarray:
        return np.abs(axes.transData.transform(places) * inch - (0, page.height))

    room = float(np.clip(0.4 * box[2], 60, _NAME))
    short = Names(names.codes, [_fitted(text, room) for text in names.texts])
    ground = to_rgb(page.paint["background"])
    same = [entry.name for entry in legend.entries][: len(names.texts)] == list(names.texts)
    out_front = set(names.codes[selected].tolist())
    rim = [Stroke(linewidth=_RIM * 72 / _INCH, foreground=ground)]
    for spot in placed(short, points, on_page, box, radius, _name_widths()):
        color = legend.entries[spot.label].color if same else page.paint["ink"]
        ink = readable(to_rgb(color), ground)
        faint = len(selected) > 0 and spot.label not in out_front
        style: dict[str, Any] = {"color": ink, "alpha": 0.35 if faint else 1.0}
        if spot.line is not None:
            page.figure.add_artist(_line_on(page, spot, Line2D, style))
        written: dict[str, Any] = {"ha": "center", "fontsize": _NAME_FONT, "fontweight": "bold", **style}
        # The rim is a shape, and would make one of the text: text stays text.
        page.text(spot.x, spot.y, short.texts[spot.label], **written, path_effects=rim)
        page.text(spot.x, spot.y, short.texts[spot.label], **written)


def _line_on(page: _Page, spot: Spot, line: Any, style: dict[str, Any]) -> Any:
    assert spot.line is not None
    x, y, to_x, to_y = spot.line
    across, up = [x / page.width, to_x / page.width], [1 - y / page.height, 1 - to_y / page.height]
    return line(across, up, transform=page.figure.transFigure, linewidth=0.75, **style)


def _name_widths() -> Callable[[str], float]:
    """Return what tells the width of a name in CSS pixels."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(weight="bold")))
    font.set_size(_NAME_FONT, _INCH)

    def width(text: str) -> float:
        font.set_text(text)
        return float(font.get_width_height()[0]) / 64  # it counts in parts of a pixel

    return width


def _fitted(text: str, room: float) -> str:
    """Shorten a name to about a width."""
    line, letters = " ".join(text.split()), int(room / _LETTER)
    return line if len(line) <= letters else line[: letters - 1] + "…"


class _Look(NamedTuple):
    """How points look; lengths in CSS pixels."""

    radius: float
    opacity: float
    rim: float


def _look(n: int, side: float, shaded: bool) -> _Look:
    """Return how points look, by the same rule as the view's `appearance.ts`."""
    fitted = np.clip(0.6 * (side / math.sqrt(n)) ** 0.6, 0.55, 6)
    radius = float(max(0.55, (0.6 if shaded else 1) * fitted))
    outlined = float(np.clip((radius - 1.6) / 1.5, 0, 1))
    overlap = n / (0.25 * side**2) * math.pi * radius**2
    opacity = float(np.clip(0.92 * (1 + overlap / 2) ** -(0.7 - 0.45 * outlined), 0.12, 0.92))
    return _Look(radius, opacity, 0.5 * outlined)


def _colors(legend: ImageLegend, dark: bool, panel: int = 0) -> np.ndarray:
    """Return red, green and blue of each point of a panel, from 0 to 1."""
    from matplotlib.colors import to_rgb

    if legend.values is None:
        return np.array([to_rgb(entry.color) for entry in legend.entries])[legend.codes]
    shared = legend.values.ndim == (2 if legend.parts else 1)
    values = legend.values if shared else legend.values[panel]
    shares, missing = legend.shares(values), np.isnan(values)
    if legend.parts:
        colors, missing = square_colors(shares, dark), missing.any(axis=1)
    else:
        colors = _colormap(legend, dark)(shares)[:, :3]
    colors[missing] = to_rgb(MISSING)
    return colors


def _colormap(legend: ImageLegend, dark: bool) -> Any:
    from matplotlib import colormaps
    from matplotlib.colors import LinearSegmentedColormap, ListedColormap

    if legend.stops:
        return LinearSegmentedColormap.from_list("own", legend.stops)
    viridis = ListedColormap(colormaps["viridis"](np.linspace(scale_start(dark), 1, 256)))
    return viridis.reversed() if legend.bright_first else viridis


def _draw_legend(page: _Page, legend: ImageLegend, left: float, dark: bool) -> None:
    paint = page.paint
    page.text(left + 8, 15, legend.title, paint["ink"], fontweight="bold")
    if legend.values is not None:
        line = (_draw_square if legend.parts else _draw_scale)(page, legend, left, dark)
        _draw_words(page, legend, left, line)
        return
    room = int((page.height - _NOTE) / _LINE) - 2
    shown = legend.entries if len(legend.entries) <= room else legend.entries[: room - 1]
    dots = page.axes(left, 0, _LEGEND, page.height)
    dots.set_axis_off()
    dots.set(xlim=(0, _LEGEND), ylim=(page.height, 0))
    for i, entry in enumerate(shown):
        y = 15 + _LINE * (i + 1)
        dots.scatter([13], [y], s=40, color=entry.color, linewidths=0)
        page.text(left + 24, y, _short(entry.name), paint["ink"])
        page.text(left + _LEGEND - 12, y, f"{entry.count:,}", paint["muted"], ha="right")
    if len(shown) < len(legend.entries):
        more = f"and {len(legend.entries) - len(shown)} more"
        page.text(left + 24, 15 + _LINE * (len(shown) + 1), more, paint["muted"])


def _draw_scale(page: _Page, legend: ImageLegend, left: float, dark: bool) -> float:
    """Draw the colours of a number and what stands below them; return the last line."""
    ink, right = page.paint["ink"], left + _LEGEND - 20
    bar = page.axes(left + 8, 34, _LEGEND - 28, 10)
    bar.set_axis_off()
    bar.imshow(np.linspace(0, 1, 256)[None], aspect="auto", cmap=_colormap(legend, dark))
    low, high = legend.bounds()
    line = 56.0
    page.text(left + 8, line, low, ink)
    if len(low) + len(high) > _BOTH_ENDS:
        line += _LINE
    page.text(right, line, high, ink, ha="right")
    if any(legend.ends):
        line += _LINE
        page.text(left + 8, line, legend.ends[0], ink)
        page.text(right, line, legend.ends[1], ink, ha="right")
    return line


def _draw_square(page: _Page, legend: ImageLegend, left: float, dark: bool) -> float:
    """Draw the colours of two numbers, the second rising upwards; return the last line below them."""
    ink, (low, high), (right, up) = page.paint["ink"], legend.bounds(), legend.parts
    box = page.axes(left + 8, 34, _SQUARE, _SQUARE)
    box.set_axis_off()
    steps = np.linspace(0, 1, 16)
    colors = square_colors(np.stack(np.meshgrid(steps, steps), axis=-1), dark)
    box.imshow(colors, aspect="auto", origin="lower")
    page.text(left + _SQUARE + 16, 40, high, ink)
    page.text(left + _SQUARE + 16, 28 + _SQUARE, low, ink)
    line = 34.0 + _SQUARE + _LINE
    page.text(left + 8, line, f"upwards: {up}", ink)
    page.text(left + 8, line + _LINE, f"to the right: {right}", ink)
    return line + _LINE


def _draw_words(page: _Page, legend: ImageLegend, left: float, line: float) -> None:
    """Write what the numbers are, below a line, as far as there is room."""
    letters = int((_LEGEND - 16) / _LETTER)
    words = [text for each in legend.words.splitlines() for text in textwrap.wrap(each, letters)]
    room = max(1, int((page.height - _NOTE - line) / _LINE))
    for text in words if len(words) <= room else [*words[: room - 1], "…"]:
        line += _LINE
        page.text(left + 8, line, text, page.paint["muted"])


def _short(name: str) -> str:
    """Shorten a name to fit on one line."""
    line = " ".join(name.split())
    return line if len(line) <= 18 else line[:17] + "…"
