"""Commands to the maps, and their results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...maps.session import Pause, Play, Recover, Restart, Resume, Step
from ...parameters.axes import AXES
from ...parameters.constants import STEP_ITERATIONS
from ...parameters.defaults import Settings
from ...parameters.limits import Limit, check_yes_or_no
from ..beside import Beside
from ..choosing import Choosing
from ..driver import Driver
from ..handle import RunHandle, why_empty
from ..map_set import MapSet
from ..placements import Placements

if TYPE_CHECKING:
    from typing_extensions import Self


class MapsInterface:
    """The public methods about maps; every command returns the widget at once."""

    _choosing: Choosing
    _driver: Driver
    _maps: MapSet
    _placements: Placements

    def compare(
        self,
        *,
        metric: Any = None,
        perplexity: Any = None,
        exaggeration: Any = None,
        init: Any = None,
        random_state: Any = None,
        beside: Any = None,
    ) -> Self:
        """Show a map for each combination of values; without values go back to the reference alone.

        If the reference is out of range or no map of t-SNE, `compare()` goes back to the first that is in
        range. Existing maps continue undisturbed; new ones start, unless all existing maps are paused before
        their end. A parameter that is left out keeps all its distinct values.

        Parameters
        ----------
        metric : str, callable or list of these, optional
            As in the constructor.
        perplexity, exaggeration : float or list of float, optional
            As in the constructor.
        init : str, array of shape (n_samples, 2), or list of these, optional
            As in the constructor.
        random_state : int or list of int or None, optional
            As in the constructor; a None in a list draws a seed.
        beside : str, list or dict, optional
            What stands beside the maps of t-SNE, as in the constructor; an empty list: nothing.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            A value is not allowed, or there would be more than 64 maps or none in range; nothing changes.
        """
        self._maps.compare({name: value for name, value in locals().items() if name in AXES}, beside)
        return self

    @property
    def runs(self) -> tuple[RunHandle, ...]:
        """A handle of each map, in the order of the panels."""
        return self._maps.handles

    @property
    def beside(self) -> Beside:
        """The maps beside those of t-SNE: a mapping of names to maps; see `help(w.beside)`.

        It may be set as in the constructor; the maps that are there already stay.
        """
        return Beside(self._maps)

    @beside.setter
    def beside(self, beside: Any) -> None:
        self._maps.set_beside(beside)

    @property
    def reference(self) -> int:
        """Position in `runs` of the map that the others are aligned with; by default the first in range.

        You may set it to a position or to one of `runs`.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            When set: this widget has no such map, or it is out of range.
        """
        return self._maps.reference

    @reference.setter
    def reference(self, position: int | RunHandle) -> None:
        self._maps.set_reference(position)

    @property
    def settings(self) -> Settings:
        """All parameters in force; a tuple of the distinct values if maps differ."""
        return self._maps.settings

    def map_selection(
        self,
        rows: Any = None,
        *,
        without: bool = False,
        perplexity: float | None = None,
        init: Any = None,
        random_state: int | None = None,
        name: str | None = None,
    ) -> RunHandle:
        """Give some rows a t-SNE map of their own, beside that of all rows.

        A clump that lies tight on the map of all rows may have structure of its own, which shows once the
        other rows are gone. The map is live and linked with the others; rows that are not on it have no
        place there: NaN in `embedding_`. `remove()` takes it away again.

        It starts afresh, as the map of all rows does: "pca" means the principal components of these rows. It
        takes the neighbours from those of all rows if each row has 3 * perplexity of them among these rows,
        and else searches among these; if the search is exact, both give the same map, which is also that
        of a widget with these rows alone. It holds a copy of its rows. Its metric and exaggeration are
        those of the first t-SNE map, and follow when you change these.

        Parameters
        ----------
        rows : array-like of int or of bool, or str, optional
            Positions, a mask, or the name of a group; by default the selection.
        without : bool
            Whether all other rows get the map instead.
        perplexity : float, optional
            At most a third of the other rows; by default that of the first t-SNE map.
        init : str or array of shape (n_samples, 2), optional
            By default that of the first t-SNE map.
        random_state : int, optional
            By default that of the first t-SNE map.
        name : str, optional
            By default it says which rows they are: '181 rows of digit 6 and 9'.

        Returns
        -------
        RunHandle
            The map. The same rows with the same parameters have one map only.

        Raises
        ------
        SelectionError, DataError, GroupError
            There are no such rows, or none are left; or they are all rows.
        InvalidValueError, InvalidTypeError
            The rows are too few for the perplexity: the message says what is possible. Or another map of the
            widget has the name. Nothing changes.

        Examples
        --------
        >>> six = w.map_selection(labels == 6, perplexity=15)  # doctest: +SKIP
        >>> w.wait() and six.neighbors_kept_  # doctest: +SKIP
        """
        values = {"perplexity": perplexity, "init": init, "random_state": random_state}
        return self._choosing.map(rows, values, without=check_yes_or_no("without", without), name=name)

    def start(self) -> Self:
        """Start or continue; a map that has ended runs until it settles again, or for `max_iter` more."""
        self._maps.do(Play())
        return self

    def pause(self) -> Self:
        """Pause after the current iteration, keeping momentum and gains."""
        self._maps.do(Pause())
        return self

    def resume(self) -> Self:
        """Continue after a pause; a map that has ended stays as it is."""
        self._maps.do(Resume())
        return self

    def step(self, n: int = STEP_ITERATIONS) -> Self:
        """Do n more iterations, then pause."""
        self._maps.do(Step(Limit(1, integer=True).check("n", n)))
        return self

    def restart(self) -> Self:
        """Restart with the current parameters, and compute anew what stands beside t-SNE."""
        self._maps.do(Restart())
        return self

    def recover(self) -> Self:
        """Return failed maps to their last good layout and pause them; other maps continue.

        `resume()` continues from there: with fresh momentum, or as before if only workers were lost.
        `restart()` begins at the initial layout.

        Raises
        ------
        NotRunningError
            No map has failed, or a failed map has no layout to return to.
        """
        self._maps.do(Recover())
        return self

    def wait(self, timeout: float | None = None) -> Self:
        """Block until all maps have ended or are paused; `settled` tells which. Needs no display.

        New rows given by `place` are then placed.

        Parameters
        ----------
        timeout : float, optional
            The most seconds to wait; no limit by default.

        Raises
        ------
        WaitTimeoutError
            After `timeout` seconds; the map continues.
        RunFailedError
            An optimisation failed; it keeps its last good layout, and all others have come to rest.

        Warns
        -----
        IsolatedRowsWarning
            Once: rows have no neighbours, over 5 % are copies, or the graph in X falls into parts.
        PlacingWarning
            Once: new rows lie beyond the data, or a map cannot place them.
        """
        self._driver.wait(timeout, self._maps.title_of)
        self._placements.warn()
        return self

    @property
    def embedding_(self) -> np.ndarray:
        """The current layout: float32 of shape (n_samples, 2), a copy; NaN where a row has no place yet."""
        return self._maps.only("embedding_").embedding_

    @property
    def kl_divergence_(self) -> float:
        """Kullback-Leibler divergence of the layout, without exaggeration."""
        return self._maps.only("kl_divergence_").kl_divergence_

    @property
    def n_iter_(self) -> int:
        """Iterations done."""
        return self._maps.only("n_iter_").n_iter_

    @property
    def learning_rate_(self) -> float:
        """The learning rate in force, in scikit-learn's units."""
        return self._maps.only("learning_rate_").learning_rate_

    @property
    def iteration(self) -> int:
        """Iterations done; 0 before the first."""
        return self._maps.only("iteration").iteration

    @property
    def status(self) -> str:
        """The state of the map, in the words of the view: 'optimising', 'settled', 'paused', ...

        For several maps one word if they agree, else how many are in each state: '2 settled, 1 optimising'.
        """
        return self._maps.status

    @property
    def settled(self) -> bool:
        """Whether the map, or each of several in range, has come to rest by itself."""
        return all(run.settled for run in self._maps.handles if not why_empty(run))
