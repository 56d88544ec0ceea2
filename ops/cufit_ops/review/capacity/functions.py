"""How much the functions get done: memory (and processor with it), time, and how many at once."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.costs.use import INDEXER_SECONDS, WORKER_SECONDS
from cufit_ops.review.capacity.telling import danger, detail, notice
from cufit_ops.review.change import Change, ResourceDifference
from cufit_ops.review.findings import Finding
from cufit_ops.review.names import name_of, named
from cufit_ops.template_graph import Account

SECONDS = {"match_worker": WORKER_SECONDS, "profile_indexer": INDEXER_SECONDS}
"""Of one message, assumed for the bill as well."""
MEMORY, TIMEOUT = 128, 3
"""MiB and seconds, of a function that says nothing (AWS::Lambda::Function)."""


def of_functions(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    for found in change.differences:
        if found.kind == "AWS::Lambda::Function" and found.old and found.new:
            yield from _function(
                named(found.new, found.logical_id).english,
                found.old.get("Properties", {}), found.new.get("Properties", {}),
            )  # fmt: skip
        if found.kind == "AWS::Lambda::EventSourceMapping" and found.old and found.new:
            yield from _mapping(found, change.base.account)


def _function(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    yield from _less_or_more(
        name, old.get("MemorySize", MEMORY), new.get("MemorySize", MEMORY), "MiB of memory",
        ("gets", "메모리가", "MiB"), "; Lambda gives less processor with it",
        ". 프로세서도 그만큼 줄어듭니다",
    )  # fmt: skip
    yield from _less_or_more(
        name, old.get("Timeout", TIMEOUT), new.get("Timeout", TIMEOUT), "seconds",
        ("may take", "실행 시간 제한이", "초"), ", then it is cut off and tried again",
        ". 그 안에 끝나지 않으면 끊기고 다시 시도합니다",
    )  # fmt: skip
    chips = [one.get("Architectures", ["x86_64"]) for one in (old, new)]
    if chips[0] != chips[1]:
        was, now = (", ".join(map(str, one)) for one in chips)
        yield notice(
            name,
            f"{name} runs on {now} instead of {was}: its packages have to be built for it, or it "
            "does not start",
            f"{name} 함수가 {was} 대신 {now}에서 실행됩니다. 패키지도 그에 맞게 빌드해야 "
            "시작됩니다",
        )
    before, after = (one.get("ReservedConcurrentExecutions") for one in (old, new))
    if before == after:
        return
    evidence = f"ReservedConcurrentExecutions {before} → {after}"
    if after == 0:
        yield danger(
            name,
            f"{name} never runs any more",
            f"{name} 함수가 더는 실행되지 않습니다",
            evidence,
        )
    elif after is not None:
        yield notice(
            name,
            f"{name} runs at most {after} at once; the rest is refused and tried again",
            f"{name} 함수는 동시에 최대 {after}개까지만 실행됩니다. 나머지는 거절되고 다시 "
            "시도됩니다",
            evidence,
        )
    else:
        yield notice(
            name,
            f"{name} is no longer held to {before} runs at once",
            f"{name} 함수의 동시 실행 제한({before}개)이 없어집니다",
            evidence,
        )


def _less_or_more(
    name: str,
    before: Any,
    after: Any,
    unit: str,
    words: tuple[str, str, str],
    less: str,
    less_ko: str,
) -> Iterator[Finding]:
    if before == after or not all(isinstance(one, int | float) for one in (before, after)):
        return
    verb, what, unit_ko = words
    fewer = after < before
    tell = notice if fewer else detail
    yield tell(
        name,
        f"{name} {verb} {after} {unit} instead of {before}{less if fewer else ''}",
        f"{name} 함수의 {what} {before}{unit_ko}에서 {after}{unit_ko}로 바뀝니다"
        f"{less_ko if fewer else ''}",
    )


def _mapping(found: ResourceDifference, base: Account) -> Iterator[Finding]:
    old = (found.old or {}).get("Properties", {})
    name = _fed(found.stack, old, base)
    new = (found.new or {}).get("Properties", {})
    yield from _switched(name, old.get("Enabled", True), new.get("Enabled", True))
    before, after = (one.get("ScalingConfig", {}).get("MaximumConcurrency") for one in (old, new))
    if before != after:
        fewer = _less(after, before)
        tell = notice if fewer else detail
        yield tell(
            name,
            f"{name} works on {_at_once(name, after, new)} instead of "
            f"{_at_once(name, before, old)}",
            f"{name} 함수가 한 번에 처리하는 양이 바뀝니다: {_at_once_ko(name, before, old)} → "
            f"{_at_once_ko(name, after, new)}",
            f"MaximumConcurrency {before} → {after}",
        )
    if (sizes := [one.get("BatchSize", 10) for one in (old, new)]) and sizes[0] != sizes[1]:
        yield notice(
            name,
            f"{name} gets up to {sizes[1]} messages at a time instead of {sizes[0]}",
            f"{name} 함수가 한 번에 받는 메시지가 최대 {sizes[0]}개에서 {sizes[1]}개로 바뀝니다",
        )


def _switched(name: str, before: Any, after: Any) -> Iterator[Finding]:
    if before == after:
        return
    if after in (False, "false"):
        yield danger(
            name,
            f"{name} gets no messages any more: they wait in the queue until it is switched on",
            f"{name} 함수가 더는 메시지를 받지 않습니다. 다시 켤 때까지 큐에 쌓입니다",
        )
    else:
        yield notice(name, f"{name} gets messages again", f"{name} 함수가 다시 메시지를 받습니다")


def _less(after: Any, before: Any) -> bool:
    """Whether at most `after` at once is less than `before`; None is no limit, and what a parameter
    decides may be less."""
    if after is None:
        return False
    numbers = isinstance(after, int) and isinstance(before, int)
    return bool(after < before) if numbers else True


def _fed(stack: str, mapping: dict[str, Any], account: Account) -> str:
    for address in account.referred(stack, mapping.get("FunctionName")):
        return name_of(account, address).english
    return "a function"


def _at_once(name: str, concurrency: Any, mapping: dict[str, Any]) -> str:
    if concurrency is None:
        return "as many messages at once as Lambda has room for"
    if not isinstance(concurrency, int):
        return "as many messages at once as a parameter says"
    return f"{concurrency} at once{_a_minute(name, concurrency, mapping, ' (about {} a minute)')}"


def _at_once_ko(name: str, concurrency: Any, mapping: dict[str, Any]) -> str:
    if concurrency is None:
        return "Lambda에 여유가 있는 만큼"
    if not isinstance(concurrency, int):
        return "매개변수가 정하는 만큼"
    return f"동시에 {concurrency}개{_a_minute(name, concurrency, mapping, '(분당 약 {}건)')}"


def _a_minute(name: str, concurrency: int, mapping: dict[str, Any], words: str) -> str:
    """Where each message is a piece of work by itself."""
    if name not in SECONDS or mapping.get("BatchSize", 10) != 1:
        return ""
    return words.format(f"{60 / SECONDS[name] * concurrency:.0f}")
