"""The anywidget: what it is made of, and how its parts hang together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

import anywidget
import traitlets
from ipywidgets import widget_serialization

from ..data import copied_params, read_source
from ..errors import TSNEWidgetError
from ..maps.engine import clock, engine
from ..maps.grid import Coordinates, Grid, summary
from ..maps.session import Arrange, Session
from ..parameters.axes import AXES
from ..parameters.checks import check_settings, reject_unknown
from ..parameters.defaults import DEFAULTS, Settings
from ..parameters.init import default_init, inits_for
from ..parameters.limits import LIMITS, NOT_GIVEN, check_yes_or_no
from ..parameters.metric import is_precomputed
from ..parameters.perplexity import weights_in_words
from ..wire import protocol
from ..wire.bundle import STUB, bundle_trait
from ..wire.connection import Connection
from .handle import in_words
from .inspecting import check_color_by, default_tooltip
from .queries import Queries
from .saving import Saving
from .traits import Checked

log = logging.getLogger(__name__)


class TSNEWidget(Saving, anywidget.AnyWidget):
    """A map of X that organises itself by t-SNE, to be watched, steered and circled; or several side by side.

    The optimisation runs in a thread of its own: the constructor returns at once, and so does every
    command. All parameters after `labels` are keywords, named as in scikit-learn.

    `perplexity`, `init` and `random_state` may be lists, tuples, ranges or 1-D arrays: then there is a map
    for each combination, 64 at most, in this order, `random_state` changing fastest; see `runs`.

    Parameters
    ----------
    X : array-like, sparse array, DataFrame or AnnData of n_samples rows
        Finite numbers, at least 3 rows. Duplicates and constant columns are legal. Of a frame (pandas,
        polars) columns of numbers are the features, of AnnData see `use_rep`; `left_out` says what is not.
        A list or a Series may hold an embedding in each place. With ``metric="precomputed"`` distances of
        shape (n_samples, n_samples): all of them, or, as a sparse matrix, those to some neighbours
        (`sklearn.neighbors.kneighbors_graph`, mode "distance"). It may be changed in place afterwards: up to
        256 MB it is copied; of larger data what reads them again notices it by a checksum of some rows, and
        raises DataError.
    labels : sequence of length n_samples, name of a column, or dict of these, optional
        Colours the points: categories, or a scale for numbers with more than 40 distinct values. A dict gives
        several, by name. None, NaN and NaT are missing labels.
    perplexity : float or list of float
        Effective number of neighbours of a point, above 1 and below n_samples - 1. May be set again at
        any time: the map goes on from the present layout. In a list some may be too large for the rows, but
        not all: such a map is 'out of range' and stays empty.
    early_exaggeration : float
        Factor on the attraction at first, at least 1.
    early_exaggeration_iter : int
        Iterations with that factor.
    exaggeration : float
        Factor on the attraction afterwards, at least 1; above 1 draws clusters together.
    learning_rate : float or "auto"
        In scikit-learn's units. "auto" is n_samples / 4 to 3 n_samples / 4, more for more rows, divided by
        the exaggeration; it is halved where the map is unstable. A map that is unstable at yours says so.
    max_iter : int
        Iterations at most; the map stops earlier when it has settled.
    metric : str or callable
        "euclidean", "cosine", or any other of `sklearn.metrics.pairwise_distances`. "precomputed": X holds
        distances; features, means of groups and PCA, for which it takes rows, there are none then.
    metric_params : dict, optional
        Keyword arguments of the metric.
    init : {"pca", "random"}, array or DataFrame of shape (n_samples, 2), or list of these, optional
        Initial layout; by default "pca", and "random" with precomputed distances, where "pca" cannot be. May
        be set again at any time: the map starts anew. A frame with the labels of X in another order is
        brought into the order of X.
    init_scale : bool
        Whether coordinates that are given as `init` are centred and scaled to a standard deviation of 1e-4,
        as PCA's are (Kobak & Berens 2019). False takes them as they are, with a warning above 10.
    random_state : int or None, or list of these
        Seed from 0 to 2**32 - 1; None draws one, readable afterwards. May be set again at any time:
        the map starts anew.
    method : {"auto", "mesh", "barnes_hut", "exact"}
        How repulsion is computed: exactly, or nearly so by a mesh or by Barnes-Hut. "auto" takes what is
        the fastest, in each iteration.
    angle : float
        Of Barnes-Hut: from 0, exact, to 1, coarse.
    neighbors : {"auto", "exact", "approximate"} or pair of arrays
        How neighbours are searched; "auto" is exact up to 120,000 rows. Or the neighbours themselves:
        indices and distances of shape (n_samples, k), k at least 3 x perplexity. A row itself does not count
        among them, wherever it stands.
    affinity : {"gaussian", "uniform"}
        How neighbours are weighted: by Gaussians of the perplexity; or equally, the `perplexity` nearest of
        each point, which the map says.
    multiscale : list of float, optional
        Further perplexities, mixed with `perplexity` into one map (Kobak & Berens 2019; openTSNE's
        Multiscale).
    n_jobs : int
        Threads, never more than there are processors; -1 for all of these, -2 for all but one. The layout
        does not depend on it.
    autostart : bool
        Whether to run at once; else `start()`, `step()` or the play button does it.
    height : int
        Height of the view in CSS pixels, 120 to 10,000.
    align : bool or "selection"
        Whether maps are turned and mirrored onto the reference: by all points, by those selected, or not.
        May be set again at any time.
    features : list, optional
        Columns of a frame that the map is made of; or one alone whose cells hold embeddings (arrays or lists
        of numbers of one length).
    use_rep : str, optional
        Of AnnData: "X", or a key of `obsm`; by default "X_pca" where it is there.
    data : DataFrame or dict of columns, optional
        Further columns of the rows, for colours, tooltips, the table and `selected_rows()`.
    image : array of shape (n_samples, h, w[, 3 or 4]), callable or name of a column, optional
        A thumbnail of each row. A callable takes a row's position and returns an array, a PIL image, the
        bytes or the path of a PNG, JPEG, GIF or WebP file; it is tried on row 0 at once.
    tooltip_columns : list of str, optional
        Columns that are told of a point; by default the first 4 that are no features. May be set again.
    color_by : str or None, optional
        What colours at first; by default the labels. See the property.
    point_size : float or "auto"
        Radius of a point in CSS pixels, at most 100. May be set again at any time.
    opacity : float or "auto"
        Of a point, above 0 and at most 1. May be set again at any time.
    save_state : bool
        Whether a notebook that is saved with its widgets shows the last maps when it is opened without a
        kernel. False keeps coordinates and labels out of it.

    Attributes
    ----------
    selection : ndarray of int64
        Positions of the selected rows, sorted; may be set to positions or a mask. `observe` tells of changes.
    tooltip_columns : list of str
        Columns that are told of a point that is pointed at; may be set.
    point_size : float or "auto"
        Radius of a point in CSS pixels; may be set.
    opacity : float or "auto"
        Of a point, above 0 and at most 1; may be set.
    color_scale : "linear" or "log"
        How a column of numbers is coloured; may be set, "log" where all finite values are above 0. Another
        column starts with "linear" again.
    perplexity : float, or tuple of float where maps differ in it
        May be set, to a list for several maps: maps go on from their present layout.
    random_state : int, or tuple of int where maps differ in it
        Seed; may be set: maps start anew. None draws one.
    init : "pca", "random" or array, or tuple of these where maps differ in it
        Initial layout; may be set: maps start anew.
    align : bool or "selection"
        By which points maps are turned onto the reference; may be set.
    height : int
        Of the view in CSS pixels; may be set.

    Raises
    ------
    DataError, UnknownColumnError, InvalidValueError, InvalidTypeError, UnknownParameterError
        In the user's cell, before anything is started.

    Warns
    -----
    PerplexityWarning
        For perplexities above (n_samples - 1) / 3, and for those of several that are out of range.
    InitWarning
        For coordinates to start from that are far apart, where `init_scale` is False.
    IsolatedRowsWarning
        By `wait()`: rows have no neighbours, or a graph that was given as X falls into parts.

    References
    ----------
    L. van der Maaten, G. Hinton: Visualizing Data using t-SNE. JMLR 9, 2008.
    """

    _esm = STUB

    height: Any = Checked(DEFAULTS.height, lambda _, value: LIMITS["height"].check("height", value)).tag(
        sync=True
    )
    _points = traitlets.Dict().tag(sync=True)
    _limits = traitlets.Dict().tag(sync=True)
    _bundle = traitlets.Dict().tag(sync=True, **widget_serialization)

    def __init__(
        self,
        X: Any,
        labels: Any = None,
        *,
        perplexity: Any = DEFAULTS.perplexity,
        early_exaggeration: float = DEFAULTS.early_exaggeration,
        early_exaggeration_iter: int = DEFAULTS.early_exaggeration_iter,
        exaggeration: float = DEFAULTS.exaggeration,
        learning_rate: float | str = DEFAULTS.learning_rate,
        max_iter: int = DEFAULTS.max_iter,
        metric: Any = DEFAULTS.metric,
        metric_params: Any = DEFAULTS.metric_params,
        init: Any = None,
        init_scale: bool = DEFAULTS.init_scale,
        random_state: Any = DEFAULTS.random_state,
        method: str = DEFAULTS.method,
        angle: float = DEFAULTS.angle,
        neighbors: Any = DEFAULTS.neighbors,
        affinity: str = DEFAULTS.affinity,
        multiscale: Any = DEFAULTS.multiscale,
        n_jobs: int = DEFAULTS.n_jobs,
        autostart: bool = DEFAULTS.autostart,
        height: int = DEFAULTS.height,
        align: bool | str = DEFAULTS.align,
        features: Any = None,
        use_rep: str | None = None,
        data: Any = None,
        image: Any = None,
        tooltip_columns: Sequence[str] | None = None,
        color_by: str | None = NOT_GIVEN,
        point_size: float | str = DEFAULTS.point_size,
        opacity: float | str = DEFAULTS.opacity,
        save_state: bool = DEFAULTS.save_state,
        **others: Any,
    ):
        given = {name: value for name, value in locals().items() if name in Settings.__dataclass_fields__}
        of_the_host = {name: others.pop(name) for name in ("layout",) if name in others}
        reject_unknown(others)
        source = read_source(
            X,
            labels,
            features=features,
            use_rep=use_rep,
            data=data,
            image=image,
            distances=is_precomputed(metric),
        )
        self._source, self.n_rows = source, source.n
        self._coordinates, self._metric = Coordinates(), metric
        self._init_scale = check_yes_or_no("init_scale", init_scale)
        given["init"] = default_init(metric) if init is None else init
        axes = {name: self._check_axis(name, given[name]) for name in AXES}
        self.grid = Grid().product(axes)
        first = {name: values[0] for name, values in axes.items()}
        params = copied_params(metric_params)
        self._settings = check_settings({**given, **first, "metric_params": params}, source.matrix)
        self._mind_the_range(self.grid, axes["perplexity"])
        mode, column = check_color_by(source, color_by)
        self.state_lock = threading.RLock()
        self._labels_versions = count()
        self._queries = Queries(self, source)
        self._set_up_selecting()
        super().__init__(
            model_id=uuid4().hex,
            **self._shown_axes(),
            _runs=protocol.runs_trait(self.grid, self._coordinates.name),
            _reference=self._in_range[0],
            align=self._settings.align,
            height=self._settings.height,
            point_size=self._settings.point_size,
            opacity=self._settings.opacity,
            tooltip_columns=default_tooltip(source) if tooltip_columns is None else tooltip_columns,
            _points=protocol.points_trait(
                self.n_rows,
                len(source.feature_names),
                source.note,
                weights_in_words(self._settings),
                protocol.knowledge(source.matrix, source.distances),
                saved=self._settings.save_state,
            ),
            _columns=protocol.columns_trait(source.columns.values()),
            _rows=protocol.rows_trait(
                None if source.index is None else source.index.name, source.image is not None
            ),
            _limits=protocol.limits_trait(self.n_rows, inits_for(metric)),
            **self._first_colours(mode, column),
            **of_the_host,
        )
        self._own_layout = not of_the_host
        _answer_in_the_callers_subshell(self.comm)
        self._begin(source.matrix)

    def _begin(self, matrix: Any) -> None:
        line = Connection(self)
        self.on_msg(line.take)
        self.observe(line.note_traits, "_told")
        self._session = Session(
            matrix,
            self._settings,
            self.grid.entries,
            audience=line.audience,
            pool=engine().pool.limited_to(self._settings.n_jobs),
            listener=line,
            clock=clock,
            require_unchanged=self._source.require_unchanged,
        )
        line.event_log.begin(self.n_rows, len(self._source.feature_names), len(self.grid.entries))
        self._story = line.event_log
        engine().add(self._session)

    def close(self) -> None:
        """Stop the work, remove the views and let go of all that was made of the data.

        Results, selection and groups stay readable, and so does what you gave. What needs the data again, and
        every command, is a NotRunningError from now on. To close again does nothing.
        """
        if not self._closed and self._session is not None:
            self._closed = True
            engine().remove(self._session)
            self._story.say("closed")
            self._source.release()
            self.__dict__.pop("_whole_space", None)
            if self._own_layout:  # a widget too, which ipywidgets makes for each and leaves behind
                self.layout.close()
        super().close()

    @property
    def left_out(self) -> str:
        """What of the data is not in the map, in words; empty where all of it is."""
        return self._source.note

    def __repr__(self) -> str:
        if self._session is None:
            return "TSNEWidget()"
        rows = f"{self.n_rows} rows, closed" if self._closed else f"{self.n_rows} rows"
        if len(self.grid.runs) > 1:
            maps = summary(self.grid, self._coordinates.name)
            return f"TSNEWidget({rows}, {maps}: {self.status})"
        (run,) = self.runs
        return f"TSNEWidget({rows}, {in_words(run)})"

    # --- what the line asks for -----------------------------------------------------------------------

    def carry_out(self, wish: protocol.Wish) -> None:
        """Do what the user asked for in a view; settings change as traits, so that Python sees them."""
        with self._quietly():
            self.do(self._with_inits(wish))

    def do(self, wish: protocol.Wish) -> None:
        """Do what the user asks for in a view or by a handle."""
        with self.state_lock:
            if isinstance(wish, protocol.SetTrait):
                setattr(self, wish.trait, wish.value)
                self.send_state(wish.trait)  # the page may have been told the old value meanwhile
            elif isinstance(wish, protocol.RowWish):
                self._do_with_rows(wish)
            else:
                self._require_open()
                self._do_with_maps(wish)

    def answer(self, query: protocol.Query) -> tuple[Any, Sequence[Any]]:
        """Return what a page asks of the rows, as JSON has it, and the buffers that go with it."""
        self._require_open()
        return self._queries.answer(query)

    @property
    def save_state(self) -> bool:
        """Whether a notebook that is saved with its widgets holds the maps and their colours."""
        return self._settings.save_state

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return traits for the pages, which ask for the labels where nothing of the rows is to be saved."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if state.get("_labels") is not None and not self.save_state:
            state["_labels"] = protocol.unsaved_labels_trait(next(self._labels_versions))
        return state

    def set_state(self, sync_data: Any) -> None:
        """Take traits from the browser; one thread at a time, as notifications are held meanwhile.

        Raises
        ------
        TSNEWidgetError
            One of them cannot be so: none is set, and the pages are told again what holds.
        """
        with self.state_lock:
            try:
                self._check_state(sync_data)
            except TSNEWidgetError as error:
                log.warning("a change in the browser was refused: %.300s", error)
                if isinstance(sync_data, Mapping):
                    self.send_state([name for name in sync_data if name in self.keys])
                raise
            super().set_state(sync_data)

    def _check_state(self, state: Any) -> None:
        # ipywidgets tells all pages of a change before it looks at the values.
        protocol.check_traits(state)
        for name, value in state.items():
            from_json = self.trait_metadata(name, "from_json", self._trait_from_json)
            self.traits()[name]._validate(self, from_json(value, self))

    def _send(self, msg: Any, buffers: Any = None) -> None:
        """Send what ipywidgets says, traits too; a page that cannot be reached stops nothing in Python."""
        try:
            super()._send(msg, buffers=buffers)
        except Exception:  # what a host's own comm raises
            log.exception("a message to the pages could not be sent")

    @traitlets.default("_bundle")
    def _find_bundle(self) -> dict[str, Any]:
        # As late as the comm is opened: bad input leaves nothing behind.
        return bundle_trait(self._model_id)

    @traitlets.observe("_runs")
    def _runs_changed(self, _change: Any) -> None:
        # The views know of new runs before the first news of them.
        if self._session is not None:
            if self._holding_sync:
                self.send_state("_runs")
            self._command(Arrange(self.grid.entries))
        if len(self.grid.runs) == 1 and self._colour.get("mode") == "stability":
            self.color_by = self.label_column  # one map has no stability


def _answer_in_the_callers_subshell(comm: Any) -> None:
    # ipykernel 7.4 routes a comm's replies to the subshell of whoever published last. Our threads publish
    # all the time and have none, so that a slider would wait for the running cell.
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default
