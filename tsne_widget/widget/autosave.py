"""Saves a widget every now and then, in a thread of its own."""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from weakref import WeakValueDictionary

from ..errors import NotRunningError, SaveError, SavingWarning, TSNEWidgetError
from ..failure import error_in_words
from ..parameters.constants import AUTOSAVE_SHARE
from ..parameters.warn import warn_user

log = logging.getLogger("tsne_widget")

#: The last to save into each file: two widgets must not take turns.
_by_file: WeakValueDictionary[Path, Autosave] = WeakValueDictionary()


class FileOfOthersError(SaveError):
    """Somebody else has written into the file."""


class Autosave:
    """Saves changes every so many seconds, less often if that takes long, and at the end.

    Parameters
    ----------
    path : Path
        The file. A widget of this process that saved into it no longer does.
    seconds : float
        The time between two looks for changes.
    save : callable
        Writes the file if something has changed, and tells whether it has.
    tell : callable
        Takes what is wrong, in words; empty once all is well again.
    is_of_others : callable
        Tells whether a file is there that this widget has not written; it is kept beside.
    """

    def __init__(
        self,
        path: Path,
        seconds: float,
        save: Callable[[Path], bool],
        tell: Callable[[str], None],
        is_of_others: Callable[[Path], bool],
    ):
        self.path, self.seconds = path, seconds
        self._file, self._save, self._tell = path.absolute(), save, tell
        self._problem = ""
        self._ended = threading.Event()
        self._writing = threading.Lock()
        self._process = os.getpid()
        before = _by_file.get(self._file)
        if before is not None and not before.ended:
            before.give_way()
        self._keep = is_of_others(self._file)
        if self._keep:
            warn_user(
                f"{path} exists: TSNEWidget.load({str(path)!r}, X) goes on with the maps in it. The first "
                f"autosave of this widget renames it to {kept_beside(path).name}",
                SavingWarning,
            )
        _by_file[self._file] = self
        atexit.register(self.close)
        threading.Thread(target=self._work, name="tsne-widget-autosave", daemon=True).start()

    @property
    def ended(self) -> bool:
        """Whether it no longer saves."""
        return self._ended.is_set()

    def close(self) -> None:
        """Save the last changes, and end; warn if that fails."""
        atexit.unregister(self.close)
        if not self.ended and self._process == os.getpid():
            self._ended.set()
            self.save()
            if self._problem:
                warn_user(f"the last changes are not saved: {self._problem}", SavingWarning)

    def give_way(self) -> None:
        """End without saving, as another widget saves into the file."""
        log.info("%s: another widget saves itself there from now on", self.path)
        atexit.unregister(self.close)
        with self._writing:  # the file is whole then
            self._ended.set()
        self._tell(f"another widget saves itself into {self.path} now: this one no longer does")

    def save(self) -> None:
        """Save changes; tell if that fails, and once it works again."""
        with self._writing:
            try:
                self._keep_what_was_there()
                if not self._save(self._file) and not self._problem:
                    return
                problem = ""
            except NotRunningError:  # the widget was closed meanwhile
                return
            except Exception as error:
                problem = why_not_saved(error, self.path)
            if problem != self._problem:
                log.warning("%s", problem) if problem else log.info("%s is saved again", self.path)
                self._problem = problem
                self._tell(problem)

    def _work(self) -> None:
        pause = self.seconds
        while not self._ended.wait(pause):
            began = time.monotonic()
            self.save()
            pause = max(self.seconds, (time.monotonic() - began) / AUTOSAVE_SHARE)

    def _keep_what_was_there(self) -> None:
        if self._keep and self._file.exists():
            os.replace(self._file, kept_beside(self._file))
        self._keep = False


def kept_beside(path: Path) -> Path:
    """Return a free name for the file that was there before: 'maps.previous.tsne', 'maps.previous-2.tsne'."""
    for number in count(1):
        again = "" if number == 1 else f"-{number}"
        free = path.with_name(f"{path.stem}.previous{again}{path.suffix}")
        if not free.exists():
            break
    return free


def why_not_saved(error: Exception, path: Path) -> str:
    """Say that autosave has failed, and what is left."""
    words = str(error) if isinstance(error, TSNEWidgetError) else error_in_words(error)
    ours = path.exists() and not isinstance(error, FileOfOthersError)
    left = "; the file written before is as it was" if ours else ""
    return f"autosave fails: {words}{left}"
