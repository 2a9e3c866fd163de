"""A line-up: one map among maps of noise, in random order; whoever looks picks the one that differs."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape

import numpy as np

from ..errors import NotComputedError
from ..export.raster import png_of_points
from ..honesty import words
from ..parameters.limits import Limit

#: CSS pixels of a panel in a notebook; its bitmap has twice as many.
_SIDE, _SHARPNESS = 190, 2


@dataclass(frozen=True, eq=False)
class Panels:
    """A map among maps of noise.

    Attributes
    ----------
    maps : list of ndarray of shape (n_samples, 2), float32
        As they are to be drawn, from -1 to 1.
    answer : int
        The place of the map among them, from 1.
    seed : int
        What repeats them.
    noise : str
        What the data themselves tell about noise.
    """

    maps: list[np.ndarray]
    answer: int
    seed: int
    noise: str

    def told(self, number: int) -> str:
        """Say what a pick tells."""
        return f"{words.picked(number, self.answer, len(self.maps))} {self.noise}"


@dataclass(frozen=True, repr=False)
class Pick:
    """What a pick tells.

    Attributes
    ----------
    number : int
        The panel that was picked first.
    found : bool
        Whether it was the map.
    sentence : str
    """

    number: int
    found: bool
    sentence: str

    def __repr__(self) -> str:
        return self.sentence


class LineUp:
    """One map among maps of noise, unlabelled and in random order; from `TSNEWidget.lineup()`.

    A notebook shows them as small grey panels with numbers. Each is centred, turned at random and scaled to
    the same size, so that nothing but its shape tells it from the others.

    Attributes
    ----------
    maps : list of ndarray of shape (n_samples, 2), float32
        The panels as they are drawn, from -1 to 1, panel 1 first.
    seed : int
        What order and noise were drawn from; `lineup(seed=...)` repeats them for the same map.
    """

    def __init__(self, panels: Panels):
        self.maps, self.seed = panels.maps, panels.seed
        self._panels = panels
        self._picked: int | None = None

    def pick(self, number: int) -> Pick:
        """Pick the panel that differs most from the others, and be told whether it is the map.

        Only the first pick counts, as everybody knows the answer after it.

        Parameters
        ----------
        number : int
            Which panel, from 1.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            There is no such panel.
        """
        number = Limit(1, len(self.maps), integer=True).check("number", number)
        again = "" if self._picked is None else f"Only the first pick counts, panel {self._picked}. "
        self._picked = self._picked or number
        found = self._picked == self._panels.answer
        return Pick(self._picked, found, again + self._panels.told(self._picked))

    @property
    def answer(self) -> int:
        """The number of the map; known once you have picked."""
        if self._picked is None:
            raise NotComputedError(
                "pick the panel that differs most first, with pick(number): then it is told"
            )
        return self._panels.answer

    @property
    def picked(self) -> int | None:
        """The number of the panel that was picked first; None before."""
        return self._picked

    @property
    def _head(self) -> str:
        if self._picked is not None:
            return self._panels.told(self._picked)
        others = len(self.maps) - 1
        noise = f"{others} are" if others > 1 else "the other is"
        return f"One of these is the map, {noise} of noise. Which differs most? pick(number) tells."

    def __repr__(self) -> str:
        return f"Line-up of {len(self.maps)} maps in grey panels, for a notebook to show. {self._head}"

    def _repr_html_(self) -> str:
        radius = _SHARPNESS * min(2.5, max(0.7, 25 / len(self.maps[0]) ** 0.45))
        panels = []
        for number, points in enumerate(self.maps, 1):
            png = b64encode(png_of_points(points, _SHARPNESS * _SIDE, radius)).decode()
            look = f"display:block;box-sizing:border-box;border:{self._border(number)}"
            panels.append(
                f'<figure style="margin:0;width:{_SIDE}px">'
                f'<img width="{_SIDE}" height="{_SIDE}" alt="Panel {number}" style="{look}"'
                f' src="data:image/png;base64,{png}">'
                f'<figcaption style="text-align:center">{escape(self._caption(number))}</figcaption></figure>'
            )
        wrapping = f"display:flex;flex-wrap:wrap;gap:8px;max-width:{3 * _SIDE + 40}px"
        return f'<p>{escape(self._head)}</p><div style="{wrapping}">{"".join(panels)}</div>'

    def _caption(self, number: int) -> str:
        if self._picked is None:
            return str(number)
        what = "your map" if number == self._panels.answer else "noise"
        return f"{number}: {what}{', your pick' if number == self._picked else ''}"

    def _border(self, number: int) -> str:
        told = self._picked is not None and number in (self._picked, self._panels.answer)
        return f"{3 if told else 1}px {'dashed' if told and number != self._panels.answer else 'solid'} #888"
