"""Size, number and hours of the tasks, and how much the API lets through to them."""

import math
from collections.abc import Iterator

from cufit_ops.capacity.choices import MOST_MEMORY
from cufit_ops.capacity.measured import ONE_CORE, requests_per_second, rounded, service_load
from cufit_ops.capacity.shape import Shape, Throttle, let_through, shape_of
from cufit_ops.review.capacity.telling import SERVICE, danger, notice
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding
from stacks.fargate_sizes import size_fault
from stacks.settings import is_production

NOT_AWS = "measured on another computer than AWS's"
NOT_AWS_KO = "AWS가 아닌 컴퓨터에서 잰 값"


def of_size(change: Change) -> Iterator[Finding]:
    before, after = _shape(change.base), _shape(change.head)
    if after is None:
        if before is not None:
            yield danger(
                SERVICE,
                "The service goes: no request is answered any more",
                "서비스가 없어집니다. 어떤 요청에도 응답하지 않습니다",
            )
        return
    if after.cpu and after.memory and size_fault(after.cpu, after.memory):
        return  # CloudFormation refuses it (review/refused)
    if before is None:
        yield notice(
            SERVICE,
            f"Carries {_carries(after)} ({NOT_AWS})",
            f"{_carries_ko(after)}을 처리합니다({NOT_AWS_KO})",
        )
        return
    yield from _tasks(before, after)
    yield from _hours(change.environment, before, after)
    yield from _throttled(change)


def _shape(side: Side | None) -> Shape | None:
    return shape_of(side.account) if side else None


def _tasks(before: Shape, after: Shape) -> Iterator[Finding]:
    if after.most_tasks == 0:
        if before.most_tasks:
            yield danger(
                SERVICE,
                "No task runs any more: every request fails until the number is set again",
                "실행되는 태스크가 없어집니다. 개수를 다시 올릴 때까지 모든 요청이 실패합니다",
                f"DesiredCount {before.tasks} → {after.tasks}",
            )
        return
    if (before.size, before.most_tasks) != (after.size, after.most_tasks):
        yield _resized(before, after)
    yield from _container(before, after)
    if before.architecture != after.architecture:
        yield notice(
            SERVICE,
            f"Runs on {after.architecture} instead of {before.architecture}: its image has to be "
            "built for it, or no new task starts",
            f"{before.architecture} 대신 {after.architecture}에서 실행됩니다. 이미지도 그에 맞게 "
            "빌드해야 새 태스크가 시작됩니다",
        )
    if after.spot and not before.spot:
        yield notice(
            SERVICE,
            f"{'All tasks' if after.all_spot else 'Tasks beyond the first'} run on Spot: AWS may "
            "take them away with two minutes' notice",
            f"{'모든 태스크가' if after.all_spot else '첫 태스크를 뺀 나머지는'} 스팟에서 "
            "실행됩니다. AWS가 2분 전에 알리고 거둬 갈 수 있습니다",
        )


def _container(before: Shape, after: Shape) -> Iterator[Finding]:
    limit = after.container_memory
    if limit is None or limit >= (before.container_memory or before.memory or math.inf):
        return
    used = service_load().task(after.cpu or ONE_CORE).memory_under_load_mib
    tell = danger if used > MOST_MEMORY * limit else notice
    yield tell(
        SERVICE,
        f"Its container is killed at {limit} MiB of memory; under load it uses {used:.0f} "
        f"({NOT_AWS})",
        f"컨테이너가 메모리 {limit}MiB를 넘으면 강제로 종료됩니다. 부하가 있을 때 {used:.0f}MiB를 "
        f"씁니다({NOT_AWS_KO})",
    )


def _resized(before: Shape, after: Shape) -> Finding:
    if (before.cpu, before.most_tasks) == (after.cpu, after.most_tasks):
        return notice(
            SERVICE,
            f"Each task has {after.memory or 'unknown'} MiB of memory instead of "
            f"{before.memory or 'unknown'}, and carries as much as before",
            f"태스크마다 메모리가 {before.memory or '?'}MiB에서 {after.memory or '?'}MiB로 "
            "바뀝니다. 처리할 수 있는 요청 수는 그대로입니다",
        )
    starts, starts_ko = "", ""
    if after.cpu and before.cpu and after.cpu != before.cpu:
        start, was = (
            service_load().task(shape.cpu or 0).first_answer_seconds for shape in (after, before)
        )
        starts = f", and a new task answers after {start:.1f} s instead of {was:.1f}"
        starts_ko = f". 새 태스크의 첫 응답은 {was:.1f}초에서 {start:.1f}초로 바뀝니다"
    rates = [requests_per_second(shape, service_load()) for shape in (before, after)]
    had, has = ["an unknown number of" if rate is None else rounded(rate) for rate in rates]
    alone = max(before.cpu or 0, after.cpu or 0) > ONE_CORE
    return notice(
        SERVICE,
        f"Carries about {has} requests a second instead of {had}{starts} ({NOT_AWS}"
        f"{'; beyond 1 vCPU modelled: its one process uses one core' if alone else ''})",
        f"처리할 수 있는 요청이 초당 약 {had}건에서 {has}건으로 바뀝니다({NOT_AWS_KO}"
        f"{', 1 vCPU를 넘으면 프로세스 하나가 코어 하나만 쓴다고 계산' if alone else ''})"
        f"{starts_ko}",
        f"{before.most_tasks} × {before.size} → {after.most_tasks} × {after.size} (CPU units/MiB)",
    )


def _carries(shape: Shape) -> str:
    rate = requests_per_second(shape, service_load())
    return (
        "nobody knows how many requests a second"
        if rate is None
        else (f"about {rounded(rate)} requests a second")
    )


def _carries_ko(shape: Shape) -> str:
    rate = requests_per_second(shape, service_load())
    return "알 수 없는 수의 요청" if rate is None else f"초당 약 {rounded(rate)}건"


def _hours(environment: str, before: Shape, after: Shape) -> Iterator[Finding]:
    if before.hours == after.hours:
        return
    evidence = "\n".join(after.hours or before.hours)
    if not after.hours:
        yield notice(
            SERVICE,
            "Runs round the clock instead of at set hours",
            "정해진 시간에만이 아니라 하루 종일 실행됩니다",
            evidence,
        )
        return
    tell = danger if is_production(environment) and not before.hours else notice
    yield tell(
        SERVICE,
        "Runs at other hours than before; outside of them every request fails"
        if before.hours
        else "Runs only at set hours from now on; outside of them every request fails",
        "실행 시간이 바뀝니다. 그 밖의 시간에는 모든 요청이 실패합니다"
        if before.hours
        else "이제 정해진 시간에만 실행됩니다. 그 밖의 시간에는 모든 요청이 실패합니다",
        evidence,
    )


def _throttled(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    before, after = let_through(change.base.account), let_through(change.head.account)
    if not before or not after:
        return
    for route in sorted({*before, *after}):
        was, now = (side.get(route, side[""]) for side in (before, after))
        if was != now:
            yield _throttle(route, was, now)


def _throttle(route: str, was: Throttle, now: Throttle) -> Finding:
    subject, of, of_ko = ("the API", "", "") if not route else (route, f" of {route}", f"{route}: ")
    evidence = f"{was.rate:g} a second, bursts {was.burst:g} → {now.rate:g}, bursts {now.burst:g}"
    if 0 in (now.rate, now.burst):
        return danger(
            subject,
            f"Lets no request{of} through any more: all are refused with 429",
            f"{of_ko}API가 요청을 하나도 통과시키지 않습니다. 모두 429로 거절됩니다",
            evidence,
        )
    if math.isinf(now.rate):
        return notice(
            subject,
            f"Lets any number of requests{of} through, up to the limit of the AWS account, instead "
            f"of {was.rate:g} a second: the service has to carry them",
            f"{of_ko}초당 {was.rate:g}건 제한이 없어지고 AWS 계정의 한도까지 받습니다. 그만큼을 "
            "서비스가 감당해야 합니다",
            evidence,
        )
    had, had_ko = (
        ("any number", "제한 없이 받는")
        if math.isinf(was.rate)
        else (f"{was.rate:g} ({was.burst:g})", f"초당 {was.rate:g}건(순간 {was.burst:g}건)")
    )
    return notice(
        subject,
        f"Lets {now.rate:g} requests a second{of} through (bursts of {now.burst:g}) instead of "
        f"{had}; more are refused with 429",
        f"{of_ko}{had_ko} 대신 초당 {now.rate:g}건({now.burst:g}건)까지 받습니다. 그보다 많으면 "
        "429로 거절됩니다",
        evidence,
    )
