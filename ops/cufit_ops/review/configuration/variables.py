"""What programs are told by variables, where no key of a file says why it changes."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.review.change import Change, ResourceDifference
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import address, named, with_particle

_TELLS = ("AWS::Lambda::Function", "AWS::ECS::TaskDefinition")
_ISSUER = "CUFIT_OIDC_ISSUER"
_ELSEWHERE = ("CUFIT_ADMIN_SUBJECTS", "CUFIT_PROMPT_VERSION", "CUFIT_PORT", _ISSUER)
"""Told in other words: permissions, the prompt, the port."""
_QUIET = ("POWERTOOLS_", "CUFIT_LOG_LEVEL")
_LONGEST = 60
"""Characters of a value."""


def findings(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    same_file = change.base.configuration == change.head.configuration
    for difference in change.differences:
        if difference.kind in _TELLS and difference.old and difference.new:
            old, new = (
                variables(one.get("Properties", {})) for one in (difference.old, difference.new)
            )
            yield from _issuer(difference, old.get(_ISSUER), new.get(_ISSUER))
            yield from _others(difference, old, new, Rank.NOTICE if same_file else Rank.DETAIL)


def variables(properties: dict[str, Any]) -> dict[str, Any]:
    """Of a function, or of the containers of a task."""
    environment = properties.get("Environment")
    found = dict(environment.get("Variables", {})) if isinstance(environment, dict) else {}
    for container in properties.get("ContainerDefinitions", []):
        for one in container.get("Environment", []):
            found[str(one.get("Name"))] = one.get("Value")
    return found


def _issuer(difference: ResourceDifference, was: Any, now: Any) -> Iterator[Finding]:
    """Members are known by issuer and subject together (service, member_id_of)."""
    if was and was != now:
        what = named(difference.new or {}, difference.logical_id)
        yield Finding(
            Topic.DATA,
            Rank.DANGER,
            address(difference.stack, difference.logical_id),
            Sentence(
                f"{what.english} trusts sign-ins of {now} instead of {was}: members of {was} are "
                "turned away, and whoever signs in is somebody new",
                f"{with_particle(what.korean, '이/가')} {was} 대신 {now}의 로그인을 믿습니다. "
                f"{was}의 회원은 들어오지 못하고, 로그인하는 사람은 모두 처음 온 사람이 됩니다",
            ),
            f"{_ISSUER}: {was} → {now}",
            Gate.DATA_LOSS,
        )


def _others(
    difference: ResourceDifference, old: dict[str, Any], new: dict[str, Any], rank: Rank
) -> Iterator[Finding]:
    changed = [
        f"{name} {_shown(value)} → {_shown(new.get(name))}"
        for name, value in old.items()
        if isinstance(value, str)
        and isinstance(new.get(name, ""), str)
        and new.get(name) != value
        and name not in _ELSEWHERE
        and not name.startswith(_QUIET)
    ]
    if changed:
        what, which = named(difference.new or {}, difference.logical_id), ", ".join(changed)
        yield Finding(
            Topic.CONFIGURATION,
            rank,
            address(difference.stack, difference.logical_id),
            Sentence(
                f"{what.english[0].upper()}{what.english[1:]} is told otherwise: {which}"
                if what.english.startswith("the ")
                else f"{what.english} is told otherwise: {which}",
                f"{what.korean}에 알려 주는 값이 바뀝니다: {which}",
            ),
            "\n".join(changed),
        )


def _shown(value: str | None) -> str:
    if value is None:
        return "–"
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
