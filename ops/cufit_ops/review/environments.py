"""Environments that appear or vanish with their file in config/."""

from collections.abc import Iterator

from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.words import size_of


def findings(change: Change) -> Iterator[Finding]:
    name = change.environment
    if change.head is None and change.base is not None:
        holds = size_of(change.base)
        yield Finding(
            Topic.DATA,
            Rank.DANGER,
            name,
            Sentence(
                f"`{name}` is no environment any more: what is deployed of it stays and costs on, "
                "but no deployment reaches it; people would see nothing new there "
                f"(`cufit teardown --env {name}` before the merge takes it away)",
                f"`{name}` 환경이 설정에서 사라집니다. 이미 배포된 것은 그대로 남아 비용이 계속 "
                "나가지만 더는 배포되지 않습니다. 없애려면 병합하기 전에 "
                f"`cufit teardown --env {name}`을 실행하세요",
            ),
            holds.english,
            Gate.DATA_LOSS,
        )
    elif change.base is None and change.head is not None:
        holds = size_of(change.head)
        yield Finding(
            Topic.CONFIGURATION,
            Rank.NOTICE,
            name,
            Sentence(
                f"`{name}` is a new environment: {holds.english}; of its permissions those are "
                "told that no other environment has, the rest is in the `cdk diff` alone",
                f"`{name}` 환경이 새로 생깁니다. {holds.korean}. 권한은 다른 환경에 없는 것만 알려 "
                "주며, 나머지는 아래 `cdk diff`에 나옵니다",
            ),
        )
