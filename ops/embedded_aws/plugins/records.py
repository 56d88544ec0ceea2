"""What MiniStack has no store for, kept by ARN or handle and saved with its own state."""

from typing import Any

from ministack import app

Record = dict[str, Any]


class Records(dict[str, Record]):
    def __init__(self, state_key: str) -> None:
        super().__init__()
        self._state_key = state_key

    def keep_with_the_rest(self, service: str = "cloudformation") -> None:
        keep_with_the_rest(self._state_key, self, service)

    # MiniStack's contract of a service module with state.

    def get_state(self) -> dict[str, Record]:
        return dict(self)

    def load_persisted_state(self, state: dict[str, Record]) -> None:
        self.update(state)

    def reset(self) -> None:
        self.clear()


def keep_with_the_rest(state_key: str, module: object, service: str) -> None:
    """Have MiniStack save, load and reset `module` with the state of `service`.

    `module` has get_state, load_persisted_state and reset.
    """
    registered = app.SERVICE_REGISTRY[service]
    registered["sub_modules"] = (*registered.get("sub_modules", ()), state_key)
    app._loaded_modules[state_key] = module
    app._state_map[state_key] = state_key
