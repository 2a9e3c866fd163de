"""An anywidget whose traits several threads may set, and only to valid values."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from threading import RLock
from typing import Any

import anywidget
import traitlets
from ipywidgets import widget_serialization

from ..errors import TSNEWidgetError
from ..wire import parsing
from ..wire.bundle import STUB, bundle_trait

log = logging.getLogger(__name__)


class SyncedWidget(anywidget.AnyWidget):
    """The widget as clients have it: the code of the view, and traits, all checked before any is set."""

    _esm = STUB

    #: Held while a thread sets traits.
    _lock: RLock
    _bundle = traitlets.Dict().tag(sync=True, **widget_serialization)
    #: A client sets it together with other traits: its name, and a number that rises.
    _told: Any = traitlets.Dict().tag(sync=True, echo_update=False)

    def __init__(self, **traits: Any):
        super().__init__(**traits)
        _answer_in_the_callers_subshell(self.comm)

    def set_state(self, sync_data: Any) -> None:
        """Take traits from a client; one thread at a time, as notifications are held meanwhile.

        Raises
        ------
        TSNEWidgetError
            A value is not allowed: no trait is set, and clients get the current values again.
        """
        with self._lock:
            try:
                self._check_state(sync_data)
            except TSNEWidgetError as error:
                log.warning("a change in the browser was refused: %.300s", error)
                if isinstance(sync_data, Mapping):
                    self.send_state([name for name in sync_data if name in self.keys])
                raise
            super().set_state(sync_data)

    def _check_state(self, state: Any) -> None:
        # ipywidgets tells all clients of a change before it checks the values.
        parsing.check_traits(state)
        for name, value in state.items():
            from_json = self.trait_metadata(name, "from_json", self._trait_from_json)
            self.traits()[name]._validate(self, from_json(value, self))

    def _send(self, msg: Any, buffers: Any = None) -> None:
        """Send a message, or traits; a client that cannot be reached stops nothing in Python."""
        try:
            super()._send(msg, buffers=buffers)
        except Exception:  # what a host's own comm raises
            log.exception("a message to the browser could not be sent")

    @traitlets.default("_bundle")
    def _find_bundle(self) -> dict[str, Any]:
        # Only when the comm is opened, so that bad input leaves nothing behind.
        return bundle_trait(self._model_id)


def _answer_in_the_callers_subshell(comm: Any) -> None:
    # ipykernel 7.4 routes a comm's replies to the subshell of whoever published last. Our threads publish
    # all the time and have none, so that a slider would wait for the running cell.
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default
