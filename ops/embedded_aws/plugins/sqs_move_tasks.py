"""StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask, which MiniStack lacks.

As botocore's model and docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide
(sqs-configure-dead-letter-queue-redrive) describe them: the source is the dead-letter queue of
another queue; messages go to where each came from, or to `DestinationArn`, as new messages with new
ids; one running task a source. What is in the queue and visible when the task starts is moved, at
most 500 messages a second. A message is in one of the two queues at every moment, and so in every
save; a task that a kill interrupts goes on.

Errors are those of the model: ResourceNotFoundException, InvalidAddress for what is no ARN or
handle, UnsupportedOperation for the rest. Only the JSON protocol, the one the model names.
"""

import json
import time
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import sqs

from embedded_aws import background
from embedded_aws.plugins.records import Records
from embedded_aws.plugins.sqs_move_task_permissions import new_handle, source_of

INTERVAL_SECONDS = 0.1
MOST_PER_SECOND = 500
LISTED = 10

Task = dict[str, Any]
Queue = dict[str, Any]
Request = dict[str, Any]

_tasks = Records("cufit_message_move_tasks")
"""By handle, oldest first."""


def apply() -> None:
    _tasks.keep_with_the_rest("sqs")
    sqs._HANDLERS |= {
        "StartMessageMoveTask": start,
        "ListMessageMoveTasks": listed,
        "CancelMessageMoveTask": cancel,
    }
    background.every(INTERVAL_SECONDS, move)


def start(request: Request, _url: str) -> dict[str, Any]:
    source = _queue(request, "SourceArn")
    if "DestinationArn" in request:
        _check_destination(source, _queue(request, "DestinationArn"))
    rate = _number(request, "MaxNumberOfMessagesPerSecond", MOST_PER_SECOND)
    arn = request["SourceArn"]
    if not any(_dead_letter_queue_of(queue) == arn for queue in sqs._queues.values()):
        raise _unsupported(f"{arn} is not the dead-letter queue of a queue")
    of_source = [task for task in _tasks.values() if task["SourceArn"] == arn]
    if any(task["Status"] in ("RUNNING", "CANCELLING") for task in of_source):
        raise _unsupported(f"a task is running for {arn}; one at a time")
    now = time.time()
    handle = new_handle(arn)
    ids = [message["id"] for message in source["messages"] if message["visible_at"] <= now]
    _tasks[handle] = {
        **{key: request[key] for key in ("SourceArn", "DestinationArn") if key in request},
        **({} if rate is None else {"MaxNumberOfMessagesPerSecond": rate}),
        "Status": "RUNNING",
        "StartedTimestamp": int(now * 1000),
        "ApproximateNumberOfMessagesMoved": 0,
        "ApproximateNumberOfMessagesToMove": len(ids),
        "ids": ids,
        "allowance": 0.0,
    }
    for old in [old for old, task in _tasks.items() if task["SourceArn"] == arn][:-LISTED]:
        del _tasks[old]
    return {"TaskHandle": handle}


def _check_destination(source: Queue, destination: Queue) -> None:
    if destination is source:
        raise _unsupported("DestinationArn is SourceArn; it must be another queue")
    if destination["is_fifo"] != source["is_fifo"]:
        raise _unsupported("one of SourceArn and DestinationArn is a FIFO queue, the other is not")


def listed(request: Request, _url: str) -> dict[str, Any]:
    _queue(request, "SourceArn")
    count = _number(request, "MaxResults", LISTED) or 1
    found = [
        {
            **({"TaskHandle": handle} if task["Status"] == "RUNNING" else {}),
            **{key: value for key, value in task.items() if key[0].isupper()},
        }
        for handle, task in _tasks.items()
        if task["SourceArn"] == request["SourceArn"]
    ]
    return {"Results": found[::-1][:count]}


def cancel(request: Request, _url: str) -> dict[str, Any]:
    handle = request.get("TaskHandle", "")
    if source_of(handle) is None:
        raise sqs._Err("InvalidAddress", f"TaskHandle {handle!r} is not the handle of a task")
    task = _tasks.get(handle)
    if task is None:
        raise sqs._Err("ResourceNotFoundException", "The task does not exist.", 404)
    if task["Status"] != "RUNNING":
        raise _unsupported(f"the task is {task['Status']}; only a RUNNING one can be cancelled")
    task["Status"] = "CANCELLING"
    return {"ApproximateNumberOfMessagesMoved": task["ApproximateNumberOfMessagesMoved"]}


def move() -> None:
    """Bring every active task on by what `INTERVAL_SECONDS` allow."""
    for task in _tasks.values():
        if task["Status"] == "CANCELLING":
            task["Status"] = "CANCELLED"
        elif task["Status"] == "RUNNING":
            with sqs._queues_lock:
                _advance(task)


def _advance(task: Task) -> None:
    source = sqs._queue_by_arn(task["SourceArn"])
    if source is None:
        _fail(task, "AWS.SimpleQueueService.NonExistentQueue")
        return
    rate = task.get("MaxNumberOfMessagesPerSecond", MOST_PER_SECOND)
    task["allowance"] += rate * INTERVAL_SECONDS
    now = time.time()
    wanted = set(task["ids"])
    waiting = [m for m in source["messages"] if m["id"] in wanted and m["visible_at"] <= now]
    moving = waiting[: int(task["allowance"])]
    for message in moving:
        destination = _destination(task, message)
        if destination is None:
            return
        source["messages"].remove(message)
        destination["messages"].append(_anew(message, destination, now))
        task["allowance"] -= 1
        task["ApproximateNumberOfMessagesMoved"] += 1
        sqs.esm_wake.set()
    if len(moving) == len(waiting):
        task |= {"Status": "COMPLETED", "ids": []}


def _destination(task: Task, message: dict[str, Any]) -> Queue | None:
    """Where `message` goes; None when the task fails by it."""
    arn = task.get("DestinationArn", message["sys"].get("DeadLetterQueueSourceArn"))
    if arn is None:
        _fail(task, "CouldNotDetermineMessageSource")
        return None
    queue: Queue | None = sqs._queue_by_arn(arn)
    if queue is None:
        _fail(task, "AWS.SimpleQueueService.NonExistentQueue")
    return queue


def _anew(message: dict[str, Any], destination: Queue, now: float) -> dict[str, Any]:
    """`message` as one that was sent now."""
    known_to_sender = {
        key: value
        for key, value in message["sys"].items()
        if key not in ("DeadLetterQueueSourceArn", "SentTimestamp")
    }
    renewed = {key: value for key, value in message.items() if key != "enqueued_at"}
    if destination["is_fifo"]:
        destination["fifo_seq"] += 1
        renewed["seq"] = str(destination["fifo_seq"]).zfill(20)
    return renewed | {
        "id": new_uuid(),
        "receipt_handle": None,
        "sent_at": now,
        "visible_at": now + sqs.queue_delay(destination),
        "receive_count": 0,
        "first_receive_at": None,
        "sys": known_to_sender | {"SentTimestamp": str(int(now * 1000))},
    }


def _fail(task: Task, reason: str) -> None:
    task |= {"Status": "FAILED", "FailureReason": reason, "ids": []}


def _dead_letter_queue_of(queue: Queue) -> str | None:
    policy = json.loads(queue["attributes"].get("RedrivePolicy") or "{}")
    found: str | None = policy.get("deadLetterTargetArn")
    return found


def _queue(request: Request, parameter: str) -> Queue:
    arn = request.get(parameter, "")
    if not isinstance(arn, str) or not arn.startswith("arn:aws:sqs:") or arn.count(":") != 5:
        raise sqs._Err(
            "InvalidAddress",
            f"{parameter} {arn!r} is not an ARN like arn:aws:sqs:REGION:ACCOUNT:NAME",
        )
    queue: Queue | None = sqs._queue_by_arn(arn)
    if queue is None:
        raise sqs._Err(
            "ResourceNotFoundException",
            f"The resource that you specified for the {parameter} parameter doesn't exist.",
            404,
        )
    return queue


def _number(request: Request, parameter: str, most: int) -> int | None:
    value = request.get(parameter)
    if value is None:
        return None
    if not isinstance(value, int) or not 1 <= value <= most:
        raise sqs._Err(
            "InvalidParameterValue",
            f"Value {value} for parameter {parameter} is invalid. Reason: Must be 1 to {most}.",
        )
    return value


def _unsupported(why: str) -> Exception:
    error: Exception = sqs._Err("UnsupportedOperation", why)
    return error
