"""The sentence for data that nobody reaches any more."""

from cufit_ops.review.data.holdings import LOG_GROUP, Holding
from cufit_ops.review.data.tables import backup_days
from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import TABLE_KINDS, stem, with_particle
from cufit_ops.template_graph import Address


def sentence_of(
    holding: Holding,
    *,
    kept: bool,
    because: str,
    replaced: bool,
    may: bool,
    stack_left: bool,
    successor: Address | None,
    condition: str = "",
) -> Sentence:
    """`kept`: the old one stays, with its data. `successor`: what it has become."""
    if condition:
        return _conditional(holding, condition, kept)
    if holding.kind == LOG_GROUP and not stack_left:
        return _logs(holding, kept)
    done = _done(holding, because, replaced=replaced, may=may, successor=successor)
    if stack_left and successor is None:
        return _left(holding)
    begins = replaced or successor is not None
    seen = holding.seen
    english = [f"{done.english}: the new one begins empty, and {seen.english}"]
    korean = [f"{done.korean}. 새것은 비어 있어서 {seen.korean}"]
    if not begins and kept:
        english = [f"Leaves {holding.name.english} behind: {seen.english}"]
        korean = [
            f"{with_particle(holding.name.korean, '을/를')} 스택 밖에 남겨 둡니다. {seen.korean}"
        ]
    elif not begins:
        english = [f"{done.english} with everything in it: {seen.english}"]
        korean = [f"{done.korean}. {seen.korean}"]
    after = _old_one(holding, kept=kept, begins=begins)
    return Sentence(". ".join([*english, *after[0]]), ". ".join([*korean, *after[1]]))


def _conditional(holding: Holding, condition: str, kept: bool) -> Sentence:
    name, seen = holding.name, holding.seen
    english, korean = (
        ("Leaves {} behind", "스택 밖에 남겨 둡니다")
        if kept
        else ("Deletes {} with everything in it", "안에 든 것까지 모두 삭제합니다")
    )
    return Sentence(
        f"{english.format(name.english)} unless the condition {condition} of its stack is true: "
        f"then {seen.english}",
        f"스택의 조건 {condition}이(가) 참이 아니면 {with_particle(name.korean, '을/를')} "
        f"{korean}. 그러면 {seen.korean}",
    )


def _done(
    holding: Holding, because: str, *, replaced: bool, may: bool, successor: Address | None
) -> Sentence:
    name = holding.name
    noun = with_particle(name.korean, "을/를")
    if successor is not None:
        stack, logical_id = successor
        new = stem(logical_id)
        if stack == holding.stack:
            return Sentence(
                f"Renames {name.english} to {new}",
                f"{name.korean}의 이름(logical id)을 {new}(으)로 바꿉니다",
            )
        return Sentence(
            f"Moves {name.english} to the stack {stack}", f"{noun} {stack} 스택으로 옮깁니다"
        )
    if replaced:
        why = f" ({because})" if because else ""
        verb, korean = (
            ("May replace", "교체할 수도 있습니다") if may else ("Replaces", "교체합니다")
        )
        return Sentence(f"{verb} {name.english}{why}", f"{noun} {korean}{why}")
    return Sentence(f"Deletes {name.english}", f"{noun} 안에 든 것까지 모두 삭제합니다")


def _old_one(holding: Holding, *, kept: bool, begins: bool) -> tuple[list[str], list[str]]:
    if kept:
        return (
            ["The old one stays outside the stacks, with its data and its cost"],
            ["옛것은 데이터와 비용이 그대로인 채 스택 밖에 남습니다"],
        )
    backup = _backup(holding)
    if begins:
        english = ["The old one is deleted with everything in it"]
        korean = ["옛것은 안에 든 것까지 모두 삭제됩니다"]
        return english + backup[0], korean + backup[1]
    return backup


def _backup(holding: Holding) -> tuple[list[str], list[str]]:
    """DynamoDB keeps a system backup of a deleted table for 35 days when point-in-time recovery was
    on (developer guide, Point-in-time recovery, 2026-11)."""
    if holding.kind in TABLE_KINDS and backup_days(holding.properties):
        return ["AWS keeps a backup of it for 35 days"], ["AWS가 35일 동안 백업을 보관합니다"]
    return [], []


def _logs(holding: Holding, kept: bool) -> Sentence:
    name = holding.name
    if kept:
        return Sentence(
            f"Leaves {name.english} behind: what was logged stays outside the stacks",
            f"{with_particle(name.korean, '을/를')} 스택 밖에 남겨 둡니다",
        )
    return Sentence(
        f"Deletes {name.english}: what was logged before this deployment is gone",
        f"{with_particle(name.korean, '을/를')} 삭제합니다. 이 배포 전에 남긴 로그는 사라집니다",
    )


def _left(holding: Holding) -> Sentence:
    name, stack = holding.name, holding.stack
    return Sentence(
        f"Leaves the stack {stack} with {name.english} out of the app: it stays deployed with its "
        f"data and its cost, and nobody updates it; if somebody deletes that stack, "
        f"{holding.seen.english}",
        f"{with_particle(name.korean, '이/가')} 있는 {stack} 스택이 앱에서 빠집니다. 데이터와 "
        "비용은 "
        f"그대로 남지만 더는 갱신되지 않습니다. 누가 그 스택을 지우면 {holding.seen.korean}",
    )
