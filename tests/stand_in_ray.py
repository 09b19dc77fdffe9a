"""A stand-in for Ray that does tasks at once, here; what it cannot show is shown with Ray in tests/system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any


class RayError(Exception):
    """Root of its errors."""


class RayTaskError(RayError):
    """A task raised ``cause``."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(str(cause))
        self.cause = cause


class TaskCancelledError(RayError):
    """A task was called off."""


class WorkerCrashedError(RayError):
    """A task's process ended."""


@dataclass(eq=False)
class Ref:
    """What will come of a task; ``waits`` until it is called off."""

    value: Any = None
    error: RayError | None = None
    waits: bool = False
    asked: list[bool] = field(default_factory=list)


class Waits(Exception):  # noqa: N818
    """Raised by a task that is to be under way until it is called off."""


class StandIn(ModuleType):
    """The module ``ray``, with one machine of some processors."""

    def __init__(self, processors: int = 2, stubborn: bool = False) -> None:
        super().__init__("ray")
        self.processors, self.stubborn = processors, stubborn
        self.initialised: dict[str, Any] | None = None
        self.refused: Exception | None = None
        self.refs: list[Ref] = []
        self.exceptions = ModuleType("ray.exceptions")
        for error in (RayError, RayTaskError, TaskCancelledError, WorkerCrashedError):
            setattr(self.exceptions, error.__name__, error)
        self._private = SimpleNamespace(worker=SimpleNamespace(print_to_stdstream=print))
        self.util = SimpleNamespace(scheduling_strategies=SimpleNamespace(NodeAffinitySchedulingStrategy=dict))

    def init(self, **given: Any) -> None:
        if self.refused is not None:
            raise self.refused
        self.initialised = given

    def is_initialized(self) -> bool:
        return self.initialised is not None

    def shutdown(self) -> None:
        self.initialised = None

    def nodes(self) -> list[dict[str, Any]]:
        return [{"NodeID": "1", "NodeManagerHostname": "one", "NodeManagerAddress": "127.0.0.2", "Alive": True}]

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": self.processors}

    def put(self, value: Any) -> Ref:
        return Ref(value)

    def get(self, ref: Ref, timeout: float | None = None) -> Any:  # noqa: ARG002
        if ref.error is not None:
            raise ref.error
        return ref.value

    def wait(self, refs: list[Ref], timeout: float) -> tuple[list[Ref], list[Ref]]:  # noqa: ARG002
        done = [ref for ref in refs if not ref.waits][:1]
        return done, [ref for ref in refs if ref not in done]

    def cancel(self, ref: Ref, force: bool) -> None:
        if not ref.waits:
            return
        ref.asked.append(force)
        if force or not self.stubborn:
            ref.waits, ref.error = False, TaskCancelledError()

    def remote(self, **_: Any) -> Callable[[Callable[..., Any]], Any]:
        return lambda function: Remote(self, function)


@dataclass
class Remote:
    """A function that can be sent."""

    ray: StandIn
    function: Callable[..., Any]
    returns: int = 1

    def options(self, num_returns: int = 1, **_: Any) -> Remote:
        return Remote(self.ray, self.function, num_returns)

    def remote(self, *given: Any) -> Any:
        given = tuple(one.value if isinstance(one, Ref) else one for one in given)
        try:
            value = self.function(*given)
        except Waits:
            found = [Ref(waits=True) for _ in range(self.returns)]
        except RayError as error:
            found = [Ref(error=error) for _ in range(self.returns)]
        except ValueError as error:
            found = [Ref(error=RayTaskError(error)) for _ in range(self.returns)]
        else:
            found = [Ref(one) for one in value] if self.returns > 1 else [Ref(value)]
        self.ray.refs += found
        return found if self.returns > 1 else found[0]
