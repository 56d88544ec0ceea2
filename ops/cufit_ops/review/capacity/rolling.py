"""Whether requests fail while the service is deployed, and how long that takes."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.capacity.deployment_time import (
    Range,
    deployment,
    minutes,
)
from cufit_ops.capacity.measured import service_load
from cufit_ops.capacity.shape import Shape, shape_of
from cufit_ops.costs.deployments import deployments
from cufit_ops.review.capacity.rules import LIST_KEPT_SECONDS, of_rules, serves
from cufit_ops.review.capacity.telling import SERVICE, danger, notice
from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding
from cufit_ops.template_graph import Account

ROLLED_BY = (
    *("TaskDefinition", "NetworkConfiguration", "LoadBalancers", "ServiceRegistries"),
    *("CapacityProviderStrategy", "LaunchType", "PlatformVersion", "ServiceConnectConfiguration"),
    "VolumeConfigurations",
)
"""Properties of AWS::ECS::Service of which ECS starts new tasks (API_UpdateService)."""


def of_deployment(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    before, after = shape_of(change.base.account), shape_of(change.head.account)
    if before is None or after is None:
        return
    now = bool(after.most_tasks) and _rolls(change.base.account, change.head.account)
    later = _how(before) != _how(after)
    if not (now or later):
        return
    if later:
        yield from of_rules(before, after)
    if after.most_tasks == 0:
        return
    stopped = _stopped(after) if now or _percents(before) != _percents(after) else None
    if stopped:
        yield stopped
    elif now:
        yield _turned(before, after) if before.entry != after.entry else _rolled(before, after)
    elif _time(before) != _time(after):
        yield notice(
            SERVICE,
            f"Every deployment takes {_minutes(after)} from now on, not {_minutes(before)}",
            f"이제 배포에 걸리는 시간이 바뀝니다: {_minutes_ko(before)} → {_minutes_ko(after)}",
            _parts(after),
        )


def _rolls(base: Account, head: Account) -> bool:
    return bool(_deployed(base) != _deployed(head))


def _deployed(account: Account) -> Any:
    """What decides whether ECS starts new tasks: tags of a revision do not."""
    for (stack, _), service in account.of("AWS::ECS::Service"):
        revisions = [
            {**account.properties(found), "Tags": None}
            for found in account.referred(stack, service.get("TaskDefinition"))
        ]
        return [revisions, {name: service.get(name) for name in ROLLED_BY}]
    return None


def _how(shape: Shape) -> tuple[Any, ...]:
    return (*_percents(shape), shape.health, _stops(shape), shape.balancer, shape.rolls_back)


def _stops(shape: Shape) -> tuple[Any, ...]:
    return shape.stop_timeout, shape.lame_duck


def _percents(shape: Shape) -> tuple[Any, ...]:
    return shape.min_percent, shape.max_percent


def _stopped(after: Shape) -> Finding | None:
    """Where the old tasks have to, or may, end before new ones serve."""
    if after.started_at_once > 0:
        return _maybe_stopped(after) if after.kept == 0 else None
    evidence = (
        f"{after.most_tasks} tasks, minimum {after.min_percent:g} %, maximum "
        f"{after.max_percent:g} %"
    )
    if after.kept >= after.most_tasks:
        return danger(
            SERVICE,
            "No deployment can end: no old task may stop, and no new one may start beside it",
            "배포가 끝날 수 없습니다. 기존 태스크를 멈출 수도, 새 태스크를 나란히 시작할 수도 "
            "없습니다",
            evidence,
        )
    gone = _gap(after)
    if after.kept == 0:
        return danger(
            SERVICE,
            f"Every request fails for about {gone.typical:.0f} s of each deployment, because the "
            "old task ends before the new one starts",
            "새 태스크가 시작되기 전에 기존 태스크가 끝나서, 배포할 때마다 약 "
            f"{gone.typical:.0f}초 동안 모든 요청이 실패합니다",
            f"{evidence}\n{_parts(after)}",
        )
    return notice(
        SERVICE,
        f"Only {after.kept} of {after.most_tasks} tasks serve while a deployment lasts",
        f"배포하는 동안 태스크 {after.most_tasks}개 중 {after.kept}개만 응답합니다",
        evidence,
    )


def _maybe_stopped(after: Shape) -> Finding:
    """ECS stops as many as the minimum percent lets it, and waits for no new one
    (API_DeploymentConfiguration, minimumHealthyPercent)."""
    gone = _gap(after)
    return danger(
        SERVICE,
        f"Every request may fail for about {gone.typical:.0f} s of each deployment, because the "
        "old task need not wait for the new one",
        "새 태스크를 기다리지 않고 기존 태스크가 끝날 수 있어서, 배포할 때마다 약 "
        f"{gone.typical:.0f}초 동안 모든 요청이 실패할 수 있습니다",
        f"{after.most_tasks} tasks, minimum {after.min_percent:g} %, maximum "
        f"{after.max_percent:g} %\n{_parts(after)}",
    )


def _gap(shape: Shape) -> Range:
    """From the end of the old task to the first answer of the new one."""
    found = deployment(shape, service_load())
    parts = found.parts if found else ()
    waited = [part.seconds for part in parts if part.name in ("launch", "pull", "ready")]
    return sum(waited, Range(0, 0, 0))


def _turned(before: Shape, after: Shape) -> Finding:
    """The API turns to the new entry once the service has rolled (stacks/components/entry.py)."""
    return danger(
        SERVICE,
        f"Requests fail for a while in this deployment: the way in changes from {before.entry} to "
        f"{after.entry}, and between the end of the old task and the API's turn nobody answers "
        f"(503). It takes {_minutes(after)} in all",
        f"이번 배포 중 잠시 요청이 실패합니다(503). 들어오는 길이 바뀌는데({before.entry} → "
        f"{after.entry}), 기존 태스크가 끝난 뒤 API가 새 길로 바뀔 때까지 응답할 곳이 없습니다. "
        f"모두 {_minutes_ko(after)} 걸립니다",
        _parts(after),
    )


def _rolled(before: Shape, after: Shape) -> Finding:
    runs = [run for run in deployments() if run.entry == after.entry]
    played = next((run for run in runs if run.tasks == after.most_tasks), runs[0] if runs else None)
    instead = "" if _time(before) == _time(after) else f" instead of {_minutes(before)}"
    instead_ko = "" if _time(before) == _time(after) else f"(지금까지는 {_time(before)}분)"
    asked = after.health and before.health and after.health.command == before.health.command
    safe = played and asked and serves(after) >= LIST_KEPT_SECONDS
    if safe and played:
        fails = f"no request should fail (played on a laptop: {played.failed} of "
        fails += f"{played.requests:,} in {played.restarts} deployments)"
        fails_ko = "그동안 실패하는 요청은 없을 것으로 봅니다(개발용 컴퓨터에서 배포를 "
        fails_ko += f"{played.restarts}번 해 보니 {played.requests:,}건 중 {played.failed}건 실패)"
    else:
        fails, fails_ko = "some requests may fail", "그동안 일부 요청이 실패할 수 있습니다"
    return notice(
        SERVICE,
        f"New tasks replace the old ones in {_minutes(after)}{instead}; {fails}",
        f"새 태스크가 기존 태스크를 대신하는 데 {_minutes_ko(after)} 걸립니다{instead_ko}. "
        f"{fails_ko}",
        _parts(after),
    )


def _time(shape: Shape) -> str:
    found = deployment(shape, service_load())
    return minutes(found.seconds.typical) if found else "0"


def _minutes(shape: Shape) -> str:
    if (found := deployment(shape, service_load())) is None:
        return "no time"
    return found.words


def _minutes_ko(shape: Shape) -> str:
    if (found := deployment(shape, service_load())) is None:
        return "0분"
    times = found.seconds
    return (
        f"약 {minutes(times.typical)}분(모델로 계산하면 {minutes(times.least)}~"
        f"{minutes(times.most)}분)"
    )


def _parts(shape: Shape) -> str:
    found = deployment(shape, service_load())
    return "\n".join(part.words for part in found.parts) if found else ""
