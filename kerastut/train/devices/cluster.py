"""The machines that train together, as the variable TF_CONFIG names them."""

import json
import os
import re
import socket
from collections import Counter
from dataclasses import dataclass
from typing import Any

from kerastut.errors import ParameterError, listed, one_line, shown
from kerastut.registry import Settings

STRATEGIES = ("mirrored", "multi-worker")
VARIABLE = "TF_CONFIG"
# Names as a resolver takes them, of parts of at most 63 characters, or an address of IPv6; a port.
ADDRESS = re.compile(
    r"(?:\[[0-9a-f:.]{1,45}\]|[\w-]{1,63}(?:\.[\w-]{1,63}){0,9}):(\d{1,5})",
    re.ASCII | re.IGNORECASE,
)
EXAMPLE = (
    '{"cluster": {"worker": ["10.0.0.1:12345", "10.0.0.2:12345"]},'
    ' "task": {"type": "worker", "index": 0}}'
)


@dataclass(frozen=True)
class Cluster:
    """The workers, and which of them this process is."""

    workers: tuple[str, ...]  # for each its address, `host:port`
    index: int  # this one's place among them

    @property
    def is_chief(self) -> bool:
        """Whether this worker prints and writes the results."""
        return self.index == 0

    def address(self, index: int) -> tuple[str, int]:
        """Returns a worker's host and port."""
        host, _, port = self.workers[index].rpartition(":")
        return host.strip("[]"), int(port)

    def named(self, *indices: int) -> str:
        """Returns the workers' numbers and addresses, for people."""
        return " and ".join(f"worker {index} ({self.workers[index]})" for index in indices)

    def listen(self) -> socket.socket:
        """Returns a socket on this worker's port; refuses one that another process uses."""
        port = self.address(self.index)[1]
        both = socket.has_dualstack_ipv6()
        family = socket.AF_INET6 if both else socket.AF_INET
        try:
            return socket.create_server(("", port), family=family, dualstack_ipv6=both)
        except OSError as error:
            raise ParameterError(
                f"{self.named(self.index)} cannot listen on port {port}:"
                f" {os.strerror(error.errno or 0)}. End the process that uses it, or give the"
                f" worker another port in {VARIABLE}."
            ) from None


def read_strategy(name: str | None, settings: Settings) -> Cluster | None:
    """Returns the cluster that a strategy works on, or `None` if that is this machine alone.

    Raises:
        ParameterError: If there is no such strategy, TF_CONFIG does not describe a cluster, or
            the batch size leaves workers with unequal shares.
    """
    if name not in (None, *STRATEGIES):
        raise ParameterError(
            f"strategy must be one of {', '.join(STRATEGIES)}, or None; received {name!r}."
        )
    if name != "multi-worker":
        return None
    cluster = read_cluster()
    require_shares(settings.batch_size, len(cluster.workers), "workers")
    return cluster


def require_shares(batch_size: int, count: int, what: str) -> None:
    """Refuses a batch size that does not give each worker or device the same number of samples."""
    if batch_size % count:
        raise ParameterError(
            f"{count} {what} cannot share a batch of {batch_size} equally. Pass --batch-size"
            f" {-(-batch_size // count) * count}; it is the size of the whole batch."
        )


def read_cluster() -> Cluster:
    """Reads TF_CONFIG; refuses it unless it names the workers and this one."""
    text = os.environ.get(VARIABLE, "")
    if not text.strip():
        raise _unfit("it is not set")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unfit(f"it is not JSON ({one_line(error)})") from None
    cluster, task = _part(found, "cluster"), _part(found, "task")
    workers = _part(cluster, "worker")
    if not isinstance(workers, list) or not workers or not all(map(_is_address, workers)):
        raise _unfit("cluster.worker does not list the workers as host:port")
    if others := sorted(cluster.keys() - {"worker"}):
        raise _unfit(f"cluster has {shown(listed(others))}; every machine belongs under worker")
    if twice := sorted(address for address, times in Counter(workers).items() if times > 1):
        raise _unfit(f"cluster.worker lists {shown(listed(twice))} more than once")
    return Cluster(tuple(workers), _index(task, len(workers)))


def _part(found: Any, name: str) -> Any:
    return found.get(name) if isinstance(found, dict) else None


def _is_address(address: Any) -> bool:
    match = ADDRESS.fullmatch(address) if isinstance(address, str) else None
    return match is not None and 0 < int(match[1]) < 2**16


def _index(task: Any, count: int) -> int:
    kind, index = _part(task, "type"), _part(task, "index")
    if kind != "worker":
        raise _unfit(f'task.type is {shown(json.dumps(kind))}, not "worker"')
    if type(index) is not int or not 0 <= index < count:
        raise _unfit(
            f"task.index is {shown(json.dumps(index))}, not from 0 to {count - 1} as for {count}"
            " workers"
        )
    return index


def _unfit(problem: str) -> ParameterError:
    return ParameterError(
        f"multi-worker reads the workers from the variable {VARIABLE}, but {problem}."
        f" Set it like {EXAMPLE}."
    )
