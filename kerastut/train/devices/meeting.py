"""Has the workers meet before TensorFlow starts.

TensorFlow's chief waits for its workers without end and deaf to Ctrl-C; here they meet over the
same ports within a deadline, and who is missing can be told.
"""

import socket
import time
from contextlib import ExitStack, suppress

from kerastut.errors import PeerError
from kerastut.train.devices.cluster import VARIABLE, Cluster

PATIENCE = 45.0  # seconds that the workers wait for each other
PROBE = 2.0  # seconds that one connection may take
PAUSE = 0.2  # seconds between two attempts
GRACE = 5.0  # seconds that a worker that ends may go on to accept connections


def meet(cluster: Cluster) -> None:
    """Returns when every worker has come; names those that did not come in time."""
    deadline = time.monotonic() + PATIENCE
    if cluster.is_chief:
        missing = _receive(cluster, deadline)
    else:
        cluster.listen().close()
        missing = _report(cluster, deadline)
    if missing:
        raise PeerError(
            f"{cluster.named(*missing)} did not come within {PATIENCE:.0f} seconds."
            f" Start the same command on every worker of {VARIABLE}."
        )


def gone(cluster: Cluster) -> list[int]:
    """Returns the other workers that accept no connection, given some seconds to end."""
    deadline = time.monotonic() + GRACE
    others = [index for index in range(len(cluster.workers)) if index != cluster.index]
    while True:
        found = [index for index in others if not _accepts(cluster, index)]
        if found or time.monotonic() > deadline:
            return found
        time.sleep(PAUSE)


def _receive(cluster: Cluster, deadline: float) -> list[int]:
    """Waits for the other workers, and tells each who is missing; returns that."""
    expected = {_greeting(cluster, index): index for index in range(1, len(cluster.workers))}
    with ExitStack() as stack:
        listener, arrived = stack.enter_context(cluster.listen()), []
        while expected and (left := deadline - time.monotonic()) > 0:
            listener.settimeout(left)
            try:
                connection = stack.enter_context(listener.accept()[0])
                connection.settimeout(PROBE)
                expected.pop(connection.recv(200), None)
            except OSError:
                continue
            arrived.append(connection)
        missing = sorted(expected.values())
        for connection in arrived:
            with suppress(OSError):  # the worker has ended since; the others will notice
                connection.sendall(f"missing: {missing}\n".encode())
    return missing


def _report(cluster: Cluster, deadline: float) -> list[int]:
    """Tells the chief that this worker has come; returns who is missing."""
    while (left := deadline - time.monotonic()) > 0:
        try:
            with socket.create_connection(cluster.address(0), PROBE) as connection:
                connection.sendall(_greeting(cluster, cluster.index))
                connection.settimeout(left + PROBE)
                answer = connection.recv(2000).decode()
        except OSError:
            answer = ""
        if answer.startswith("missing: "):
            return [int(number) for number in answer[10:].rstrip("]\n").split(", ") if number]
        time.sleep(PAUSE)
    return [0]


def _greeting(cluster: Cluster, index: int) -> bytes:
    return f"kerastut worker {index} of {len(cluster.workers)}\n".encode()


def _accepts(cluster: Cluster, index: int) -> bool:
    try:
        socket.create_connection(cluster.address(index), PROBE).close()
    except OSError:
        return False
    return True
