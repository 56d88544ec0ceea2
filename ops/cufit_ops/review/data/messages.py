"""Queues, log groups and parameters that stay: how long what is in them is kept."""

from collections.abc import Iterator, Sequence
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.data.holdings import LOG_GROUP, PARAMETER, QUEUE
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, listed, named, with_particle

_QUEUE_DAYS = 4
"""MessageRetentionPeriod when nothing is said (CloudFormation, AWS::SQS::Queue, 2026-11)."""

_QUEUE_BYTES = 1_048_576
"""MaximumMessageSize when nothing is said (the same, 2026-11)."""

_DAY = 86_400

_ANSWER, _PARTLY = "FunctionResponseTypes", "ReportBatchItemFailures"
"""Without it a function that answers with failures, and raises nothing, has handled everything
(Lambda developer guide, Handling errors for an SQS event source, 2026-11)."""


def findings(difference: ResourceDifference) -> Iterator[Finding]:
    if not difference.old or not difference.new:
        return
    old = difference.old.get("Properties", {})
    new = difference.new.get("Properties", {})
    where = address(difference.stack, difference.logical_id)
    name = named(difference.old, difference.logical_id)
    if difference.kind == QUEUE:
        yield from _queue(where, name, old, new)
    elif difference.kind == PARAMETER and old.get("Value") != new.get("Value"):
        yield from _parameter(where, name, old.get("Value"), new.get("Value"))
    elif difference.kind == "AWS::Bedrock::DataSource":
        yield from _data_source(where, name, old, new)
    elif difference.kind == "AWS::Lambda::EventSourceMapping" and (
        _PARTLY in old.get(_ANSWER, []) and _PARTLY not in new.get(_ANSWER, [])
    ):
        yield Finding(
            Topic.DATA, Rank.DANGER, where,
            Sentence(
                "Messages that fail are deleted as if they were handled: Lambda no longer reads "
                "which of them the function could not handle",
                "처리에 실패한 메시지도 처리된 것으로 여겨 삭제됩니다. 어느 메시지가 실패했는지 "
                "Lambda가 더는 읽지 않습니다",
            ),
            f"{_ANSWER}: −{_PARTLY}", Gate.DATA_LOSS,
        )  # fmt: skip


def _data_source(
    where: str, name: Sentence, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Finding]:
    was, now = (side.get("DataDeletionPolicy") for side in (old, new))
    if was == now:
        return
    deletes = now != "RETAIN"  # DELETE when nothing is said
    sentence = Sentence(
        f"When {name.english} is deleted later, what it put into the index is "
        + ("deleted too" if deletes else "kept"),
        f"나중에 {with_particle(name.korean, '이/가')} 삭제되면 인덱스에 넣은 것도 "
        + ("함께 삭제됩니다" if deletes else "남습니다"),
    )
    rank = Rank.NOTICE if deletes else Rank.DETAIL
    yield Finding(Topic.DATA, rank, where, sentence, f"DataDeletionPolicy: {was} → {now}")


def _queue(
    where: str, name: Sentence, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Finding]:
    before, after = (
        int(side.get("MessageRetentionPeriod", _QUEUE_DAYS * _DAY)) for side in (old, new)
    )
    evidence = f"MessageRetentionPeriod: {before} → {after} s"
    if after < before:
        sentence = Sentence(
            f"Messages in {name.english} are deleted after {_time(after)} instead of "
            f"{_time(before)}, handled or not",
            f"{name.korean}의 메시지가 처리되지 않았어도 {_korean_time(before)} 대신 "
            f"{_korean_time(after)} 뒤에 삭제됩니다",
        )
        yield Finding(Topic.DATA, Rank.DANGER, where, sentence, evidence, Gate.DATA_LOSS)
    elif after > before:
        sentence = Sentence(
            f"Messages in {name.english} are kept {_time(after)} instead of {_time(before)}",
            f"{name.korean}의 메시지를 {_korean_time(before)} 대신 {_korean_time(after)} 동안 "
            "보관합니다",
        )
        yield Finding(Topic.DATA, Rank.DETAIL, where, sentence, evidence)
    if old.get("RedrivePolicy") and not new.get("RedrivePolicy"):
        sentence = Sentence(
            f"Messages in {name.english} that cannot be handled are lost in the end: no "
            "dead-letter queue keeps them any more, and no alarm tells of them",
            f"{name.korean}에서 처리하지 못한 메시지가 결국 사라집니다. 따로 모아 두는 "
            "큐(dead-letter "
            "queue)가 없어지고 알람도 오지 않습니다",
        )
        yield Finding(
            Topic.DATA, Rank.DANGER, where, sentence,
            f"RedrivePolicy: {old['RedrivePolicy']} → none", Gate.DATA_LOSS,
        )  # fmt: skip
    elif old.get("RedrivePolicy") != new.get("RedrivePolicy"):
        yield from _redrive(where, name, old.get("RedrivePolicy") or {}, new["RedrivePolicy"])
    for key, default, english, korean in (
        ("DelaySeconds", 0, "Messages in {} are handled {} s after they were put there",
         "{}의 메시지를 넣은 지 {}초 뒤에 처리합니다"),
        ("MaximumMessageSize", _QUEUE_BYTES, "Messages for {} above {} bytes are refused",
         "{}에 {}바이트를 넘는 메시지를 넣을 수 없습니다"),
    ):  # fmt: skip
        was, now = (side.get(key, default) for side in (old, new))
        if (was < now) if key == "DelaySeconds" else (now < was):
            sentence = Sentence(english.format(name.english, now), korean.format(name.korean, now))
            yield Finding(Topic.DATA, Rank.NOTICE, where, sentence, f"{key}: {was} → {now}")


def _redrive(
    where: str, name: Sentence, old: dict[str, Any], new: dict[str, Any]
) -> Iterator[Finding]:
    evidence = f"RedrivePolicy: {old or 'none'} → {new}"
    was, now = old.get("maxReceiveCount"), new.get("maxReceiveCount")
    if was and was != now:
        times = f"{now} time{'' if now == 1 else 's'}"
        sentence = Sentence(
            f"Messages in {name.english} are tried {times} instead of {was} before they are set "
            "aside",
            f"{name.korean}의 메시지를 {was}번 대신 {now}번 시도한 뒤 따로 모아 둡니다",
        )
        yield Finding(Topic.DATA, Rank.NOTICE, where, sentence, evidence)
    if old and old.get("deadLetterTargetArn") != new.get("deadLetterTargetArn"):
        sentence = Sentence(
            f"Messages in {name.english} that cannot be handled are set aside in another queue",
            f"{name.korean}에서 처리하지 못한 메시지를 다른 큐에 모아 둡니다",
        )
        yield Finding(Topic.DATA, Rank.NOTICE, where, sentence, evidence)


def logs(differences: Sequence[ResourceDifference]) -> Iterator[Finding]:
    """One sentence for all log groups that are kept as much longer or shorter."""
    groups: dict[tuple[Any, Any], list[ResourceDifference]] = {}
    for one in differences:
        if one.kind == LOG_GROUP and one.old and one.new:
            before, after = (
                side.get("Properties", {}).get("RetentionInDays") for side in (one.old, one.new)
            )
            if before != after:
                groups.setdefault((before, after), []).append(one)
    for (before, after), changed in groups.items():
        names = listed([named(one.old or {}, one.logical_id) for one in changed])
        shorter = after is not None and (before is None or after < before)
        sentence = (
            Sentence(
                f"Deletes {names.english} older than {after} days",
                f"{with_particle(names.korean, '을/를')} {after}일까지만 보관하고 더 오래된 것은 "
                "삭제합니다",
            )
            if shorter
            else Sentence(
                f"Keeps {names.english} {f'for {after} days' if after else 'for ever'}",
                f"{with_particle(names.korean, '을/를')} {f'{after}일 동안' if after else '계속'} "
                "보관합니다",
            )
        )
        yield Finding(
            Topic.DATA,
            Rank.NOTICE if shorter else Rank.DETAIL,
            "RetentionInDays"
            if len(changed) > 1
            else address(changed[0].stack, changed[0].logical_id),
            sentence,
            f"RetentionInDays: {before or 'for ever'} → {after or 'for ever'}",
        )


def _parameter(where: str, name: Sentence, old: Any, new: Any) -> Iterator[Finding]:
    if isinstance(old, str) or isinstance(new, str):
        sentence = Sentence(
            f"Sets {name.english} to {new}, whatever somebody has set it to meanwhile",
            f"그사이 누가 바꾼 값이 있어도 {with_particle(name.korean, '을/를')} {new}(으)로 "
            "되돌립니다",
        )
        yield Finding(Topic.DATA, Rank.NOTICE, where, sentence, f"Value: {old} → {new}")


def _time(seconds: int) -> str:
    for size, unit in ((_DAY, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size} {unit}{'s' if seconds != size else ''}"
    return f"{seconds} seconds"


def _korean_time(seconds: int) -> str:
    for size, unit in ((_DAY, "일"), (3600, "시간"), (60, "분")):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}초"
