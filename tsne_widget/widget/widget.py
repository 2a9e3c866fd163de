"""The widget: its traits and its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any, Literal
from uuid import uuid4

import numpy as np
import traitlets

from ..data import Source, read_source
from ..errors import ScaleWarning
from ..maps.checkpoint import Checkpoint
from ..maps.engine import engine
from ..maps.methods import METHODS
from ..maps.titles import maps_in_words
from ..maps.workers import Workers
from ..measures.registry import measures
from ..parameters.checks import reject_unknown
from ..parameters.defaults import DEFAULTS, Settings
from ..parameters.limits import (
    LIMITS,
    NOT_GIVEN,
    check_align,
    check_show_images,
    check_show_names,
    check_yes_or_no,
)
from ..parameters.metric import is_precomputed
from ..parameters.perplexity import weights_in_words
from ..parameters.warn import warn_user
from ..wire import traits
from ..wire.connection import Connection
from .choosing import Choosing
from .clients import Clients
from .colors import Colors, check_columns, default_tooltip
from .driver import Driver
from .exports import Exports
from .filtering import Filtering
from .from_sample import SAMPLE, FittedSample
from .handle import in_words
from .interface.colors import ColorsInterface
from .interface.exports import ExportsInterface
from .interface.filtering import FilteringInterface
from .interface.luck import LuckInterface
from .interface.maps import MapsInterface
from .interface.measurements import MeasurementsInterface
from .interface.placing import PlacingInterface
from .interface.readings import ReadingsInterface
from .interface.rows import RowsInterface
from .interface.sample import SampleInterface
from .interface.saving import SavingInterface
from .interface.suggesting import SuggestingInterface
from .loading import SAVED, Saved
from .luck import Repeating
from .map_set import MapSet
from .measurements import Measurements
from .measuring import Measuring
from .names import check_name_by
from .pictures import Pictures
from .placements import Placements
from .queries import Queries
from .readings import Readings
from .row_set import RowSet
from .saving import Saving, check_autosave
from .suggesting import Suggesting
from .synced import SyncedWidget
from .traits import AxisTrait, Checked, RowPositions, ascending_positions


def _limited(name: str) -> Any:
    """Return a trait that is a number within its limits."""
    return Checked(getattr(DEFAULTS, name), lambda _, value: LIMITS[name].check(name, value)).tag(sync=True)


class TSNEWidget(
    MapsInterface,
    RowsInterface,
    FilteringInterface,
    SuggestingInterface,
    ColorsInterface,
    MeasurementsInterface,
    LuckInterface,
    PlacingInterface,
    ReadingsInterface,
    ExportsInterface,
    SavingInterface,
    SampleInterface,
    SyncedWidget,
):
    """A live t-SNE map of X that you can watch, steer and circle; or several maps side by side.

    The optimisation runs in its own thread: the constructor and every command return at once. All
    parameters after `labels` are keywords, named as in scikit-learn.

    `metric`, `perplexity`, `exaggeration`, `init` and `random_state` may be lists, tuples, ranges or 1-D
    arrays: the widget then shows a map for each combination, at most 64, in this order, with `random_state`
    changing fastest; see `runs`.

    Parameters
    ----------
    X : array-like, sparse array, DataFrame or AnnData of n_samples rows
        Finite numbers, at least 3 rows. Duplicates and constant columns are allowed. The numeric columns of a
        frame (pandas, polars) are the features; for AnnData see `use_rep`; `left_out` lists what is ignored.
        Each item of a list or a Series may be an embedding. With ``metric="precomputed"`` X holds distances
        of shape (n_samples, n_samples): all of them or, as a sparse matrix, those to some neighbours
        (`sklearn.neighbors.kneighbors_graph`, mode "distance"). You may change X in place afterwards: up to
        256 MB are copied; for larger data, later reads notice a change by a checksum of some rows and raise
        DataError.
    labels : sequence of length n_samples, name of a column, or dict of these, optional
        Colours the points: categories, or a scale for numbers with more than 40 distinct values. A dict gives
        several sets of labels by name. None, NaN and NaT are missing labels.
    perplexity : float or list of float
        Effective number of neighbours of a point, above 1 and below n_samples - 1. You may set it at
        any time: the map continues from the current layout. Some values of a list, but not all, may be too
        large for the rows: their maps are 'out of range' and stay empty.
    early_exaggeration : float
        Factor on the attraction in the first phase, at least 1.
    early_exaggeration_iter : int
        Iterations with that factor.
    exaggeration : float or list of float
        Factor on the attraction afterwards, at least 1; above 1 draws clusters together. May be set again at
        any time: the map continues from the current layout.
    learning_rate : float or "auto"
        In scikit-learn's units. "auto" is n_samples / 4 to 3 n_samples / 4, more for more rows, divided by
        the exaggeration; it is halved if the map is unstable. A map that is unstable at your value says so.
    max_iter : int
        The most iterations; the map stops earlier when it has settled.
    metric : str, callable, or list of these
        "euclidean", "cosine", or any other of `sklearn.metrics.pairwise_distances`. "precomputed": X holds
        distances, and no other metric is possible; there are then no features, means of groups or PCA, all
        of which need rows. You may set it again at any time: the map restarts. If maps differ in it, the
        widget speaks of the original space in the metric of the reference.
    metric_params : dict, optional
        Keyword arguments for the metric, which must then be the only one.
    init : {"pca", "random"}, array or DataFrame of shape (n_samples, 2), or list of these, optional
        Initial layout; by default "pca", or "random" with precomputed distances, which have no "pca". You may
        set it at any time: the map restarts. A frame with the labels of X in another order is put into the
        order of X. Above 100,000 rows it is a sample of 10,000 that starts by "pca" or "random", and all rows
        start from its map.
    init_scale : bool
        Whether to centre coordinates given as `init` and scale them to a standard deviation of 1e-4, as
        PCA's are (Kobak & Berens 2019). False takes them as they are, and warns above 10.
    random_state : int or None, or list of these
        Seed from 0 to 2**32 - 1; None draws one, which you can read afterwards. You may set it at any
        time: the map restarts.
    method : {"auto", "mesh", "barnes_hut", "exact"}
        How to compute repulsion: exactly, or nearly so with a mesh or Barnes-Hut. "auto" takes the fastest
        way in each iteration.
    angle : float
        The angle of Barnes-Hut, from 0 (exact) to 1 (coarse).
    neighbors : {"auto", "exact", "approximate"} or pair of arrays
        How to search neighbours; "auto" is exact up to 120,000 rows, and for new rows below 20,000 rows of
        data, or any number in float64. Or the neighbours themselves: indices
        and distances of shape (n_samples, k), with k at least 3 x perplexity. A row does not count as its own
        neighbour, wherever it appears.
    affinity : {"gaussian", "uniform"}
        How to weight neighbours: by Gaussians of the perplexity; or equally, taking the `perplexity` nearest
        of each point, which the map then says.
    multiscale : list of float, optional
        Further perplexities, mixed with `perplexity` into one map (Kobak & Berens 2019; openTSNE's
        Multiscale).
    n_jobs : int
        Threads, at most one per processor; -1 uses all processors, -2 all but one. The layout does not depend
        on it.
    autostart : bool
        Whether to run at once; otherwise `start()`, `step()` or the play button starts the maps.
    height : int
        Height of the view in CSS pixels, 120 to 10,000.
    standardize : bool
        Whether to give each feature mean 0 and standard deviation 1 first, by scikit-learn's StandardScaler;
        sparse rows keep their mean. Maps, distances and neighbours are then those of the standardised
        features; the table, tooltips and what sets rows apart stay in your own units, and so do `place` and
        `estimator_`. It takes a copy of the features.
    align : bool or "selection"
        Whether to turn and mirror maps onto the reference: by all points, by the selected ones, or not.
        You may set it at any time.
    features : list, optional
        The columns of a frame to map; or a single column whose cells hold embeddings (arrays or lists of
        numbers, all of one length).
    use_rep : str, optional
        For AnnData: "X", or a key of `obsm`; by default "X_pca" if it exists.
    data : DataFrame or dict of columns, optional
        Further columns for the rows, for colours, tooltips, the table and `selected_rows()`.
    image : array of shape (n_samples, h, w[, 3 or 4]), callable or name of a column, optional
        A thumbnail for each row. A callable takes a row's position and returns an array, a PIL image, or the
        bytes or path of a PNG, JPEG, GIF or WebP file; it is tried on row 0 at once.
    tooltip_columns : list of str, optional
        Columns that the tooltip of a point shows; by default the first 4 that are not features.
    color_by : str or None, optional
        What colours the points at first; by default the labels. See the property.
    palette : dict, list or str, optional
        Colours of your own: ``{"cat": "#0072b2", ...}`` by category, a list for the categories in order, or
        the name of a colormap of matplotlib for columns of numbers. Categories without one get colours of
        ours that differ from yours. The colours in an AnnData's ``uns["<column>_colors"]`` are taken too,
        where you give no others. See the property.
    point_size : float or "auto"
        Radius of a point in CSS pixels, at most 100. You may set it at any time.
    opacity : float or "auto"
        Opacity of a point, above 0 and at most 1. You may set it at any time.
    show_names : bool or "auto"
        Whether the names of labels are on the maps, each at the densest spot of its label's largest clump, as
        far as they fit. "auto": if there are at most 40. You may set it at any time.
    name_by : str, optional
        What the names are: those of a column, or "groups". By default those that colour; if numbers colour,
        those of the labels. You may set it at any time.
    show_images : bool
        Whether points are drawn as their pictures, from `image`, wherever few enough are in view; elsewhere
        the map says how many are. You may set it at any time.
    save_state : bool
        Whether a notebook saved with its widgets shows the last maps when opened without a kernel. False
        keeps coordinates and labels out of it.
    advice : bool
        Whether a line under the map at rest says what matters most about reading it, if anything does. You
        may set it at any time.
    beside : str, array of shape (n_samples, 2), estimator, dict, or list of these, optional
        Other maps, which stand beside those of t-SNE, aligned and linked with them; a dict names them.

        - "pca": the first two principal components.
        - "umap": UMAP's objective (McInnes, Healy & Melville 2018), stepped live by this widget;
          `umap.UMAP()` is umap-learn itself.
        - "parametric": a map that is a function of a row, see `ParametricTSNE`.
        - ``{"method": "umap", "n_neighbors": 50}``: a method with values of its parameters.
        - A key of `obsm`, if X is an AnnData.
        - Coordinates, or a fitted estimator whose `embedding_` has a row for each of X: taken as they are. A
          frame is put into the order of X by its index; a row that is NaN has no place.
        - An unfitted estimator: a clone is fitted to X in a thread, by `fit_transform` or by `fit`, and is
          then the map's `estimator_`. It must make two columns.

        See `help(w.beside)`.
    subset : array-like of int or of bool, or dict of these, optional
        Rows that get a t-SNE map of their own beside that of all rows from the start, as by `map_selection`;
        a dict names them. ``{"name": {"rows": rows, "perplexity": 10}}`` sets parameters as well.
    executor : executor or callable that makes one, optional
        Who makes the t-SNE maps, if not this process: an executor of `concurrent.futures`, a synchronous
        `Client` of Dask, a load-balanced view of ipyparallel, or a function that makes one of these. Workers
        need this package and do slices of 0.25 to 1 s, each from the state of the last; neighbours, measures
        and all other maps stay here. The map is the same, bit for bit, on equal processors. A slice whose
        worker dies is done again; an executor that breaks is replaced only if you give a function, such as
        ``lambda: ProcessPoolExecutor(8, mp_context=get_context("spawn"))``. Each task uses `n_jobs` threads;
        -1 then means one.
    autosave : path-like, or pair of one and seconds, optional
        A file into which the widget saves itself whenever something has changed, as by `save`, every 60
        seconds, and at the end: ``"maps.tsne"``, or ``("maps.tsne", 10)`` for every 10 seconds. If the kernel
        dies, ``TSNEWidget.load("maps.tsne", X)`` goes on from it; the first cell, run again, begins anew: an
        existing file of that name is kept as 'maps.previous.tsne', with a warning. Saving takes at most a
        twentieth of the time, so large maps are saved less often. The legend and the log tell of a failure,
        such as a full disk; the file written before stays. You may set it at any time.

    Attributes
    ----------
    selection : ndarray of int64
        Positions of the selected rows, sorted; you may set it to positions or a mask. Use `observe` to follow
        changes.
    selected_placed : list of int
        Positions of the selected new rows among those given to `place`, sorted; you may set it.
    tooltip_columns : list of str
        Columns that the tooltip of a point shows; you may set it.
    point_size : float or "auto"
        Radius of a point in CSS pixels; you may set it.
    opacity : float or "auto"
        Opacity of a point, above 0 and at most 1; you may set it.
    advice : bool
        Whether a line under the map says what matters most about reading it; you may set it.
    show_names : bool or "auto"
        Whether names are on the maps; you may set it.
    name_by : str or None
        What the names are: a column, "groups", or None for those that colour; you may set it.
    show_images : bool
        Whether points are drawn as their pictures where few enough are in view; you may set it.
    color_scale : "linear" or "log"
        How a numeric column is coloured; you may set it, to "log" only if all finite values are above 0.
        Another column starts with "linear" again.
    metric : str or callable, or tuple of these if maps differ in it
        You may set it: maps restart.
    perplexity : float, or tuple of float if maps differ in it
        You may set it, to a list for several maps: maps continue from their current layout.
    random_state : int, or tuple of int if maps differ in it
        Seed; you may set it: maps restart. None draws one.
    exaggeration : float, or tuple of float if maps differ in it
        You may set it, to a list for several maps: maps continue from their current layout.
    init : "pca", "random" or array, or tuple of these if maps differ in it
        Initial layout; you may set it: maps restart.
    align : bool or "selection"
        Which points align maps with the reference; you may set it.
    height : int
        Height of the view in CSS pixels; you may set it.

    Raises
    ------
    DataError, UnknownColumnError, InvalidValueError, InvalidTypeError, UnknownParameterError
        In the user's cell, before anything starts.
    SaveError
        No file can be in the folder of `autosave`.

    Warns
    -----
    PerplexityWarning
        If a perplexity is above (n_samples - 1) / 3, or one of several is out of range.
    ScaleWarning
        If a feature of a frame has 20 times the median standard deviation or 90 % of the variance and
        `standardize` is False, or if features look like ids or codes of categories.
    InitWarning
        If `init` holds coordinates that are far apart and `init_scale` is False.
    IsolatedRowsWarning
        From `wait()`, if rows have no neighbours, over 5 % are copies, or the graph in X falls into parts.
    SavingWarning
        If the file of `autosave` exists already.

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
    _caption: Any = traitlets.Unicode().tag(sync=True)
    _incomparable: Any = traitlets.List().tag(sync=True)
    _reference: Any = Checked(0, lambda widget, run: widget._maps.check_reference(run)).tag(sync=True)
    # What the rows are.
    selection: RowPositions = RowPositions()
    _filter: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    _groups: Any = traitlets.List().tag(sync=True)
    #: Rises whenever the suggested groups change; clients ask for them, so that no notebook saves them.
    _suggested: Any = traitlets.Int(0).tag(sync=True)
    selected_placed: Any = Checked([], lambda widget, value: widget._placements.check_selection(value)).tag(
        sync=True, from_json=ascending_positions
    )
    _new_rows: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    _density: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    _undo: Any = traitlets.Dict({"undo": 0, "redo": 0}).tag(sync=True)
    _points = traitlets.Dict().tag(sync=True)
    _columns: Any = traitlets.List().tag(sync=True)
    _rows: Any = traitlets.Dict().tag(sync=True)
    # How they look.
    height: Any = _limited("height")
    point_size: Any = _limited("point_size")
    opacity: Any = _limited("opacity")
    advice: Any = Checked(DEFAULTS.advice, lambda _, value: check_yes_or_no("advice", value)).tag(sync=True)
    show_names: Any = Checked(DEFAULTS.show_names, lambda _, value: check_show_names(value)).tag(sync=True)
    name_by: Any = Checked(None, lambda widget, value: check_name_by(widget._source, value)).tag(sync=True)
    show_images: Any = Checked(
        DEFAULTS.show_images, lambda widget, value: check_show_images(value, widget._source.image)
    ).tag(sync=True)
    #: Why the widget cannot save itself.
    _saving_problem: Any = traitlets.Unicode().tag(sync=True)
    _names: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    tooltip_columns: Any = Checked(
        (), lambda widget, value: check_columns(widget._source, "tooltip_columns", value)
    ).tag(sync=True)
    color_scale: Any = Checked("linear", lambda widget, value: widget._colors.check_scale(value)).tag(
        sync=True
    )
    _labels: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    _color: Any = traitlets.Dict().tag(sync=True)
    _measures: Any = traitlets.List().tag(sync=True)
    _limits = traitlets.Dict().tag(sync=True)
    _methods: Any = traitlets.List().tag(sync=True)

    # close() and the observers look at it even if the constructor raises.
    _driver: Any = None

    def __init__(
        self,
        X: Any,
        labels: Any = None,
        *,
        perplexity: float | Sequence[float] | np.ndarray = DEFAULTS.perplexity,
        early_exaggeration: float = DEFAULTS.early_exaggeration,
        early_exaggeration_iter: int = DEFAULTS.early_exaggeration_iter,
        exaggeration: float | Sequence[float] | np.ndarray = DEFAULTS.exaggeration,
        learning_rate: float | Literal["auto"] = DEFAULTS.learning_rate,
        max_iter: int = DEFAULTS.max_iter,
        metric: str | Callable[..., Any] | Sequence[str | Callable[..., Any]] = DEFAULTS.metric,
        metric_params: Mapping[str, Any] | None = DEFAULTS.metric_params,
        init: Any = None,
        init_scale: bool = DEFAULTS.init_scale,
        random_state: int | Sequence[int | None] | np.ndarray | None = DEFAULTS.random_state,
        method: Literal["auto", "mesh", "barnes_hut", "exact"] = DEFAULTS.method,
        angle: float = DEFAULTS.angle,
        neighbors: Literal["auto", "exact", "approximate"] | tuple[Any, Any] = DEFAULTS.neighbors,
        affinity: Literal["gaussian", "uniform"] = DEFAULTS.affinity,
        multiscale: Sequence[float] | np.ndarray | None = DEFAULTS.multiscale,
        n_jobs: int = DEFAULTS.n_jobs,
        autostart: bool = DEFAULTS.autostart,
        standardize: bool = DEFAULTS.standardize,
        height: int = DEFAULTS.height,
        align: bool | Literal["selection"] = DEFAULTS.align,
        features: Any = None,
        use_rep: str | None = None,
        data: Any = None,
        image: Any = None,
        tooltip_columns: Sequence[str] | None = None,
        color_by: str | None = NOT_GIVEN,
        palette: Mapping[Any, Any] | Sequence[Any] | str | None = None,
        point_size: float | Literal["auto"] = DEFAULTS.point_size,
        opacity: float | Literal["auto"] = DEFAULTS.opacity,
        show_names: bool | Literal["auto"] = DEFAULTS.show_names,
        name_by: str | None = None,
        show_images: bool = DEFAULTS.show_images,
        save_state: bool = DEFAULTS.save_state,
        advice: bool = DEFAULTS.advice,
        beside: Any = None,
        subset: Any = None,
        executor: Any = None,
        autosave: Any = None,
        **others: Any,
    ):
        saved: Saved | None = others.pop(SAVED, None)  # from `load`
        sample: FittedSample | None = others.pop(SAMPLE, None)  # from `from_sample`
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
            standardize=check_yes_or_no("standardize", standardize),
        )
        if source.doubt:
            warn_user(source.doubt, ScaleWarning)
        if saved is not None:
            saved.require_fitting(source)
        check_autosave(autosave)
        self._put_together(source, given, color_by, palette, name_by, subset, saved, sample)
        settings = self._maps.given
        super().__init__(
            model_id=uuid4().hex,
            **self._maps.axes,
            **self._maps.traits,
            _reference=self._maps.first_reference,
            align=settings.align,
            height=settings.height,
            point_size=settings.point_size,
            opacity=settings.opacity,
            advice=settings.advice,
            show_names=settings.show_names,
            name_by=self._colors.name_by,
            show_images=settings.show_images,
            tooltip_columns=default_tooltip(source) if tooltip_columns is None else tooltip_columns,
            _points=traits.points_trait(
                source.n,
                len(source.feature_names),
                source.note,
                source.doubt,
                weights_in_words(settings),
                traits.knowledge(source.matrix, source.distances),
                saved=settings.save_state,
            ),
            _measures=traits.measures_trait(measures().values()),
            _columns=traits.columns_trait(source.columns.values()),
            _rows=traits.rows_trait(
                None if source.index is None else source.index.name, source.image is not None
            ),
            _limits=traits.limits_trait(),
            _methods=traits.methods_trait(METHODS.values(), self._maps.facts),
            _density=None if self._density_below is None else self._density_below.told,
            **self._colors.traits,
            **of_the_host,
        )
        self._own_layout = not of_the_host
        try:
            if saved is not None:
                saved.restore_rows(self._row_set, self._source)
                saved.restore_looks(self._colors, self._suggesting, self._maps)
            workers = None if executor is None else Workers(executor, engine().nudge)
        except BaseException:
            self._leave_nothing()
            raise
        self._begin(workers, _checkpoints(self._maps, saved, sample))
        if saved is not None:
            self._saving.note_own(saved.path, saved.stamp)
        self._saving.set_autosave(autosave)

    def _put_together(
        self,
        source: Source,
        given: Mapping[str, Any],
        color_by: Any,
        palette: Any,
        name_by: Any,
        subset: Any,
        saved: Saved | None,
        sample: FittedSample | None,
    ) -> None:
        """Make the parts, which check their arguments."""
        driver = Driver()
        self._lock, self._source = driver.lock, source
        self._maps = MapSet(self, driver, source, given)
        if saved is not None:
            saved.restore_maps(self._maps)
        begun = saved or sample
        density = self._density_below = None if begun is None else begun.density(driver, self._maps)
        self._colors = Colors(
            self, driver.lock, source, color_by, palette, len(self._maps.grid.runs), name_by
        )
        self._row_set = RowSet(
            self, driver.lock, source, self._colors.label_column, self._colors.of_categories
        )
        self._filtering = Filtering(source, self._row_set)
        told = source, driver, self._maps, self._row_set, self._colors
        self._measurements = self._maps.relations = Measurements(*told)
        self._suggesting = Suggesting(self, driver, source, self._maps, self._row_set, self._measurements)
        self._choosing = Choosing(self, source, self._maps, self._row_set, self._measurements)
        self._choosing.begin_with(subset)
        self._measuring = self._maps.measurer = Measuring(self._maps, self._measurements)
        self._placements = Placements(self, driver, source, self._maps)
        below = density.tree if density is not None else saved and saved.density_tree
        self._saving = Saving(
            self, driver, source, self._maps, self._row_set, self._colors, self._suggesting, below
        )
        self._exports = Exports(self, source, self._maps, self._colors, self._measuring, density)
        self._pictures = Pictures(
            self, self._maps, self._row_set, self._colors, self._measuring, self._placements, density
        )
        self._repeating = Repeating(self, source, self._maps, self._row_set, self._measurements)
        self._readings = self._maps.readings = Readings(
            self, source, *told[2:], self._measurements, self._measuring, self._repeating
        )
        queries = Queries(
            self,
            *told,
            self._measurements,
            self._measuring,
            self._repeating,
            self._readings,
            self._exports,
            self._suggesting,
            density,
        )
        self._clients = Clients(
            self, *told, queries, self._repeating, self._suggesting, self._choosing, self._filtering
        )
        self._label_versions = count()
        self._driver = driver

    def _leave_nothing(self) -> None:
        """Take a widget out of ipywidgets that has not begun."""
        if self._own_layout:
            self.layout.close()
        super().close()

    def _begin(self, workers: Workers | None, checkpoints: Mapping[int, Checkpoint]) -> None:
        """Start the maps, or go on from where they were, and connect them with clients."""
        source, grid = self._source, self._maps.grid
        connection = Connection(self._clients)
        self.on_msg(connection.take)
        self.observe(connection.note_traits, "_told")
        connection.event_log.begin(source.n, len(source.feature_names), len(grid.entries))
        self._event_log = connection.event_log
        unchanged = source.require_unchanged
        self._driver.begin(source.matrix, self._maps.given, grid, connection, unchanged, checkpoints, workers)

    def close(self) -> None:
        """Stop the work, remove the views and release everything computed from the data.

        Results, selection, groups and your own data stay readable. Every command, and whatever needs the data
        again, raises NotRunningError from now on. Closing again does nothing.
        """
        if self._driver is not None and self._driver.begun:
            self._saving.close()
        if self._driver is not None and self._driver.close():
            self._event_log.say("closed")
            self._source.release()
            self._measurements.release()
            self._placements.release()
            self._readings.release()
            if self._own_layout:  # ipywidgets makes this widget for each of its own and leaves it behind
                self.layout.close()
        super().close()

    @property
    def left_out(self) -> str:
        """The columns that the widget ignored, in words; empty if it ignored none."""
        return self._source.note

    def __repr__(self) -> str:
        if self._driver is None or not self._driver.begun:
            return "TSNEWidget()"
        rows = f"{self._source.n} rows, closed" if self._driver.closed else f"{self._source.n} rows"
        grid = self._maps.grid
        if len(grid.runs) > 1:
            return f"TSNEWidget({rows}, {maps_in_words(grid)}: {self.status})"
        (run,) = self.runs
        return f"TSNEWidget({rows}, {in_words(run)})"

    # --- what the parts show ------------------------------------------------------------------------

    def _show(self, traits: Mapping[str, Any]) -> None:
        """Set traits together."""
        with self.hold_trait_notifications():
            for name, value in traits.items():
                setattr(self, name, value)

    def _show_maps(self, axes: Mapping[str, Any], traits: Mapping[str, Any]) -> None:
        """Show other maps; views hear of new maps before the first news of them."""
        with self.hold_trait_notifications():
            self._show(traits)
            for name, value in axes.items():
                getattr(type(self), name).show(self, value)
        if self._holding_sync:
            self.send_state(["_axes", "_runs"])
        self._colors.mind_the_maps(len(self._runs))

    @traitlets.observe("selection")
    def _selection_changed(self, change: Any) -> None:
        if self._driver is not None:
            self._row_set.note(change["old"])

    @traitlets.observe("name_by")
    def _name_by_changed(self, change: Any) -> None:
        if self._driver is not None and self._driver.begun:
            self._colors.take_name_by(change["new"])

    def get_state(self, key: Any = None, drop_defaults: bool = False) -> dict[str, Any]:
        """Return traits for clients; with save_state=False they lack labels and values, which are saved."""
        state: dict[str, Any] = super().get_state(key, drop_defaults)
        for name in ("_labels", "_names"):
            if isinstance(state.get(name), dict) and not self._maps.given.save_state:
                state[name] = traits.unsaved_labels_trait(next(self._label_versions))
        if state.get("_filter") and not self._maps.given.save_state:
            state["_filter"] = traits.unsaved_filter_trait(state["_filter"])
        return state


def _checkpoints(maps: MapSet, saved: Saved | None, sample: FittedSample | None) -> Mapping[int, Checkpoint]:
    """Return from where the maps go on; those without begin anew."""
    if sample is not None:
        return sample.checkpoints(maps)
    return {} if saved is None else saved.checkpoints
