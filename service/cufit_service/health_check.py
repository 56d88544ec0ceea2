"""What asks the process how it is, from inside its container, every few seconds for as long as it
runs.

A container has no shell and no curl, so it is Python's start that costs: 9.5 ms of processor time
in the image as below, 60 with `site` and urllib (x86, Python 3.13; `make image-check` measures it).
"""

from typing import Final

INTERVAL_SECONDS: Final = 8
"""Of a quarter of a vCPU one check of 20 ms would be 1 %. ECS takes 5 to 300."""

TIMEOUT_SECONDS: Final = 3
"""ECS's, from the start of Python."""

ANSWER_SECONDS: Final = 2.0

# `socket` is `_socket` and 8 ms of enumerations and selectors.
_PROGRAM: Final = """\
import _socket
asking = _socket.socket()
asking.settimeout({seconds})
asking.connect(("127.0.0.1", {port}))
asking.send(b"GET /health HTTP/1.0\\r\\n\\r\\n")
raise SystemExit(asking.recv(12) != b"HTTP/1.1 200")
"""


def command(port: int, answer_seconds: float = ANSWER_SECONDS) -> list[str]:
    """To be executed as it is: ends with 0 for a 200, else with 1, within `answer_seconds` for each
    of connecting and waiting."""
    return ["python", "-I", "-S", "-c", _PROGRAM.format(port=port, seconds=answer_seconds)]
