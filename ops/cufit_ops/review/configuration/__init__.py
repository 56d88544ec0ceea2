"""Each changed key of an environment's file, in its own words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cufit_ops.review.change import Change
from cufit_ops.review.configuration import variables
from cufit_ops.review.configuration.keys import KEYS, KOREAN_UNITS, TABLES, Words
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.template_graph import Account

_LEFT_OUT = "left out"
_KOREAN_LEFT_OUT = "없음"
_UNKNOWN = Words(
    Sentence("what this key does is not described here", "이 키의 설명은 아직 없습니다")
)
_MAIL = "alarms.email"
_ADMINS = "auth.admin_subjects"
_ADMINS_VARIABLE = "CUFIT_ADMIN_SUBJECTS"
_PLACES = ("region", "account")
"""Where an environment is; in another place nothing of it is."""
_FILES = "config/{}.toml"

Configuration = Mapping[str, Any]


def findings(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    yield from _administrators(change.base.account, change.head.account)
    yield from variables.findings(change)
    old, new = change.base.configuration, change.head.configuration
    if old is None or new is None:
        return
    file = _FILES.format(change.environment)
    for key, before, after in _changed(old, new):
        if key in _PLACES and before and after:
            yield _elsewhere(key, file, before, after)
        elif key == _MAIL:
            yield _mail(file, before, after)
        elif key != _ADMINS:  # told from the templates
            words = KEYS.get(key) or TABLES.get(key) or _UNKNOWN
            yield _finding(key, _said(key, words, before, after), file, before, after)


def _changed(old: Configuration, new: Configuration) -> Iterator[tuple[str, Any, Any]]:
    """Key, old and new value; None where it is left out. A table that comes or goes is one."""
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        if isinstance(before, dict | None) and isinstance(after, dict | None):
            if name in TABLES and None in (before, after):
                yield name, before, after
                continue
            yield from (
                (f"{name}.{key}", one, other)
                for key, one, other in _changed(before or {}, after or {})
            )
        else:
            yield name, before, after


def _said(key: str, words: Words, before: Any, after: Any) -> Sentence:
    unit = f" {words.unit}" if words.unit else ""
    old, new = _shown(before), _shown(after)
    english = f"`{key}` {old or _LEFT_OUT} → {f'{new}{unit}' if new else _LEFT_OUT}"
    counted = f"{new}{KOREAN_UNITS.get(words.unit, unit)}"
    korean = f"`{key}` {old or _KOREAN_LEFT_OUT} → {counted if new else _KOREAN_LEFT_OUT}"
    return Sentence(f"{english}: {words.meaning.english}", f"{korean}: {words.meaning.korean}")


def _shown(value: Any) -> str:
    """Empty for a key that is left out."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_shown(one)}" for key, one in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "[]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _elsewhere(key: str, file: str, before: Any, after: Any) -> Finding:
    sentence = Sentence(
        f"Everything runs in {after} instead of {before}: the new environment begins empty, and "
        "people would see none of their profiles, photos and matches. The old one stays deployed, "
        "with its data and its cost",
        f"모든 것을 {before} 대신 {after}에서 실행합니다. 새 환경은 비어 있어서 사람들에게 프로필, "
        "사진, 주선 내역이 보이지 않습니다. 옛 환경은 데이터와 비용이 그대로인 채 남습니다",
    )
    evidence = f"{file}: {key} = {_toml(before)} → {_toml(after)}"
    return Finding(Topic.DATA, Rank.DANGER, key, sentence, evidence, Gate.DATA_LOSS)


def _mail(file: str, before: Any, after: Any) -> Finding:
    if not after:
        sentence = Sentence(
            f"Alarms no longer go to {before} by mail",
            f"알람 메일을 {before}에 더는 보내지 않습니다",
        )
    else:
        instead = f" instead of {before}" if before else ""
        korean_instead = f"{before} 대신 " if before else ""
        sentence = Sentence(
            f"Alarms go to {after}{instead}; {after} hears nothing until the link in each of AWS's "
            "mails is confirmed",
            f"알람을 {korean_instead}{after}(으)로 보냅니다. {after}에서 AWS가 보내는 확인 메일의 "
            "링크를 모두 "
            "눌러야 알람이 옵니다",
        )
    return _finding(_MAIL, sentence, file, before, after)


def _finding(key: str, sentence: Sentence, file: str, before: Any, after: Any) -> Finding:
    evidence = f"{file}: {key} = {_toml(before)} → {_toml(after)}"
    return Finding(Topic.CONFIGURATION, Rank.NOTICE, key, sentence, evidence)


def _toml(value: Any) -> str:
    return _LEFT_OUT if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _administrators(base: Account, head: Account) -> Iterator[Finding]:
    """Who may do what administrators may, as the service is told it."""
    before, after = _subjects(base), _subjects(head)
    for subject in sorted(after - before):
        yield Finding(
            Topic.PERMISSIONS,
            Rank.DANGER,
            _ADMINS,
            Sentence(
                f"{subject} becomes an administrator: may invite makers and see operations",
                f"{subject}이(가) 관리자가 됩니다. 주선자를 초대하고 운영 화면을 볼 수 있습니다",
            ),
            f"{_ADMINS_VARIABLE}: +{subject}",
            Gate.WIDER_PERMISSION,
        )
    for subject in sorted(before - after):
        yield Finding(
            Topic.PERMISSIONS,
            Rank.NOTICE,
            _ADMINS,
            Sentence(
                f"{subject} is no administrator any more", f"{subject}은(는) 더는 관리자가 아닙니다"
            ),
            f"{_ADMINS_VARIABLE}: −{subject}",
        )


def _subjects(account: Account) -> set[str]:
    found: set[str] = set()
    for _, task in account.of("AWS::ECS::TaskDefinition"):
        for container in task.get("ContainerDefinitions", []):
            for variable in container.get("Environment", []):
                if variable.get("Name") == _ADMINS_VARIABLE:
                    try:
                        found.update(json.loads(variable["Value"]))
                    except (TypeError, ValueError):
                        found.add(str(variable.get("Value")))
    return found
