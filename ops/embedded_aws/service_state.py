"""A service's state as text and back, in MiniStack's own format."""

import json
import logging
from collections.abc import Callable
from typing import Any

from ministack.core import persistence as ministack_persistence

logger = logging.getLogger("embedded_aws.service_state")

ATTEMPTS = 10

unwritable: dict[str, str] = {}
"""Services whose state cannot be written as text, and why. What was kept of them before stays."""


class ChangesAllTheTime(RuntimeError):
    """It changed in each attempt to read it."""


def text_of(service: str, get_state: Callable[[], Any]) -> str | None:
    """The text of a service's state; None when there is nothing to write.

    Raises:
        ChangesAllTheTime: try again later.
    """
    for _ in range(ATTEMPTS):
        try:
            state = get_state()
            text = None if state is None else _encoded(service, state)
        except RuntimeError:  # it changed while it was read
            continue
        except Exception as error:  # of one service, which must not end the saving of the others
            if service not in unwritable:
                logger.exception("the state of %s cannot be written; all else is", service)
            unwritable[service] = f"the state of {service}: {error!r}"
            return None
        unwritable.pop(service, None)
        return text
    raise ChangesAllTheTime(service)


def state_of(text: str) -> Any:
    """The state that was written as `text`.

    Raises:
        ValueError: it is not such a text.
    """
    read = json.loads(text, object_hook=ministack_persistence._json_object_hook)
    try:
        return read["payload"]
    except (KeyError, TypeError) as error:
        raise ValueError(f"no state: {text[:40]!r}") from error


def _encoded(service: str, state: Any) -> str:
    version = ministack_persistence._state_format_version(service)
    return json.dumps(
        {"__ministack_format__": version, "payload": state},
        default=ministack_persistence._json_default,
    )
