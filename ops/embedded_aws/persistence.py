"""Writes MiniStack's state while it is in use, so that a killed server loses little.

MiniStack saves on a clean stop only, every service as a whole. Here what changed is written about
once a second into one file (`state_file`), and all of it on `POST /_cufit/save` (after a
deployment, for example) and at the end. Rows and messages of one save are of one moment: a message
that is sent because of a row, or deleted after it, is never kept without the row.

A kill loses the writes since the last save, 2 seconds at most, and the log lines and metrics since
the last `POST /_cufit/save`. S3's objects are written as they come, by MiniStack.
"""

import asyncio
import contextlib
import hashlib
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Mapping, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ministack import app as ministack_app
from ministack.core import persistence as ministack_persistence
from ministack.services import lambda_svc, sqs

from embedded_aws import object_files, service_state, table_rows
from embedded_aws.exclusive import CannotStart
from embedded_aws.state_file import CannotSave, Content, StateFile

logger = logging.getLogger("embedded_aws.persistence")

SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 1.5
"""Seconds between two saves. A save reads at once what was written before it, so what a kill can
lose is a pause and the time of one save."""

SHARE_OF_TIME = 0.05
"""The share of the time that goes into saving, unless the longest pause is too short for it."""

ONLY_AT_THE_END = frozenset({"cloudwatch", "cloudwatch_logs"})
"""State keys that grow with every call and are worth little after a crash. Copying them while the
service is under load would stop the server for seconds."""

NOTHING = table_rows.Changes(set(), {})
TABLES_WAIT = "tables and rows wait for the queues, which cannot be read"

Handler = Callable[..., Awaitable[Any]]

_file = StateFile(Path(ministack_persistence.STATE_DIR) / "state.sqlite")
_saving = threading.Lock()
_written: dict[str, bytes] = {}
_called: set[str] = set()
_code_in_use: list[set[str]] = []
_prune_code = lambda_svc._prune_orphan_code_blobs
_trouble: str | None = None


def trouble() -> str | None:
    """Why something is not saved; None when all is."""
    return _trouble or next(iter(service_state.unwritable.values()), object_files.trouble())


def take_over() -> None:
    """Load and save in MiniStack's place, and note from now on what changes.

    Raises:
        CannotStart: there is state of an older form, which nothing reads any more.
    """
    folder = _file.path.parent
    if not _file.path.exists() and any(folder.glob("*.json")):
        raise CannotStart(f"{folder} holds state of an older version. Begin anew: make reset")
    if (content := _file.read()).damaged:  # what could be read goes into a new file
        _called.update(content.services)

    def load(service: str) -> Any:
        text = content.services.pop(service, None)
        return None if text is None else _state(service, text, content)

    ministack_app.load_state = load
    ministack_app.save_all = lambda _: _save_at_the_end()
    lambda_svc._prune_orphan_code_blobs = _code_in_use.append
    table_rows.watch()
    object_files.watch()
    _watch_calls()


def _watch_calls() -> None:
    for service, registered in ministack_app.SERVICE_REGISTRY.items():
        own = registered.get("state_key", registered["module"])
        keys = {own, *registered.get("sub_modules", ())}
        if service == "cloudformation":  # it writes into every other service's state
            keys = set(ministack_app._state_map)
        handler = ministack_app.SERVICE_HANDLERS[service]
        ministack_app.SERVICE_HANDLERS[service] = _noting(handler, keys - ONLY_AT_THE_END)


def _noting(handler: Handler, state_keys: set[str]) -> Handler:
    def handle(*request: Any) -> Awaitable[Any]:
        _called.update(state_keys)
        return handler(*request)

    return handle


async def save_while_in_use() -> None:
    """Save again and again what changed. Runs until cancelled; a failed save is tried again."""
    pause = SHORTEST_PAUSE
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(pause)
            started = time.monotonic()
            try:
                object_files.write_again()
                await save(set(_called))
            except CannotSave:
                pass  # said by then
            except Exception:
                logger.exception("NOT SAVED, a kill would lose it; tried again")
            took = time.monotonic() - started
            pause = min(max(SHORTEST_PAUSE, took / SHARE_OF_TIME), LONGEST_PAUSE)


async def save(services: Set[str] | None = None) -> None:
    """Write what changed of `services` (None: of all), and of rows and messages.

    Raises:
        CannotSave: not all of it was written; the next save tries it again.
    """
    while not _saving.acquire(blocking=False):
        await asyncio.sleep(0.01)
    try:
        taken = _taken(services)
    except BaseException:
        _saving.release()
        raise
    await asyncio.to_thread(_keep, taken)


def _save_at_the_end() -> None:
    _saving.acquire()
    with contextlib.suppress(CannotSave):
        _keep(_taken(None))
    _file.close()


@dataclass
class Taken:
    """What one save writes."""

    readers: dict[str, Callable[[], Any]]
    """Reads the state of each service that is to be saved."""
    texts: dict[str, str]
    """The state of queues and tables, of the moment when `changes` were taken."""
    changes: table_rows.Changes
    waits: str | None = None
    """What is left out, and why: no row may be gone before its message is kept."""


def _taken(services: Set[str] | None) -> Taken:
    """Call it where requests are answered, so that none is in the middle."""
    readers: dict[str, Callable[[], Any]] = ministack_app._build_persistence_save_dict()
    wanted = set(readers) if services is None else services & set(readers)
    _called.difference_update(wanted)
    if table_rows.pending():
        wanted = {*wanted, "dynamodb"}
    later = {name: readers[name] for name in wanted - {"sqs", "dynamodb"}}
    queues = _text("sqs", _messages)
    if queues is None:
        _called.update(wanted & {"dynamodb"})
        return Taken(later, {}, NOTHING, TABLES_WAIT if "dynamodb" in wanted else None)
    tables = _text("dynamodb", table_rows.state_without_rows) if "dynamodb" in wanted else None
    texts = {"sqs": queues} if tables is None else {"sqs": queues, "dynamodb": tables}
    return Taken(later, texts, table_rows.take())


def _messages() -> dict[str, Any]:
    """As `sqs.get_state`, nothing of it copied. Functions' queues are read in other threads."""
    return {"queues": sqs._queues, "queue_name_to_url": sqs._queue_name_to_url}


def _keep(taken: Taken) -> None:
    """Write what was taken, or give it back. Ends the hold on `_saving`."""
    changes = taken.changes
    try:
        _write(taken.texts, changes)
        table_rows.kept(changes)
        read = {name: _text(name, get_state) for name, get_state in taken.readers.items()}
        _write({name: text for name, text in read.items() if text is not None}, NOTHING)
        _forget_unused_code()
    except Exception as error:
        _called.update({*taken.readers, *taken.texts} - ONLY_AT_THE_END)
        table_rows.give_back(changes)
        _remember(str(error))
        raise error if isinstance(error, CannotSave) else CannotSave(repr(error)) from error
    else:
        _remember(taken.waits)
        if taken.waits:
            raise CannotSave(taken.waits)
    finally:
        _saving.release()


def _write(texts: Mapping[str, str], changes: table_rows.Changes) -> None:
    digests = {name: hashlib.sha256(text.encode()).digest() for name, text in texts.items()}
    changed = {name: text for name, text in texts.items() if _written.get(name) != digests[name]}
    if changed or changes.items or changes.emptied_tables:
        _file.write(changed, changes.emptied_tables, changes.rows())
    _written.update(digests)


def _remember(trouble: str | None) -> None:
    global _trouble  # noqa: PLW0603  of the one server of this process
    if trouble is not None and trouble != _trouble:
        logger.error("NOT SAVED, a kill would lose it: %s. Tried again every second", trouble)
    if trouble is None and _trouble is not None:
        logger.warning("saved again")
    _trouble = trouble


def _forget_unused_code() -> None:
    """MiniStack would do it before the state that no longer names the code is on disk."""
    if _code_in_use:
        _prune_code(_code_in_use[-1])
        _code_in_use.clear()


def _text(service: str, get_state: Callable[[], Any]) -> str | None:
    try:
        return service_state.text_of(service, get_state)
    except service_state.ChangesAllTheTime:
        logger.warning("the state of %s changes all the time; saved later", service)
        _called.update({service} - ONLY_AT_THE_END)
        return None


def _state(service: str, text: str, content: Content) -> Any:
    try:
        state = service_state.state_of(text)
        if service == "dynamodb":
            unread = table_rows.put_back(state["tables"], content.rows, saved=not content.damaged)
            if unread:
                logger.error("%d rows of tables in %s cannot be read", unread, _file.path)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        logger.error(  # noqa: TRY400  where it happened says nothing
            "the state of %s in %s cannot be read (%s); the rest is loaded. "
            "`make up` deploys the stacks again, `make reset` begins anew",
            service, _file.path, error,
        )  # fmt: skip
        return None
    return state
