"""What functions and containers start with, and whether they reach anything then."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.review.capacity.telling import SERVICE, danger, notice
from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding
from cufit_ops.review.names import named

_KEYS = (
    ("Handler",
     "starts at {1} instead of {0}: where there is no such function, every call fails",
     "시작 지점이 {0}에서 {1}(으)로 바뀝니다. 그런 함수가 없으면 호출할 때마다 실패합니다"),
    ("Runtime",
     "runs on {1} instead of {0}: its packages have to be built for it",
     "실행 환경이 {0}에서 {1}(으)로 바뀝니다. 패키지도 그에 맞게 빌드해야 합니다"),
)  # fmt: skip


def of_starts(change: Change) -> Iterator[Finding]:
    for found in change.differences:
        if not found.old or not found.new:
            continue
        old, new = (side.get("Properties", {}) for side in (found.old, found.new))
        if found.kind == "AWS::Lambda::Function":
            yield from _function(named(found.old, found.logical_id).english, old, new)
        elif found.kind == "AWS::ECS::TaskDefinition" and _commands(old) != _commands(new):
            yield notice(
                SERVICE,
                "Starts with another command: where it is wrong, no new task answers",
                "시작 명령이 바뀝니다. 명령이 틀리면 새 태스크가 응답하지 않습니다",
                f"Command {_commands(old)} → {_commands(new)}",
            )


def _function(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[Finding]:
    for key, english, korean in _KEYS:
        was, now = old.get(key), new.get(key)
        if was and now and was != now:
            yield notice(
                name,
                f"{name} {english.format(was, now)}",
                f"{name} 함수의 {korean.format(was, now)}",
                f"{key} {was} → {now}",
            )
    if _subnets(new) and not _subnets(old):
        yield danger(
            name,
            f"{name} moves into a network, where no function has an address on the internet: it "
            "reaches only what the network has an endpoint or a NAT gateway for",
            f"{name} 함수가 네트워크 안으로 들어가 인터넷 주소가 없어집니다. 엔드포인트나 NAT "
            "게이트웨이를 거치는 곳에만 연결할 수 있습니다",
            "VpcConfig: none → set",
        )


def _subnets(function: dict[str, Any]) -> Any:
    return (function.get("VpcConfig") or {}).get("SubnetIds")


def _commands(task: dict[str, Any]) -> list[Any]:
    """Of containers that were there; another container is told by permissions."""
    return [
        (one.get("EntryPoint"), one.get("Command"))
        for one in task.get("ContainerDefinitions", [])[:1]
    ]
