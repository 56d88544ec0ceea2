"""`aws:SecureTransport` is true for callers on this machine, and for what AWS does by itself.

MiniStack enforces the policies of buckets, queues and topics, and over plain HTTP every policy that
denies insecure transport (`enforce_ssl`, CDK's bootstrap bucket) would deny everybody. The server
listens on 127.0.0.1 only, where nothing can be read on the way. `enforce_ssl` itself cannot be
tested here.
"""

from contextvars import ContextVar

from ministack import app
from ministack.core import iam_evaluator


def apply() -> None:
    pin_request_origin = app.pin_request_origin

    def pin_as_secure(source_ip: str, _secure_transport: bool) -> None:
        pin_request_origin(source_ip, True)

    app.pin_request_origin = pin_as_secure
    # Of what no request started: alarms, schedules.
    iam_evaluator._request_origin = ContextVar("request_origin", default=("127.0.0.1", True))
