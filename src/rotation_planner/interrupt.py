"""A signal ends the search, not the program: the best plan so far is still to be verified and handed out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
"""What asks for an end, as far as the system knows it."""


class Asked(threading.Event):
    """Set once a signal has asked for an end.

    Attributes
    ----------
    held : bool
        While True the first signal only sets the event; otherwise, and from the second on, it raises KeyboardInterrupt.
    """

    held = False
    _before = False

    def ask(self, signum: int, frame: FrameType | None) -> None:
        """Take a signal."""
        again, self._before = self._before, True
        if not again:  # the second may come while the first sets the event, which would wait for itself
            self.set()
        if again or not self.held:
            signal.default_int_handler(signum, frame)


@contextmanager
def graceful(held: bool = False) -> Iterator[Asked]:
    """Within it SIGINT, SIGTERM and SIGHUP ask for an end, and what is done can be finished.

    Signals that are ignored or handled elsewhere are left alone; outside the main thread all are.
    """
    asked = Asked()
    asked.held = held
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    defaults = {n: h for n in numbers if (h := signal.getsignal(n)) in (signal.SIG_DFL, signal.default_int_handler)}
    for number in defaults:
        signal.signal(number, asked.ask)
    try:
        yield asked
    finally:
        for number, handler in defaults.items():
            signal.signal(number, handler)
