"""Ctrl-C ends the search, not the program: the best plan so far is still to be verified and handed out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def graceful() -> Iterator[threading.Event]:
    """Within it, the first SIGINT sets the event instead of raising at some arbitrary line; the second raises.

    Outside the main thread, or where SIGINT is ignored or handled elsewhere, nothing changes.
    """
    asked = threading.Event()
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield asked
        return

    def ask(signum: int, frame: FrameType | None) -> None:
        if asked.is_set():
            signal.default_int_handler(signum, frame)
        asked.set()

    signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
