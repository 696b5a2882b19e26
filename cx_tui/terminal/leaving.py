"""A screen that is being left loses its widgets one by one, while what it began still runs.

Textual ends the program when such work then asks for a widget that has gone; here it does not.
"""

from typing import TypeVar

from textual._context import active_message_pump
from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode
from textual.worker import WorkerFailed, active_worker

R = TypeVar("R")


class Leaving(App[R]):
    """A program whose screens may be left at any moment."""

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (isinstance(cause, NoMatches) and self._is_going()):
            super()._handle_exception(error)

    def _is_going(self) -> bool:
        """Whether the work that failed belongs to something that is being left."""
        worker = active_worker.get(None)
        node = worker.node if worker else active_message_pump.get(None)
        return not self._running or (isinstance(node, DOMNode) and (node._pruning or not node.is_attached))
