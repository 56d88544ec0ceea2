"""Resources MiniStack has no store for, kept by ARN and saved with its own state."""

from typing import Any

from ministack import app

Record = dict[str, Any]


class Records:
    def __init__(self, state_key: str) -> None:
        self._state_key = state_key
        self._records: dict[str, Record] = {}

    def put(self, key: str, record: Record) -> None:
        self._records[key] = record

    def get(self, key: str) -> Record | None:
        return self._records.get(key)

    def remove(self, key: str) -> None:
        self._records.pop(key, None)

    def keep_with_the_rest(self) -> None:
        keep_with_the_rest(self._state_key, self, "cloudformation")

    # MiniStack's contract of a service module with state.

    def get_state(self) -> Record:
        return dict(self._records)

    def load_persisted_state(self, state: Record) -> None:
        self._records.update(state)

    def reset(self) -> None:
        self._records.clear()


def keep_with_the_rest(state_key: str, module: object, service: str) -> None:
    """Have MiniStack save, load and reset `module` with the state of `service`.

    `module` has get_state, load_persisted_state and reset.
    """
    registered = app.SERVICE_REGISTRY[service]
    registered["sub_modules"] = (*registered.get("sub_modules", ()), state_key)
    app._loaded_modules[state_key] = module
    app._state_map[state_key] = state_key
