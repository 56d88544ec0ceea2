"""`aws:SecureTransport` is true for callers on this machine.

MiniStack enforces bucket and queue policies, and over plain HTTP every policy that denies insecure
transport (`enforce_ssl`, CDK's bootstrap bucket) would deny everybody. The server listens on
127.0.0.1 only, where nothing can be read on the way. `enforce_ssl` itself cannot be tested here.
"""

from ministack import app


def apply() -> None:
    pin_request_origin = app.pin_request_origin

    def pin_as_secure(source_ip: str, _secure_transport: bool) -> None:
        pin_request_origin(source_ip, True)

    app.pin_request_origin = pin_as_secure
