"""Conditions in words, and what it means that one is gone."""

import re
from collections.abc import Iterable

from cufit_ops.review.permissions.conditions import Condition, Test, follows, written
from cufit_ops.review.permissions.words import Words

GITHUB = "token.actions.githubusercontent.com"

LONGEST = 160
"""Characters of a condition in a sentence; the statement below it has all of them."""

_GONE = {
    "aws:securetransport": Words("also without encryption on the way", "암호화되지 않은 연결로도"),
    "s3:tlsversion": Words("also with outdated encryption on the way", "오래된 암호화 방식으로도"),
    "s3:signatureage": Words("also with links signed long ago", "오래전에 서명된 링크로도"),
    "aws:sourcearn": Words("on behalf of any resource", "어떤 자원을 대신해서든"),
    "aws:sourceaccount": Words(
        "on behalf of anybody's AWS account", "다른 사람의 AWS 계정을 대신해서도"
    ),
    "sts:externalid": Words("without the agreed external id", "약속된 외부 ID 없이도"),
    "aws:multifactorauthpresent": Words("also without a second factor (MFA)", "MFA 없이도"),
    "aws:principalarn": Words("whoever it is in that account", "그 계정의 누구든"),
    "aws:principalorgid": Words("from outside the organization too", "조직 밖에서도"),
    "aws:sourceip": Words("from any internet address", "모든 인터넷 주소에서"),
    "aws:sourcevpc": Words("from outside our network too", "우리 네트워크 밖에서도"),
    "aws:sourcevpce": Words("from outside our network too", "우리 네트워크 밖에서도"),
    "iam:passedtoservice": Words("to any service of AWS", "모든 AWS 서비스에"),
    "dynamodb:attributes": Words(
        "all its fields, the phone number too", "전화번호를 포함한 모든 항목까지"
    ),
    "dynamodb:select": Words("with whole rows in the answer", "행 전체를 받는 방식으로도"),
    "dynamodb:returnvalues": Words(
        "with the whole row in the answer of a change", "수정 결과로 행 전체를 받는 방식으로도"
    ),
    "dynamodb:leadingkeys": Words("of any owner", "주인이 누구든"),
    "ecs:task-definition": Words("with another task definition", "다른 작업 정의로도"),
    "ecs:enable-execute-command": Words("with a shell opened in it", "셸 접속을 켜서도"),
    ":sub": Words("from any repository and branch", "어떤 저장소와 브랜치에서든"),
    ":aud": Words("with a token made for anybody else", "다른 용도로 발급된 토큰으로도"),
    ":ref": Words("from any branch or tag", "어떤 브랜치나 태그에서든"),
    ":job_workflow_ref": Words("by any workflow file", "어떤 워크플로 파일로든"),
}
"""Ends of condition keys → what becomes possible without them."""


_WHOLE = {
    "dynamodb:attributes": {"*"},
    "dynamodb:select": {"*", "all_attributes"},
    "dynamodb:returnvalues": {"*", "all_new", "all_old"},
}
"""Values with which a condition on the key keeps nothing back, in small letters."""


def loosened(before: Condition, after: Condition, *, told: str = "") -> Words:
    """Why `after` lets more pass than `before`, as an addition to a sentence. Another value of the
    key that ends with `told` is told elsewhere."""
    lost = [
        test for test in before
        if not follows(frozenset({test}), after)
        and not (told and test.key.endswith(told) and any(one.key == test.key for one in after))
    ]  # fmt: skip
    lost.sort(key=lambda one: one.key)
    silent = [test for test in lost if _is_silent(test, after)]
    parts = [_lost(test, after) for test in lost if test not in silent]
    if silent:
        parts.append(_untold(silent))
    parts = list(dict.fromkeys(parts))
    if not parts and told:
        return Words("", "")
    if not parts:
        return Words("under other conditions", "다른 조건으로")
    return Words("; ".join(one.english for one in parts), "; ".join(one.korean for one in parts))


def _is_silent(test: Test, after: Condition) -> bool:
    """Whether the same values are asked for, but only of a request that tells any."""
    return test.needs_key and any(
        (one.key, one.operator, one.values) == (test.key, test.operator, test.values)
        and not one.needs_key
        for one in after
    )


def _untold(silent: Iterable[Test]) -> Words:
    names = [test.name for test in silent]
    if all(name.startswith(f"{GITHUB}:") for name in names):
        said = ", ".join(name.removeprefix(f"{GITHUB}:") for name in names)
        return Words(f"also with a token that does not tell {said}", f"{said} 값이 없는 토큰으로도")
    said = ", ".join(names)
    return Words(f"also where nothing tells {said}", f"{said} 값이 없는 요청이어도")


def only_if(condition: Condition) -> Words | None:
    """What still limits a new permission."""
    fields = [test for test in condition if test.key == "dynamodb:attributes" and test.set_of]
    if fields:
        names = ", ".join(sorted(fields[0].values))
        return Words(f"of its fields only {_short(names)}", f"항목 제한: {_short(names)}")
    if any(
        test.key == "lambda:functionurlauthtype" and "NONE" in test.values for test in condition
    ):
        return Words("without signing in", "로그인 없이")
    if not condition:
        return None
    said = _short(written(condition))
    return Words(f"only if {said}", f"조건: {said}")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _lost(test: Test, after: Condition) -> Words:
    same = [
        one for one in after
        if one.key == test.key and (one.operator == "null") == (test.operator == "null")
    ]  # fmt: skip
    if not same:
        return _gone(test.key)
    now = same[0]
    if test.key in _WHOLE and _WHOLE[test.key] & {one.lower() for one in now.values - test.values}:
        return _gone(test.key)
    more = sorted(now.values - test.values)
    name = test.name
    if (now.operator, now.set_of) == (test.operator, test.set_of) and now.values > test.values:
        values = ", ".join(more)
        if test.key == "dynamodb:attributes":
            return Words(f"the fields {values} too", f"{values} 항목까지")
        return Words(f"also where {name} is {values}", f"{name} 값이 {values}인 경우에도")
    was, is_ = written(frozenset({test})), written(frozenset(same))
    return Words(
        f"under a condition that could not be compared (before: {was}; now: {is_})"
        if not _plainly_wider(now)
        else f"where {is_} (before: {was})",
        f"조건이 바뀌어 넓어졌을 수 있습니다 (이전: {was}; 지금: {is_})",
    )


def _plainly_wider(now: Test) -> bool:
    return "like" in now.operator and any(re.search(r"[*?]", value) for value in now.values)


def _gone(key: str) -> Words:
    for end, words in _GONE.items():
        if key == end or (end.startswith(":") and key.endswith(end)):
            return words
    return Words(f"without the condition on {key}", f"{key} 조건 없이")


def fields_gone(before: Condition, after: Condition) -> frozenset[str]:
    """Attributes of DynamoDB that `before` lets pass and `after` does not; none where more than
    them is between the two."""
    was, now = _fields(before), _fields(after)
    if not was or not now or before - {was} != after - {now}:
        return frozenset()
    alike = (was.operator, was.set_of, was.if_exists) == (now.operator, now.set_of, now.if_exists)
    return was.values - now.values if alike else frozenset()


def _fields(condition: Condition) -> Test | None:
    return next((test for test in condition if test.key == "dynamodb:attributes"), None)


def merged(reasons: Iterable[Words]) -> Words:
    distinct = list(dict.fromkeys(reasons))
    return Words(
        "; ".join(one.english for one in distinct), "; ".join(one.korean for one in distinct)
    )
