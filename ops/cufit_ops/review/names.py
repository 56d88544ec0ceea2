"""What people call the resources of a template, in both languages."""

import re
from typing import Any

from cufit_ops.review.findings import Sentence
from cufit_ops.template_graph import Account, Address

_DIGEST = re.compile(r"[0-9A-F]{8}$")

_TABLES = {
    "Members": Sentence("the members table", "회원 테이블"),
    "Invitations": Sentence("the invitations table", "초대장 테이블"),
    "Candidates": Sentence("the candidates table", "후보자 테이블"),
    "Recommendations": Sentence("the recommendations table", "추천 결과 테이블"),
    "Matches": Sentence("the matches table", "주선 테이블"),
    "Photos": Sentence("the photos table", "사진 테이블"),
    "Outbox": Sentence("the outbox table", "보낼 메시지(outbox) 테이블"),
    "Idempotency": Sentence("the idempotency table", "중복 요청 방지(idempotency) 테이블"),
}
_KNOWN = {
    "PhotoBucket": Sentence("the photo bucket", "사진 버킷"),
    "VectorBucket": Sentence("the vector bucket", "벡터 버킷"),
    "VectorIndex": Sentence("the vector index", "벡터 인덱스"),
    "KnowledgeBase": Sentence("the knowledge base", "지식 베이스"),
    "DataSource": Sentence("the knowledge base's data source", "지식 베이스의 데이터 소스"),
    "MatchRequestsQueue": Sentence("the match-requests queue", "추천 요청 큐"),
    "ProfileChangesQueue": Sentence("the profile-changes queue", "프로필 변경 큐"),
    "DeadLetters": Sentence("the dead-letter queue", "실패한 메시지 큐(dead-letter queue)"),
    "Failures": Sentence("the queue of failed events", "실패한 이벤트 큐"),
    "HttpApi": Sentence("the API", "API"),
    "HttpApiAccessLogs": Sentence("the API's access logs", "API 접근 로그"),
    "HttpApiJwt": Sentence("the sign-in check of the API", "API의 로그인 확인"),
    "FargateService": Sentence("the service", "서비스"),
    "FargateTask": Sentence("the service", "서비스"),
    "FargateLogs": Sentence("the service's logs", "서비스 로그"),
    "FargateCluster": Sentence("the service's cluster", "서비스 클러스터"),
    "Dashboard": Sentence("the dashboard", "대시보드"),
    "Alarms": Sentence("the alarm topic", "알람 토픽"),
    "Brake": Sentence("the brake's topic", "브레이크 토픽"),
}
_KINDS = {
    "AWS::DynamoDB::GlobalTable": ("table", "테이블"),
    "AWS::DynamoDB::Table": ("table", "테이블"),
    "AWS::S3::Bucket": ("bucket", "버킷"),
    "AWS::SQS::Queue": ("queue", "큐"),
    "AWS::Logs::LogGroup": ("log group", "로그 그룹"),
    "AWS::SSM::Parameter": ("parameter", "파라미터"),
    "AWS::S3Vectors::VectorBucket": ("vector bucket", "벡터 버킷"),
    "AWS::S3Vectors::Index": ("vector index", "벡터 인덱스"),
    "AWS::Bedrock::KnowledgeBase": ("knowledge base", "지식 베이스"),
    "AWS::Bedrock::DataSource": ("data source", "데이터 소스"),
    "AWS::CloudWatch::Alarm": ("alarm", "알람"),
    "AWS::SNS::Topic": ("topic", "토픽"),
    "AWS::Events::Rule": ("rule", "규칙"),
    "AWS::IAM::Role": ("role", "역할"),
    "AWS::EC2::SecurityGroup": ("security group", "보안 그룹"),
    "AWS::EC2::Subnet": ("subnet", "서브넷"),
}
TABLE_KINDS = ("AWS::DynamoDB::GlobalTable", "AWS::DynamoDB::Table")


def stem(logical_id: str) -> str:
    """`Candidates` of `CandidatesD2043412`: without the digest that CDK appends."""
    return _DIGEST.sub("", logical_id)


def address(stack: str, logical_id: str) -> str:
    """`Data/Candidates`."""
    return f"{stack}/{stem(logical_id)}"


def named(resource: dict[str, Any], logical_id: str) -> Sentence:
    """`the candidates table`, `match_worker`; a resource nobody named by its type and id."""
    short, kind = stem(logical_id), str(resource.get("Type", ""))
    if kind in TABLE_KINDS and short in _TABLES:
        return _TABLES[short]
    if kind == "AWS::Lambda::Function" and (function := _folder(resource)):
        return Sentence(function, function)
    if kind == "AWS::Logs::LogGroup" and short not in _KNOWN and short.endswith("Logs"):
        function = snake(short.removesuffix("Logs"))
        return Sentence(f"the logs of {function}", f"{function}의 로그")
    if kind == "AWS::SSM::Parameter":
        return _parameter(resource, short)
    if short in _KNOWN:
        return _KNOWN[short]
    english, korean = _KINDS.get(kind, (kind.rpartition("::")[2], kind.rpartition("::")[2]))
    return Sentence(f"the {english} {short}", f"{short} {korean}")


def name_of(account: Account, where: Address) -> Sentence:
    """`named` of a resource of `account`; of one that is not there, by its id."""
    return named(account.resource(where), where[1])


def listed(names: list[Sentence]) -> Sentence:
    """`a, b and c`."""
    if len(names) < 2:
        return names[0] if names else Sentence("nothing", "없음")
    english = [name.english for name in names]
    return Sentence(
        f"{', '.join(english[:-1])} and {english[-1]}", ", ".join(name.korean for name in names)
    )


def snake(name: str) -> str:
    """`match_worker` of `MatchWorker`: the folder in lambdas/."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def with_particle(noun: str, pair: str) -> str:
    """A Korean noun with the right one of two particles, `을/를`: the first after a final
    consonant. After letters that are not Korean both are written, `은(는)`."""
    first, second = pair.split("/")
    last = re.sub(r"[)\]`'\"]+$", "", re.sub(r"\([^)]*\)$", "", noun))[-1:]
    if not "가" <= last <= "힣":
        return f"{noun}{first}({second})"
    closed = (ord(last) - ord("가")) % 28 != 0
    return f"{noun}{first if closed else second}"


def _folder(function: dict[str, Any]) -> str:
    handler = function.get("Properties", {}).get("Handler", "")
    return handler.partition(".")[0] if isinstance(handler, str) else ""


def _parameter(resource: dict[str, Any], short: str) -> Sentence:
    name = resource.get("Properties", {}).get("Name")
    if isinstance(name, str) and name.endswith("/brake"):
        return Sentence("the brake", "브레이크")
    label = name if isinstance(name, str) else short
    return Sentence(f"the parameter {label}", f"{label} 파라미터")
