"""No search for cycles of references while a plan is checked."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_cycles_sought() -> Iterator[None]:
    """Let Python's collector rest: nothing of a check refers to itself, and all is freed at its end without it.

    The collector starts whenever many objects were made, and a check makes dozens for each cadre: it took a quarter
    of the time and found nothing.
    """
    was_on = gc.isenabled()
    try:
        gc.disable()
        yield
    finally:
        if was_on:
            gc.enable()
