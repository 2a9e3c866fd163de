"""The part of the widget that has the maps run, pause and tell what they have come to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from ..errors import IsolatedRowsWarning, NotRunningError, RunFailedError, SeveralRunsError
from ..failure import error_in_words
from ..maps.engine import engine
from ..maps.session import Command, Measure, Pause, Play, Recover, Restart, Resume, Session, Step
from ..parameters.constants import STEP_ITERATIONS, stability_neighbors
from ..parameters.limits import Limit
from ..parameters.warn import warn_user
from ..wire import protocol
from .handle import RunHandle, require_layout, why_empty
from .map_set import Arranging

if TYPE_CHECKING:
    from typing_extensions import Self


class Steering(Arranging):
    """Commands to the maps, and their results; every command returns the widget at once."""

    _has_warned = False

    snapshot: Any = traitlets.List().tag(sync=True)
    #: Set by pages together with other traits: which page, and a number that rises.
    _told: Any = traitlets.Dict().tag(sync=True, echo_update=False)

    def start(self) -> Self:
        """Begin, or go on; past an end, until the map settles anew or `max_iter` more iterations are done."""
        return self._command(Play())

    def pause(self) -> Self:
        """Rest after the present iteration; momentum and gains are kept."""
        return self._command(Pause())

    def resume(self) -> Self:
        """Go on after a pause; a map that has ended stays as it is."""
        return self._command(Resume())

    def step(self, n: int = STEP_ITERATIONS) -> Self:
        """Do n iterations more, then pause."""
        return self._command(Step(Limit(1, integer=True).check("n", n)))

    def restart(self) -> Self:
        """Start anew from the initial layout, with perplexity and seed as they are now."""
        return self._command(Restart())

    def recover(self) -> Self:
        """Go back to the last good layout where a map has failed, and pause there; other maps go on.

        `resume()` goes on from it with fresh momentum, `restart()` from the initial layout.

        Raises
        ------
        NotRunningError
            No map has failed, or one that has has no layout to go back to.
        """
        self.do(Recover())
        return self

    def wait(self, timeout: float | None = None) -> Self:
        """Block until all maps have ended or are paused; `settled` tells which. Needs no display.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most; without limit by default.

        Raises
        ------
        WaitTimeoutError
            After `timeout` seconds; the map goes on.
        RunFailedError
            An optimisation failed; its last good layout is kept, and all others have come to rest.

        Warns
        -----
        IsolatedRowsWarning
            Once: rows have no neighbours, or a graph that was given as X falls into parts.
        """
        if timeout is not None:
            timeout = Limit(0).check("timeout", timeout)
        session = self._living_session()
        engine().wait(session, timeout)
        self._living_session()
        failed = session.failed
        if failed is not None and failed.error is not None:
            which = f" of {self.title_of(failed.number)!r}" if len(session.runs) > 1 else ""
            raise RunFailedError(
                f"the optimisation{which} failed: {error_in_words(failed.error)}"
            ) from failed.error
        self._warn_of_doubt(session)
        return self

    def _warn_of_doubt(self, session: Session) -> None:
        doubt = session.shared_work.doubt
        if doubt and not self._has_warned:
            self._has_warned = True
            warn_user(doubt, IsolatedRowsWarning)

    # --- results ------------------------------------------------------------------------------------

    @property
    def embedding_(self) -> np.ndarray:
        """The present layout: float32 of shape (n_samples, 2), a copy."""
        return self._only_run("embedding_").embedding_

    @property
    def kl_divergence_(self) -> float:
        """Kullback-Leibler divergence of the layout, without exaggeration."""
        return self._only_run("kl_divergence_").kl_divergence_

    @property
    def n_iter_(self) -> int:
        """Iterations done."""
        return self._only_run("n_iter_").n_iter_

    @property
    def learning_rate_(self) -> float:
        """The learning rate in force, in scikit-learn's units."""
        return self._only_run("learning_rate_").learning_rate_

    @property
    def iteration(self) -> int:
        """Iterations done; 0 before the first."""
        return self._only_run("iteration").iteration

    @property
    def status(self) -> str:
        """How the map is, in the words of the view: 'optimising', 'settled', 'paused', ...

        Of several maps the word if it is the same for all, else how many there are of each:
        '2 settled, 1 optimising'.
        """
        words = Counter(run.status for run in self.runs)
        if len(words) == 1:
            return next(iter(words))
        return ", ".join(f"{count} {word}" for word, count in words.most_common())

    @property
    def settled(self) -> bool:
        """Whether the map, or each of several that is not out of range, has come to rest by itself."""
        return all(run.settled for run in self.runs if not why_empty(run))

    # --- what the line and the handles ask for --------------------------------------------------------

    @property
    def asleep(self) -> bool:
        """Whether a map rests because nobody looks."""
        return self._session is not None and self._session.asleep

    @property
    def run_ids(self) -> list[int]:
        """The runs in the order of their panels."""
        return self.grid.runs

    def wake(self) -> None:
        """Go on: somebody looks."""
        engine().wake(self._living_session())

    def _do_with_maps(self, wish: protocol.MapWish) -> None:
        """Do what the user asks for in a view or by a handle."""
        match wish:
            case protocol.Change(run, name, value):
                self._change(run, name, value)
            case protocol.Compare(perplexity, random_state, init):
                self.compare(perplexity=perplexity, random_state=random_state, init=init)
            case protocol.Keep(run):
                self._rearrange(self.grid.keep(run))
            case protocol.Remove(run):
                self._rearrange(self.grid.remove(run))
            case protocol.Stability(runs):
                self._measure(runs)
            case Recover(run):
                self._require_way_back(run)
                self._command(wish)
            case _:
                if wish.run is not None:
                    self._require_in_range(wish.run)
                self._command(wish)

    # --- inside -------------------------------------------------------------------------------------

    def _only_run(self, name: str) -> RunHandle:
        runs = self.runs
        if len(runs) > 1:
            raise SeveralRunsError(f"the widget shows {len(runs)} maps: ask w.runs[0].{name}")
        return runs[0]

    def _measure(self, runs: tuple[int, ...]) -> None:
        for run in runs:
            require_layout(RunHandle(self, run))
        self._command(Measure(runs, stability_neighbors(self.n_rows)))

    def _require_way_back(self, run: int | None) -> None:
        failed = [one for one in self.runs if run in (None, one.id) and one.status == "failed"]
        if not failed:
            raise NotRunningError("nothing has failed: there is nothing to recover from")
        for one in failed:
            known = self.run_of(one.id)
            if known is None or known.layout is None:
                raise NotRunningError(f"{one.title!r} failed before it had a layout: restart() it")

    def _living_session(self) -> Session:
        self._require_open()
        assert self._session is not None
        return self._session

    def _command(self, command: Command) -> Self:
        engine().put(self._living_session(), command)
        return self
