"""What only one embedded AWS can have: a port, and a state directory."""

import contextlib
import fcntl
import socket
from collections.abc import Iterator
from pathlib import Path

from embedded_aws.environment import HOST


class CannotStart(RuntimeError):
    """The server did not start; the message says what to do about it."""


def listening(port: int) -> socket.socket:
    """A socket that listens on `port` of this machine.

    Raises:
        CannotStart: the port is not free.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(256)
    except OSError as error:
        raise CannotStart(
            f"port {port} on {HOST} is not free ({error.strerror}). Stop what uses it, or "
            f"choose another one: CUFIT_LOCAL_AWS_PORT={port + 10} make up"
        ) from error
    return listener


@contextlib.contextmanager
def only_user_of(state_dir: Path) -> Iterator[None]:
    """Hold `state_dir`, made if missing, until the process ends.

    Raises:
        CannotStart: another embedded AWS holds it, or it cannot be written.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        lock = (state_dir / "lock").open("w")
    except OSError as error:
        raise CannotStart(f"cannot write {state_dir}: {error.strerror}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"another embedded AWS uses {state_dir}. Stop it first: make down"
            ) from error
        yield
