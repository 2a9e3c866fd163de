"""The browser pages that show one widget: who is there, who looks, who has seen what."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ..parameters.constants import ABSENCE_SECONDS, PAGES_MAX, PAGES_REMEMBERED, PATIENCE_SECONDS


@dataclass
class _Page:
    heard: float
    visible: bool = True
    acknowledged: int = 0
    pulls: bool = False


class Rising:
    """Numbers of pages that only rise: what was said before, or has been overtaken, is told from what is new.

    A page that comes again after a while goes on where it was, so its number outlives its visit. Methods
    may be called from any thread.

    Parameters
    ----------
    repeated : bool
        Whether a page may say the same number again.
    """

    def __init__(self, *, repeated: bool):
        self._repeated = repeated
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, page: str, number: int) -> int | None:
        """Note a number; return the newest one instead where this is not above it."""
        with self._lock:
            newest = self._newest.get(page)
            if newest is not None and (number < newest or (number == newest and not self._repeated)):
                return newest
            self._newest[page] = number
            self._newest.move_to_end(page)
            if len(self._newest) > PAGES_REMEMBERED:
                self._newest.popitem(last=False)
            return None

    def newest(self, page: str) -> int:
        """Return the newest number of a page; 0 before any."""
        with self._lock:
            return self._newest.get(page, 0)


class Audience:
    """The pages of one widget, by their signs of life.

    A page is a browser tab with the widget's model; however many views it has, it speaks as one.
    Methods may be called from any thread.

    Parameters
    ----------
    clock : callable
        Seconds as a float, monotonic.
    say : callable
        Told, in words, of pages that come and go.
    """

    def __init__(self, clock: Callable[[], float], say: Callable[[str, int], None] = lambda *_: None):
        self._clock, self._say = clock, say
        self._pages: dict[str, _Page] = {}
        self._lock = threading.Lock()
        self._last_heard: float | None = None

    def heard(self, page: str, *, visible: bool = True, acknowledged: int = 0) -> None:
        """Note a sign of life, and the newest message that the page has received."""
        with self._lock:
            came = page not in self._pages
            self._pages.setdefault(page, _Page(0.0))
            self._note(page, visible, acknowledged)
            there = len(self._pages)
        if came:
            self._say("a page shows it: %d in all", there)

    def pulled(self, page: str, *, visible: bool = True, acknowledged: int = 0) -> None:
        """Note that a page asks for news, as its host drops what threads send."""
        with self._lock:
            self._pages.setdefault(page, _Page(0.0)).pulls = True
            self._note(page, visible, acknowledged)

    def listens(self, page: str) -> None:
        """Note that what threads send reaches a page, as is taken for granted at first."""
        with self._lock:
            if page in self._pages:
                self._pages[page].pulls = False

    def acknowledge(self, page: str, sequence: int, *, visible: bool = True) -> None:
        """Note what a page has received; one that has said goodbye in between does not come back by it."""
        with self._lock:
            if page in self._pages:
                self._note(page, visible, sequence)

    def left(self, page: str) -> None:
        """Forget a page that said goodbye."""
        with self._lock:
            went = self._pages.pop(page, None) is not None
            there = len(self._pages)
            if went:
                self._last_heard = self._clock()
        if went:
            self._say("a page no longer shows it: %d left", there)

    def knows(self, page: str) -> bool:
        """Whether a page is one of those that are there."""
        with self._lock:
            return page in self._pages

    def has_room_for(self, page: str) -> bool:
        """Whether a page is one of those that are there, or may become one: they are `PAGES_MAX` at most."""
        with self._lock:
            self._forget_silent()
            return page in self._pages or len(self._pages) < PAGES_MAX

    @property
    def was_shown(self) -> bool:
        """Whether any page has ever shown the widget."""
        return self._last_heard is not None

    @property
    def absent(self) -> bool:
        """Whether the widget was shown and nobody has been there for `ABSENCE_SECONDS`."""
        with self._lock:
            self._forget_silent()
            gone = self._last_heard is not None and self._clock() - self._last_heard > ABSENCE_SECONDS
            return gone and not self._pages

    @property
    def present(self) -> bool:
        """Whether any page is there."""
        with self._lock:
            self._forget_silent()
            return bool(self._pages)

    @property
    def visible(self) -> bool:
        """Whether any page is on a screen."""
        with self._lock:
            self._forget_silent()
            return any(page.visible for page in self._pages.values())

    @property
    def acknowledged(self) -> int:
        """The newest message that all pages which matter have received.

        Those are the pages on a screen, or all where none is; one that has been silent for `PATIENCE_SECONDS`
        holds up nobody but itself.
        """
        with self._lock:
            self._forget_silent()
            watching = self._watching()
            awake = self._clock() - PATIENCE_SECONDS
            lively = [page for page in watching if page.heard >= awake] or watching
            return min((page.acknowledged for page in lively), default=0)

    @property
    def pulls(self) -> bool:
        """Whether all pages that matter ask for news: then nothing that a thread sends would arrive."""
        with self._lock:
            self._forget_silent()
            watching = self._watching()
            return bool(watching) and all(page.pulls for page in watching)

    def _watching(self) -> list[_Page]:
        return [page for page in self._pages.values() if page.visible] or list(self._pages.values())

    def _note(self, page: str, visible: bool, acknowledged: int) -> None:
        known = self._pages[page]
        known.heard = self._last_heard = self._clock()
        known.visible = visible
        known.acknowledged = max(known.acknowledged, acknowledged)

    def _forget_silent(self) -> None:
        now = self._clock()
        silent = [name for name, page in self._pages.items() if now - page.heard > ABSENCE_SECONDS]
        for name in silent:
            del self._pages[name]
            self._say("a page has been silent for too long: %d left", len(self._pages))
