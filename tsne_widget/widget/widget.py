"""The widget: its traits, and the parts that it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any
from uuid import uuid4

import traitlets

from ..data import Source, read_source
from ..maps.grid import summary
from ..maps.methods import METHODS
from ..measures.registry import measures
from ..parameters.checks import reject_unknown
from ..parameters.defaults import DEFAULTS, Settings
from ..parameters.limits import LIMITS, NOT_GIVEN, check_align
from ..parameters.metric import is_precomputed
from ..parameters.perplexity import weights_in_words
from ..wire import protocol
from ..wire.connection import Connection
from .colors import Colors, check_columns, default_tooltip
from .driver import Driver
from .exports import Exports
from .handle import in_words
from .interface.colors import ColorsInterface
from .interface.exports import ExportsInterface
from .interface.maps import MapsInterface
from .interface.measurements import MeasurementsInterface
from .interface.rows import RowsInterface
from .map_set import MapSet
from .measurements import Measurements
from .measuring import Measuring
from .pages import Pages
from .pictures import Pictures
from .queries import Queries
from .row_set import RowSet
from .synced import SyncedWidget
from .traits import AxisTrait, Checked, RowPositions


def _limited(name: str) -> Any:
    """Return a trait that is a number within its limits."""
    return Checked(getattr(DEFAULTS, name), lambda _, value: LIMITS[name].check(name, value)).tag(sync=True)


class TSNEWidget(
    MapsInterface,
    RowsInterface,
    ColorsInterface,
    MeasurementsInterface,
    ExportsInterface,
    SyncedWidget,
):
    """A map of X that organises itself by t-SNE, to be watched, steered and circled; or several side by side.

    The optimisation runs in a thread of its own: the constructor returns at once, and so does every
    command. All parameters after `labels` are keywords, named as in scikit-learn.

    `metric`, `perplexity`, `exaggeration`, `init` and `random_state` may be lists, tuples, ranges or 1-D
    arrays: then there is a map for each combination, 64 at most, in this order, `random_state` changing
    fastest; see `runs`.

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
    exaggeration : float or list of float
        Factor on the attraction afterwards, at least 1; above 1 draws clusters together. May be set again at
        any time: the map goes on from the present layout.
    learning_rate : float or "auto"
        In scikit-learn's units. "auto" is n_samples / 4 to 3 n_samples / 4, more for more rows, divided by
        the exaggeration; it is halved where the map is unstable. A map that is unstable at yours says so.
    max_iter : int
        Iterations at most; the map stops earlier when it has settled.
    metric : str, callable, or list of these
        "euclidean", "cosine", or any other of `sklearn.metrics.pairwise_distances`. "precomputed": X holds
        distances; features, means of groups and PCA, for which it takes rows, there are none then, and no
        other metric. May be set again at any time: the map starts anew. Where maps differ in it, what the
        widget says of the original space is in the metric of the reference.
    metric_params : dict, optional
        Keyword arguments of the metric, which is then the only one.
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
    beside : str, list of str, or dict of str, optional
        Maps by other methods, which stand beside those of t-SNE, turned and linked as they are: "pca", the
        first two principal components. A dict gives them names. See the property.

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
    metric : str or callable, or tuple of these where maps differ in it
        May be set: maps start anew.
    perplexity : float, or tuple of float where maps differ in it
        May be set, to a list for several maps: maps go on from their present layout.
    random_state : int, or tuple of int where maps differ in it
        Seed; may be set: maps start anew. None draws one.
    exaggeration : float, or tuple of float where maps differ in it
        May be set, to a list for several maps: maps go on from their present layout.
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

    # What the maps are.
    metric: Any = AxisTrait(DEFAULTS.metric)
    perplexity: Any = AxisTrait(DEFAULTS.perplexity)
    random_state: Any = AxisTrait(DEFAULTS.random_state)
    exaggeration: Any = AxisTrait(DEFAULTS.exaggeration)
    init: Any = AxisTrait(DEFAULTS.init)
    align: Any = Checked(DEFAULTS.align, lambda _, value: check_align(value)).tag(sync=True)
    _snapshot: Any = traitlets.List().tag(sync=True)
    _axes: Any = traitlets.List().tag(sync=True)
    _runs: Any = traitlets.List().tag(sync=True)
    _reference: Any = Checked(0, lambda widget, run: widget._maps.check_reference(run)).tag(sync=True)
    # What the rows are.
    selection = RowPositions()
    _groups: Any = traitlets.List().tag(sync=True)
    _history: Any = traitlets.Dict({"undo": 0, "redo": 0}).tag(sync=True)
    _points = traitlets.Dict().tag(sync=True)
    _columns: Any = traitlets.List().tag(sync=True)
    _rows: Any = traitlets.Dict().tag(sync=True)
    # How they look.
    height: Any = _limited("height")
    point_size: Any = _limited("point_size")
    opacity: Any = _limited("opacity")
    tooltip_columns: Any = Checked(
        (), lambda widget, value: check_columns(widget._source, "tooltip_columns", value)
    ).tag(sync=True)
    color_scale: Any = Checked("linear", lambda widget, value: widget._colors.check_scale(value)).tag(
        sync=True
    )
    _labels: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    _colour: Any = traitlets.Dict().tag(sync=True)
    _measures: Any = traitlets.List().tag(sync=True)
    _limits = traitlets.Dict().tag(sync=True)
    _methods: Any = traitlets.List().tag(sync=True)

    # What close() and the observers look at must exist even where the constructor raises.
    _driver: Any = None

    def __init__(
        self,
        X: Any,
        labels: Any = None,
        *,
        perplexity: Any = DEFAULTS.perplexity,
        early_exaggeration: float = DEFAULTS.early_exaggeration,
        early_exaggeration_iter: int = DEFAULTS.early_exaggeration_iter,
        exaggeration: Any = DEFAULTS.exaggeration,
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
        beside: Any = None,
        **others: Any,
    ):
        named = {*Settings.__dataclass_fields__, "beside"}
        given = {name: value for name, value in locals().items() if name in named}
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
        self._put_together(source, given, color_by)
        settings = self._maps.given
        super().__init__(
            model_id=uuid4().hex,
            **self._maps.axes,
            **self._maps.traits,
            _reference=self._maps.in_range[0],
            align=settings.align,
            height=settings.height,
            point_size=settings.point_size,
            opacity=settings.opacity,
            tooltip_columns=default_tooltip(source) if tooltip_columns is None else tooltip_columns,
            _points=protocol.points_trait(
                source.n,
                len(source.feature_names),
                source.note,
                weights_in_words(settings),
                protocol.knowledge(source.matrix, source.distances),
                saved=settings.save_state,
            ),
            _measures=protocol.measures_trait(measures().values()),
            _columns=protocol.columns_trait(source.columns.values()),
            _rows=protocol.rows_trait(
                None if source.index is None else source.index.name, source.image is not None
            ),
            _limits=protocol.limits_trait(),
            _methods=protocol.methods_trait(METHODS.values(), distances=source.distances),
            **self._colors.traits,
            **of_the_host,
        )
        self._own_layout = not of_the_host
        self._begin()

    def _put_together(self, source: Source, given: Mapping[str, Any], color_by: Any) -> None:
        """Make the parts, which check what they are given."""
        driver = Driver()
        self._lock, self._source = driver.lock, source
        self._maps = MapSet(self, driver, source, given)
        self._colors = Colors(self, driver.lock, source, color_by)
        self._row_set = RowSet(self, driver.lock, source, self._colors.label_column)
        told = source, driver, self._maps, self._row_set, self._colors
        self._measurements = self._maps.readings = Measurements(*told)
        self._measuring = self._maps.measurer = Measuring(self._maps, self._measurements)
        self._exports = Exports(self, source, self._maps, self._colors, self._measuring)
        self._pictures = Pictures(self, self._maps, self._row_set, self._colors, self._measuring)
        queries = Queries(self, *told, self._measurements, self._measuring, self._exports)
        self._pages = Pages(self, *told, queries)
        self._label_versions = count()
        self._driver = driver

    def _begin(self) -> None:
        """Have the maps made, and the pages told of them."""
        source, grid = self._source, self._maps.grid
        connection = Connection(self._pages)
        self.on_msg(connection.take)
        self.observe(connection.note_traits, "_told")
        connection.event_log.begin(source.n, len(source.feature_names), len(grid.entries))
        self._event_log = connection.event_log
        self._driver.begin(source.matrix, self._maps.given, grid, connection, source.require_unchanged)

    def close(self) -> None:
        """Stop the work, remove the views and let go of all that was made of the data.

        Results, selection and groups stay readable, and so does what you gave. What needs the data again, and
        every command, is a NotRunningError from now on. To close again does nothing.
        """
        if self._driver is not None and self._driver.close():
            self._event_log.say("closed")
            self._source.release()
            self._measurements.release()
            if self._own_layout:  # a widget too, which ipywidgets makes for each and leaves behind
                self.layout.close()
        super().close()

    @property
    def left_out(self) -> str:
        """What of the data is not in the map, in words; empty where all of it is."""
        return self._source.note

    def __repr__(self) -> str:
        if self._driver is None or not self._driver.begun:
            return "TSNEWidget()"
        rows = f"{self._source.n} rows, closed" if self._driver.closed else f"{self._source.n} rows"
        grid = self._maps.grid
        if len(grid.runs) > 1:
            return f"TSNEWidget({rows}, {summary(grid)}: {self.status})"
        (run,) = self.runs
        return f"TSNEWidget({rows}, {in_words(run)})"

    # --- what the parts show ------------------------------------------------------------------------

    def _show(self, traits: Mapping[str, Any]) -> None:
        """Set traits together."""
        with self.hold_trait_notifications():
            for name, value in traits.items():
                setattr(self, name, value)

    def _show_maps(self, axes: Mapping[str, Any], traits: Mapping[str, Any]) -> None:
        """Show other maps; the views know of new ones before the first news of them."""
        with self.hold_trait_notifications():
            for name, value in traits.items():
                setattr(self, name, value)
            for name, value in axes.items():
                getattr(type(self), name).show(self, value)
        if self._holding_sync:
            self.send_state(["_axes", "_runs"])
        self._colors.mind_the_maps(len(self._runs))

    @traitlets.observe("selection")
    def _selection_changed(self, change: Any) -> None:
        if self._driver is not None:
            self._row_set.note(change["old"])

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return traits for the pages, which ask for the labels where nothing of the rows is to be saved."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        if state.get("_labels") is not None and not self._maps.given.save_state:
            state["_labels"] = protocol.unsaved_labels_trait(next(self._label_versions))
        return state
