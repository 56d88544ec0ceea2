"""Sentences of the report that are about the versions themselves, in both languages."""

from collections import Counter
from collections.abc import Sequence

from cufit_ops.review.change import Side
from cufit_ops.review.findings import Gate, Sentence, Topic
from cufit_ops.review.language import Language
from cufit_ops.review.synthesis import Outcome, Synthesis

_COUNTED = {
    "AWS::DynamoDB::GlobalTable": Sentence("table", "테이블"),
    "AWS::S3::Bucket": Sentence("bucket", "버킷"),
    "AWS::Lambda::Function": Sentence("function", "함수"),
    "AWS::ECS::Service": Sentence("service", "서비스"),
}

TOPICS = {
    Topic.REFUSED: Sentence("CloudFormation will refuse it", "CloudFormation이 거절함"),
    Topic.DATA: Sentence("Data", "데이터"),
    Topic.PERMISSIONS: Sentence("Who may do what", "누가 무엇을 할 수 있는가"),
    Topic.MONEY: Sentence("Money", "비용"),
    Topic.CAPACITY: Sentence("Capacity and downtime", "처리량과 중단"),
    Topic.CONFIGURATION: Sentence("Configuration", "설정"),
    Topic.PROMPT: Sentence("Prompt and rubric", "프롬프트와 채점 기준"),
    Topic.CODE: Sentence("Code", "코드"),
    Topic.DEPENDENTS: Sentence("Who depends on what changed", "바뀐 것을 쓰는 곳"),
}

QUIET = {
    Topic.DATA: Sentence("nothing is lost", "잃는 데이터가 없습니다"),
    Topic.PERMISSIONS: Sentence("nobody may do more", "누구의 권한도 늘지 않습니다"),
    Topic.MONEY: Sentence("it costs the same", "비용이 그대로입니다"),
    Topic.CAPACITY: Sentence("it carries as much", "처리량이 그대로입니다"),
}
"""What is true of a topic of which nothing stands on the first screen."""

GATES = {
    Gate.DATA_LOSS: Sentence(
        "data would be lost or left behind", "데이터가 사라지거나 쓰지 못하게 남음"
    ),
    Gate.WIDER_PERMISSION: Sentence("somebody may do more", "권한이 넓어짐"),
    Gate.MONTHLY_LIMIT: Sentence("it costs more than the monthly limit", "월 한도를 넘는 비용"),
    Gate.MOVED_LOGICAL_ID: Sentence(
        "a table or bucket is renamed, and begins empty",
        "테이블이나 버킷의 이름이 바뀌어 빈 채로 시작함",
    ),
    Gate.UNUSED_PERMISSION: Sentence("a permission that no code uses", "코드가 쓰지 않는 권한"),
    Gate.NOT_COMPARED: Sentence(
        "nothing was compared with the version before", "이전 버전과 비교하지 못함"
    ),
}

WORDS = {
    "title_failed": Sentence(
        "❌ This version cannot be deployed", "❌ 이 버전은 배포할 수 없습니다"
    ),
    "title_alone": Sentence("❔ Nothing to compare with", "❔ 비교할 이전 버전이 없습니다"),
    "title_stopped": Sentence("⛔ Stopped: {stopped}", "⛔ 이대로는 안 됩니다: {stopped}"),
    "title_danger": Sentence("🔴 Read this before merging", "🔴 병합하기 전에 꼭 읽어 주세요"),
    "lifted": Sentence("; let pass by label: {lifted}", " · 라벨로 통과시킴: {lifted}"),
    "title_notice": Sentence("🟡 Worth reading before merging", "🟡 병합하기 전에 읽어 볼 것"),
    "title_same": Sentence(
        "✅ Nothing that is deployed changes", "✅ 배포되는 것은 바뀌지 않습니다"
    ),
    "gate": Sentence("Label", "라벨"),
    "gate_of": Sentence("lets pass", "통과시키는 것"),
    "gate_shut": Sentence("⛔ missing", "⛔ 없음"),
    "gate_lifted": Sentence("☑ lifted", "☑ 통과시킴"),
    "gate_how": Sentence(
        "If the lines that name a label are what you want, add that label to the pull request; "
        "the check runs again by itself.",
        "라벨 이름이 붙은 줄이 의도한 변경이라면 풀 리퀘스트에 그 라벨을 붙이세요. 검사는 저절로 "
        "다시 실행됩니다.",
    ),
    "gate_unused": Sentence(
        "What no code uses is better taken away than let pass; what will be used, a test does "
        "first, then run `make approve LIST=used`.",
        "쓰지 않는 권한은 통과시키기보다 빼는 편이 낫습니다. 앞으로 쓸 권한이라면 그 동작을 "
        "테스트에 먼저 넣고 `make approve LIST=used`를 실행하세요.",
    ),
    "evidence": Sentence("What shows it ({count})", "근거 ({count})"),
    "said": Sentence("What was said", "오류 전체"),
    "more": Sentence("… and {count} more", "… 외 {count}건"),
    "left_out": Sentence(
        "GitHub takes 65,536 characters, so folded parts of the least importance ({count}) are "
        "shortened or left out. `make diff` prints the whole.",
        "GitHub 댓글은 65,536자까지여서 덜 중요한 접힌 부분 {count}개를 줄이거나 뺐습니다. 전체는 "
        "`make diff`로 볼 수 있습니다.",
    ),
}


def joined(sentences: Sequence[str], language: Language) -> str:
    """One sentence out of several; empty for none."""
    if not sentences:
        return ""
    if language == "ko":
        return ". ".join(sentences) + "."
    text = ", ".join(sentences) + "."
    return text[0].upper() + text[1:]


def size_of(side: Side) -> Sentence:
    """How much an environment consists of."""
    stacks = side.account.stacks
    kinds = Counter(
        resource["Type"]
        for template in stacks.values()
        for resource in template.get("Resources", {}).values()
    )
    counted = [(kinds[kind], name) for kind, name in _COUNTED.items() if kinds[kind]]
    english = ", ".join(_some(number, name.english) for number, name in counted)
    korean = ", ".join(f"{name.korean} {number}개" for number, name in counted)
    return Sentence(
        f"{_some(len(stacks), 'stack')} with {_some(kinds.total(), 'resource')} ({english})",
        f"스택 {len(stacks)}개, 리소스 {kinds.total()}개({korean})",
    )


def _some(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def holds(environment: str, side: Side) -> Sentence:
    size = size_of(side)
    return Sentence(f"`{environment}` is {size.english}", f"`{environment}`: {size.korean}")


def of_base(base: Synthesis) -> Sentence | None:
    """Why nothing could be compared, if so."""
    reason = " · ".join(base.reasons)
    match base.outcome:
        case Outcome.NO_APP:
            return Sentence(
                "The version before has no app, so everything is new and nothing was compared.",
                "이전 버전에는 앱이 없어 모든 것이 새것입니다. 비교한 내용이 없습니다.",
            )
        case Outcome.PACKAGES:
            return Sentence(
                "The version before cannot be compared with, because its locked packages cannot "
                f"be installed: {reason}",
                f"이전 버전의 고정된 패키지를 설치하지 못해 비교할 수 없습니다: {reason}",
            )
        case Outcome.CONFIGURATION | Outcome.APP:
            return Sentence(
                "The version before cannot be compared with, because it does not synthesize: "
                f"{reason}",
                f"이전 버전이 합성되지 않아 비교할 수 없습니다: {reason}",
            )
    return None


NOT_COMPARED = Sentence(
    "nobody knows what is lost, who may do more or what it costs more; with the version before "
    "mended, or built again if the network failed, this report says it",
    "무엇을 잃는지, 누구의 권한이 늘고 비용이 얼마나 느는지 알 수 없습니다. 이전 버전을 고치거나, "
    "네트워크 문제였다면 다시 실행하면 이 보고서에 나옵니다",
)


def of_head(head: Synthesis) -> Sentence | None:
    """Why this version cannot be deployed, if so; the reasons are listed after it."""
    match head.outcome:
        case Outcome.CONFIGURATION:
            return Sentence(
                "Its configuration is refused:",
                "설정이 거부되었습니다.",
            )
        case Outcome.VALIDATION:
            return Sentence(
                "cdk-nag, or the CDK's own check of the templates, refuses it:",
                "cdk-nag 또는 CDK의 템플릿 검사가 거부했습니다.",
            )
        case Outcome.APP | Outcome.PACKAGES | Outcome.NO_APP:
            return Sentence(
                "It does not synthesize, so nothing is known of what it would change:",
                "합성되지 않아 무엇이 바뀌는지 알 수 없습니다.",
            )
    return None
