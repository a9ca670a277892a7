"""A session with Ray: joined to a cluster, or on this machine's cores and ended afterwards."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from vtk_notebooks.errors import VtkError

_GOES = 3  # to start Ray


@contextmanager
def ray_session(address: str, workers: int) -> Iterator[Any]:
    """Ray itself, ready to be used; what was started here is ended here.

    Args:
        address: of a cluster; "" is a session that is open, `$RAY_ADDRESS`, or this machine.
        workers: that must find room on this machine.

    Raises:
        VtkError: without Ray, or where no cluster answers.
    """
    try:
        import ray
        import ray.data
    except ModuleNotFoundError:
        hint = "pip install 'vtk-notebooks[cluster]', or leave engine='ray' out."
        raise VtkError("ablate", "the package ray for engine='ray'", "none", hint) from None
    if ray.is_initialized():
        yield ray
        return
    address = address or os.environ.get("RAY_ADDRESS", "")
    _join(ray, address) if address else _start(ray, max(workers, os.cpu_count() or 1))
    try:
        yield ray
    finally:
        ray.shutdown()


def _join(ray: Any, address: str) -> None:
    try:
        ray.init(address, log_to_driver=False)
    except (ConnectionError, ValueError, RuntimeError) as error:
        hint = "Start one with `ray start --head`, or leave address out."
        raise VtkError("ablate", "a Ray cluster", f"{address!r}: {error}", hint) from None


def _start(ray: Any, cores: int) -> None:
    """Ray's own processes must be up within seconds, which on a busy machine may take two goes."""
    for more in reversed(range(_GOES)):
        try:
            ray.init("local", num_cpus=cores, include_dashboard=False, log_to_driver=False)
        except Exception as error:  # Ray has no class of its own for it
            ray.shutdown()
            if not more:
                hint = "Is the machine too busy? Try again, or use engine='local'."
                raise VtkError("ablate", "Ray on this machine", str(error), hint) from error
        else:
            return


@contextmanager
def quiet() -> Iterator[None]:
    """Without the tracebacks of Ray Data: what is lost is done again, or stands in its row."""
    log = logging.getLogger("ray.data")
    level = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(level)


def machines(ray: Any) -> list[float]:
    """Cores of each machine that is alive."""
    return [node["Resources"].get("CPU", 0.0) for node in ray.nodes() if node["Alive"]]


def cores_each(ray: Any, workers: int) -> int:
    """Of each worker: its share of the cluster, but no more than a machine has."""
    cores = machines(ray)
    return max(1, int(min(max(cores), sum(cores) / workers)))


def beside(ray: Any, actor: type, *args: Any) -> Any:
    """An actor on this very machine, for others may be taken back."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return ray.remote(num_cpus=0, scheduling_strategy=here)(actor).remote(*args)
