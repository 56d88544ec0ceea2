"""What each deployment is held to: who asks a new task, how long an old one stays, the way back."""

from collections.abc import Iterator

from cufit_ops.capacity.deployment_time import RESERVED_SECONDS, start_seconds
from cufit_ops.capacity.measured import service_load
from cufit_ops.capacity.shape import Shape
from cufit_ops.review.capacity.telling import SERVICE, danger, notice
from cufit_ops.review.findings import Finding

LIST_KEPT_SECONDS = 60
"""For so long API Gateway may go on sending to a task that Cloud Map forgot: assumed
(docs/adr/0038)."""


def of_rules(before: Shape, after: Shape) -> Iterator[Finding]:
    if before.health and not after.health:
        start = start_seconds(after, service_load()).typical
        fails = "" if after.balancer else f", and requests fail for the {start:.0f} s of a start"
        fails_ko = "" if after.balancer else f" 시작하는 {start:.0f}초 동안은 요청도 실패합니다"
        tell = notice if after.balancer else danger
        yield tell(
            SERVICE,
            "Nobody asks a new task whether it answers any more: a version that does not would "
            f"replace the one that does{fails}",
            "새 태스크가 응답하는지 더는 확인하지 않습니다. 응답하지 않는 버전이 멀쩡한 버전을 "
            f"대신할 수 있습니다{fails_ko and '.'}{fails_ko}",
            "HealthCheck of the container removed",
        )
    elif before.health and after.health and before.health.command != after.health.command:
        yield notice(
            SERVICE,
            "Another command says whether a new task answers: where it is wrong, a version that "
            "does not answer replaces the one that does",
            "새 태스크가 응답하는지 확인하는 명령이 바뀝니다. 명령이 틀리면 응답하지 않는 버전이 "
            "멀쩡한 버전을 대신할 수 있습니다",
            f"{' '.join(before.health.command)} → {' '.join(after.health.command)}",
        )
    if before.rolls_back and not after.rolls_back:
        yield notice(
            SERVICE,
            "A version that does not start is not rolled back by itself any more",
            "시작하지 못하는 버전이 나가도 더는 저절로 되돌아가지 않습니다",
        )
    if after.stop_timeout < before.stop_timeout:
        yield _cut(before, after)
    elif after.entry == "cloudmap" and serves(after) < min(serves(before), LIST_KEPT_SECONDS):
        yield notice(
            SERVICE,
            f"An old task answers for {serves(after):g} s after it is told to stop, not for "
            f"{serves(before):g}; some requests of each deployment fail",
            f"기존 태스크가 멈추라는 말을 들은 뒤 {serves(before):g}초가 아니라 "
            f"{serves(after):g}초만 응답합니다. 배포할 때마다 일부 요청이 실패합니다",
        )


def serves(shape: Shape) -> float:
    """Seconds that a task goes on answering after SIGTERM."""
    room = max(0.0, shape.stop_timeout - RESERVED_SECONDS)
    return room if shape.lame_duck is None else min(room, shape.lame_duck)


def _cut(before: Shape, after: Shape) -> Finding:
    """ADR 38: what a task that ends sooner than API Gateway forgets it loses."""
    short = after.entry == "cloudmap" and serves(after) < LIST_KEPT_SECONDS
    english, korean = (
        (
            ": API Gateway may still send to it, and some requests of each deployment fail",
            " API Gateway가 그 태스크로 계속 보낼 수 있어서, 배포할 때마다 일부 요청이 실패합니다",
        )
        if short
        else (
            "; requests that take longer are cut off",
            " 그보다 오래 걸리는 요청은 끊깁니다",
        )
    )
    return notice(
        SERVICE,
        f"An old task is ended {after.stop_timeout:g} s after it is told to stop, not "
        f"{before.stop_timeout:g}{english}",
        f"기존 태스크를 멈추라고 한 뒤 {before.stop_timeout:g}초가 아니라 {after.stop_timeout:g}초 "
        f"만에 끝냅니다.{korean}",
        f"StopTimeout {before.stop_timeout:g} → {after.stop_timeout:g}",
    )
