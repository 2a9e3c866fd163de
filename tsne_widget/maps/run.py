"""One map that can be advanced, changed, paused and restarted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NotComputedError, RunFailedError, WorkersLostError
from ..failure import error_in_words, failure_in_words
from ..parameters.defaults import Settings
from .at_rest import AtRest
from .checkpoint import Checkpoint
from .course import Course
from .grid import Spec
from .keyframes import Keyframe
from .method import Method, Slices
from .methods import method_of
from .placing import GivenRows, Placed, Placing, no_new_rows, places_of
from .restored import status_at_rest, status_of_playing, way_on
from .shared_work import SharedWork
from .stages import Stage
from .status import Kind, Layout, Status

if TYPE_CHECKING:
    from ..parametric.model import MapFunction
    from ..tsne.nearest import Neighbors

_FAILED = "the map failed"


class Run:
    """One map, whatever method makes it: whether it plays, its epochs, its newest layout and its keyframes.

    A run knows nothing of threads: one thread calls all its methods. Other threads may read `status`,
    `layout` and `keyframes`, which are immutable and replaced as a whole. A run that is out of range for the
    data never starts. `number` is its id, unique in its widget. It calls `publish` with itself whenever
    `status` or `layout` has changed. `playing` says whether it runs by itself or rests at the initial layout.
    From a `checkpoint` of another run with the same parameters and data it goes on where that was.
    """

    def __init__(
        self,
        number: int,
        spec: Spec,
        settings: Settings,
        shared_work: SharedWork,
        publish: Callable[[Run], None],
        *,
        playing: bool,
        checkpoint: Checkpoint | None = None,
    ):
        self.number = number
        self.settings = settings
        self.method = method_of(spec)
        self._shared_work, self._publish = shared_work, publish
        self._take(spec)
        self.error: BaseException | None = None
        self._failed_when = ""
        self._course = Course(shared_work.n)
        self._epoch = 0
        self._playing = playing and self.method.live
        self._steps: int | None = None
        self.asleep = False
        #: What the run was in another session, which it shows until it can go on.
        self._restored: Checkpoint | None = None
        self._preparation: Slices | None
        self._progress: float | None = None
        self._method = self._new_method()
        self._at_rest = AtRest()
        if checkpoint is None:
            self._prepare_by(self._method.prepare())
        else:
            self._restore(checkpoint)
        #: The estimator of a map that was closed.
        self._last_estimator: Any = None
        self._new_rows: GivenRows | None = None
        self._placing = Placing(number)
        self._told: tuple[Status, Layout | None, Placed | None] | None = None
        self.status = self._make_status()

    @property
    def layout(self) -> Layout | None:
        """The newest layout; None before there is one."""
        return self._course.layout

    @property
    def estimator(self) -> Any:
        """The fitted estimator that makes the map; None if none does, or before there is one."""
        found = self._method.estimator
        return self._last_estimator if found is None else found

    @property
    def rows(self) -> np.ndarray | None:
        """The rows that the map is made of, ascending; None: all."""
        return self._method.rows

    @property
    def neighbors(self) -> Neighbors | None:
        """The nearest rows of each row among those of the map; None before they are known."""
        return self._method.neighbors(self.spec)

    @property
    def keyframes(self) -> tuple[Keyframe, ...]:
        """The keyframes since the map last started."""
        return self._course.frames

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do until a command comes, including measuring the map at rest."""
        return self.resting and not (self._at_rest.busy or self._placing.busy)

    @property
    def placed(self) -> Placed | None:
        """The new rows on the newest layout; None before they are placed, and while the map moves."""
        return self._placing.placed

    @property
    def place_error(self) -> str:
        """Why new rows cannot be placed on the map as it is; empty if they can, or it still moves."""
        if self._new_rows is None or self._placing.busy:
            return ""
        if self.out_of_range or self.error is not None:
            return self.out_of_range or _FAILED
        return self._placing.why

    def function_on(self, epoch: int, iteration: int) -> MapFunction:
        """Return a layout as a function with landmarks, which needs neither Python nor the data.

        Any thread may ask. The layout has to be the newest.

        Raises
        ------
        NotComputedError
            There is none, and why.
        """
        if self.out_of_range or self.error is not None:
            raise NotComputedError(self.out_of_range or _FAILED)
        function = self._method.function
        if function is None:
            self._method.placer()  # raises if there is no way even with Python
            raise NotComputedError(f"{self.method.label_of(self.spec)} places new rows only with Python")
        now = self.layout
        if not self.resting or now is None or (now.epoch, now.iteration) != (epoch, iteration):
            raise NotComputedError("the map moved while the page was saved")
        return function

    @property
    def resting(self) -> bool:
        """Whether the map stays unchanged until a command comes."""
        if self.error is not None or self.asleep:
            return True
        if self.out_of_range:
            return self._told is not None
        if self._restored is not None:
            return False
        shown = self.layout is not None and self.layout.epoch == self._epoch
        if self._preparation is not None and (self._method.ready or not shown):
            return False
        return not self._playing

    @property
    def waits(self) -> bool:
        """Whether another thread works for the run, and the engine only looks at it from time to time."""
        if self.resting:
            return self._placing.busy and not self._at_rest.busy
        return self._method.waits if self._preparation is None else self._stage.aside

    @property
    def preparing(self) -> Stage | None:
        """The stage of the preparation that `status` tells of."""
        return self._stage if self.status.kind == "preparing" else None

    @property
    def paused(self) -> bool:
        """Whether the run rests and has work left to resume."""
        return not (self._playing or self._ended or self.error is not None or self.out_of_range)

    @property
    def at_start(self) -> bool:
        """Whether the run is prepared and its first iteration comes next."""
        return self._preparation is None and self._method.ready and self._method.iteration == 0

    @property
    def prepares_start(self) -> bool:
        """Whether the run is being prepared and will then iterate from its initial layout."""
        begins = self._method.iteration == 0 and not self._method.ready
        return self.method.live and self._preparation is not None and begins

    # --- commands -----------------------------------------------------------------------------------

    def play(self) -> None:
        """Continue; after an end, until the map settles again or another `max_iter` iterations are done."""
        self._continue(None)

    def resume(self) -> None:
        """Continue after a pause; a run that has ended stays as it is."""
        if not self._ended:
            self.play()

    def step(self, count: int) -> None:
        """Do `count` more iterations, then pause."""
        self._continue(count)

    def pause(self) -> None:
        """Pause; momentum and gains are kept, so the run later continues as if it had never stopped."""
        self._go(playing=False)

    def restart(self) -> None:
        """Start again from the beginning, with the current settings."""
        self._begin_anew()
        self._go(playing=self.method.live)

    def recover(self) -> None:
        """Go back to the last good layout after a failure, and pause there."""
        if self.error is None or self.layout is None:
            return
        before, method = self._method, self._new_method()
        where = self.layout.points, self.layout.iteration, self.status.limit
        # Momentum may be what went wrong, unless nothing did but the workers.
        state = before.state if isinstance(self.error, WorkersLostError) else None
        slices = method.go_back_to(*where) if state is None else method.resume(state, *where)
        if slices is None:
            return
        before.close()
        self._method = method
        self._course.go_back_to(self.layout.iteration)
        self._begin_epoch()
        self._prepare_by(slices)
        self.pause()

    def change(self, spec: Spec) -> None:
        """Change the parameters: the map continues with them if its method can, else it restarts.

        A paused run stays paused. What does not concern the method leaves the map as it is.
        """
        had_not_begun = bool(self.out_of_range)
        concerning = {*(axis.name for axis in self.method.axes), *self.method.follows}
        concerned = not concerning.isdisjoint(spec.changed(self.spec))
        self._take(spec)
        if had_not_begun:
            self._prepare_anew()
        elif concerned:
            self._playing = self._playing or (self.method.live and (self._ended or self.error is not None))
            slices = None if self.error is not None else self._method.continue_with(spec)
            if slices is None:
                self._begin_anew()
            else:
                self._begin_epoch()
                self._prepare_by(slices)
        self._announce()

    def place(self, rows: GivenRows | None) -> None:
        """Place new rows on the map whenever it rests; None: no longer."""
        self._new_rows = rows
        self._announce()

    def sleep(self) -> None:
        """Rest because no client shows the map, but remember that it was running."""
        self.asleep = self._playing and not self.out_of_range
        self._announce()

    def wake(self) -> None:
        """Continue, as a client shows the map again."""
        if self.asleep:
            self.asleep = False
            self._announce()

    def close(self) -> None:
        """Stop for good, keeping the last layout, and release everything that continuing would need."""
        self._preparation = None
        self.pause()
        self._last_estimator = self.estimator
        self._method.close()
        self._method = self._new_method()
        self._at_rest.stop()
        self._new_rows = None
        self._placing.drop()

    def checkpoint(self) -> Checkpoint:
        """Return all that another run needs to go on from here."""
        restored, error, course = self._restored, self.error, self._course
        state = None if error is not None else self._method.state
        over = restored is None and self._playing and self._ended  # in an iteration that is not counted yet
        if over:
            course.record(self._method, self._epoch, self.spec)
        self._announce()
        known = self._shared_work.known_in(self.spec)
        return Checkpoint(
            playing=self._playing and not over,
            steps=self._steps,
            preparing=self._preparation is not None if restored is None else restored.preparing,
            status=self.status,
            layout=self.layout,
            frames=course.frames,
            ages=course.ages,
            changed_at=course.changed_at,
            state=state,
            neighbors_found=0 if known is None else known.found,
            failure="" if error is None else error_in_words(error),
            failed_when=self._failed_when,
        )

    # --- work ---------------------------------------------------------------------------------------

    def work(self) -> None:
        """Do one piece of work; an exception ends the run at its last good layout."""
        try:
            if self._at_rest.busy:
                self._at_rest.work()
            elif self._placing.busy:
                self._placing.work()
            elif not (self.resting or self.out_of_range):
                self._prepare() if self._preparation is not None else self._iterate()
        except BaseException as error:  # also the SystemExit of a user's metric
            self.fail(error)

    def tell(self) -> None:
        """Publish changes."""
        try:
            self._announce()
        except Exception as error:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """End the run with an error; its last layout stays."""
        preparing = self._preparation is not None
        now = self._method.now_in_words(preparing=preparing)
        self.error = error
        self._failed_when = "while neighbours were compared" if self._at_rest.busy else now
        self._preparation, self._playing = None, False
        self._at_rest.stop()
        self._announce()

    @property
    def _ended(self) -> bool:
        if self._restored is not None:
            return self._restored.status.ended and not self._playing
        return self._preparation is None and self._method.ready and self._method.ended

    def _go(self, *, playing: bool, steps: int | None = None) -> None:
        self._playing, self._steps = playing, steps
        self.asleep = False
        self._announce()

    def _continue(self, steps: int | None) -> None:
        if self.error is not None:
            self.restart()
        elif self._ended and self._restored is None:
            self._method.extend()
        self._go(playing=True, steps=steps)

    def _take(self, spec: Spec) -> None:
        """Take the parameters, and note what every status needs to know of them."""
        n = self._shared_work.n
        self.spec = spec
        #: Why these rows cannot have such a map; empty if they can.
        self.out_of_range = self.method.out_of_range(spec, n)
        self._uses_neighbors = self.method.use(spec, n) is not None

    def _new_method(self) -> Method:
        return self.method(self.spec, self.settings, self._shared_work)

    def _begin_anew(self) -> None:
        self._begin_epoch()
        self._prepare_anew()

    def _begin_epoch(self) -> None:
        self._epoch += 1
        self.error = None
        self.asleep = False

    def _prepare_anew(self) -> None:
        self._method.close()
        self._method = self._new_method()
        self._prepare_by(self._method.prepare())

    def _restore(self, checkpoint: Checkpoint) -> None:
        """Show what another run was, and prepare to go on from there."""
        status, layout = checkpoint.status, checkpoint.layout
        self._course.restore(checkpoint)
        known = self._shared_work.known_in(self.spec)
        if known is not None:
            known.search_as_before(checkpoint.neighbors_found)
        self._epoch, self._playing, self._steps = status.epoch, checkpoint.playing, checkpoint.steps
        if checkpoint.failure:
            self._restored, self._preparation = checkpoint, None
            self.error, self._failed_when = RunFailedError(checkpoint.failure), checkpoint.failed_when
            return
        slices = way_on(checkpoint, self._method)
        if slices is None:
            if status.iteration > 0:  # there is no way back, as from a sample
                self._playing, self._epoch = self._playing or status.ended, self._epoch + 1
            self._prepare_anew()
            return
        self._prepare_by(slices)
        self._restored = checkpoint
        if status.neighbors_kept is not None and layout is not None:
            self._at_rest.restore(layout, self.spec.part("neighbors"), status.neighbors_kept)

    def _prepare_by(self, slices: Slices) -> None:
        self._preparation, self._restored = slices, None
        self._stage, self._progress = next(slices)

    def _prepare(self) -> None:
        sampled = self._method.sample is not None
        try:
            self._stage, self._progress = next(self._preparation)  # type: ignore[arg-type]
            if sampled and self._method.sample is None:  # from here on it is another map, of all rows
                self._begin_epoch()
        except StopIteration:
            self._preparation = self._progress = None
            restored, self._restored = self._restored, None
            if restored is None or restored.preparing:
                self._course.note_change(self._method.iteration)
            if restored is not None and self._playing and self._method.ended:
                self._method.extend()
        # The next stage may take long: publish its name, and the first layout, before it.
        self._announce()

    def _iterate(self) -> None:
        method = self._method
        done = method.advance(self._steps)
        if done == 0:
            return
        if self._steps is not None:
            self._steps -= done
        if method.ended or self._steps == 0:
            self._playing, self._steps = False, None
        self._course.record(method, self._epoch, self.spec)

    def _announce(self) -> None:
        self._course.keep(self._method, self._epoch, self.spec)
        # Measure neither a layout that will move on nor one that no client shows.
        at_rest = self.layout if self.resting and not self.asleep else None
        metric, rows = self.spec.part("neighbors"), self._method.rows
        self._at_rest.look_at(at_rest, self.neighbors, metric, rows)
        sound = at_rest if self.error is None else None
        known = self._shared_work.known_in(self.spec)
        self._placing.look_at(self._new_rows, sound, metric, self._way_to_place, known)
        self.status = self._make_status()
        if self._told != (self.status, self.layout, self.placed):
            self._told = (self.status, self.layout, self.placed)
            self._publish(self)

    def _way_to_place(self, rows: GivenRows) -> Callable[[], tuple[np.ndarray, Neighbors]]:
        in_metric = rows.in_metric(self.spec.part("neighbors"), self.spec["metric"])
        return partial(places_of, self._method.placer(), in_metric, self._shared_work.n)

    # --- how it is ----------------------------------------------------------------------------------

    def _make_status(self) -> Status:
        if self._restored is not None:
            return self._status_as_restored(self._restored.status)
        method, ended = self._method, self._ended
        figures = dict(method.figures)
        kind, stage, waiting = self._stage_told(ended)
        kept = self._at_rest.kept(self.layout) if self.resting else None
        metric = "" if kept is None else self._shared_work.metric_told(self.spec)
        return Status(
            run=self.number,
            epoch=self._epoch,
            kind=kind,
            stage=stage,
            waiting=waiting,
            progress=self._progress,
            iteration=method.iteration,
            limit=method.limit,
            figures=figures,
            words=method.written(figures),
            playing=self._playing and not self.asleep and not self.out_of_range,
            ended=ended,
            settled=ended and method.settled,
            reason=self._reason(ended),
            advice=method.advice if ended else "",
            may_go_on=ended and method.may_go_on,
            values=self.spec.written,
            neighbors_kept=kept,
            kept_in_words="" if kept is None else self._at_rest.in_words(kept, metric),
            doubt=self._shared_work.doubt(self.spec) if self._uses_neighbors else "",
            placing=self._placing_told(),
        )

    def _status_as_restored(self, told: Status) -> Status:
        """Return the status of a map that has all its figures, but is not prepared to move yet."""
        plays = self._playing and not self.asleep
        told = replace(told, run=self.number, playing=plays, progress=None, placing=self._placing_told())
        if self.error is not None:
            return told
        if plays:
            return status_of_playing(told, self._stage, self._progress)
        return status_at_rest(told, self._reason(ended=False))

    def _stage_told(self, ended: bool) -> tuple[Kind, str, str]:
        """Return the kind of the stage, its name, and what the map waits for."""
        if self.error is not None:
            return "failed", "failed", ""
        if self.out_of_range:
            return "out of range", "out of range", ""
        if not ended and (self.asleep or (not self._playing and self.resting)):
            return "at rest", "paused", ""
        if self._preparation is None:
            return "at rest" if ended else "moving", self._method.phase, ""
        waiting = self._stage.awaited
        return "preparing" if waiting else "moving", self._stage.name, waiting

    def _placing_told(self) -> str:
        if self._new_rows is None or self.placed is not None:
            return ""
        if self.place_error:
            return no_new_rows(self.place_error)
        if self._placing.busy:
            return "placing new rows"
        return "new rows wait for the map to rest"

    def _reason(self, ended: bool) -> str:
        if self.error is not None:
            return failure_in_words(self.error, self._failed_when)
        if self.asleep:
            return "nobody is looking; it continues when it is shown again"
        return self.out_of_range or (self._method.why if ended else "")
