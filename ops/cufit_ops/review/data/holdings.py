"""Which resources hold data, and what people would see if one were empty."""

from dataclasses import dataclass
from typing import Any

from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import TABLE_KINDS, named, stem

LOG_GROUP = "AWS::Logs::LogGroup"
PARAMETER = "AWS::SSM::Parameter"
QUEUE = "AWS::SQS::Queue"
BUCKET = "AWS::S3::Bucket"

KEPT_BY_ID = {
    *TABLE_KINDS,
    BUCKET,
    "AWS::S3Vectors::VectorBucket",
    "AWS::S3Vectors::Index",
    "AWS::Bedrock::KnowledgeBase",
    "AWS::Bedrock::DataSource",
}
"""Another logical id of one of these is a new, empty one: Gate.MOVED_LOGICAL_ID."""

OTHERS = {
    "AWS::Backup::BackupVault", "AWS::CloudFormation::Stack", "AWS::Cognito::UserPool",
    "AWS::DocDB::DBCluster", "AWS::DocDB::DBInstance", "AWS::EC2::Volume", "AWS::EFS::FileSystem",
    "AWS::EMR::Cluster", "AWS::ElastiCache::CacheCluster", "AWS::ElastiCache::ReplicationGroup",
    "AWS::Elasticsearch::Domain", "AWS::FSx::FileSystem", "AWS::KMS::Key", "AWS::Kinesis::Stream",
    "AWS::Neptune::DBCluster", "AWS::Neptune::DBInstance", "AWS::OpenSearchService::Domain",
    "AWS::OpenSearchServerless::Collection", "AWS::QLDB::Ledger", "AWS::RDS::DBCluster",
    "AWS::RDS::DBInstance", "AWS::Redshift::Cluster", "AWS::SDB::Domain",
    "AWS::SecretsManager::Secret", "AWS::S3Express::DirectoryBucket", "AWS::S3Tables::TableBucket",
    "AWS::Timestream::Table", "AWS::MemoryDB::Cluster",
}  # fmt: skip
"""Types that no stack of cufit has. @aws-cdk/aws-service-spec's isStateful (2026-11), and what is
like them."""

_IN_MEANING = Sentence(
    "recommendations find nobody near in meaning until `cufit kb sync` has filled it again",
    "`cufit kb sync`로 다시 채울 때까지 추천이 뜻이 가까운 사람을 찾지 못합니다",
)
_LOOKED_AT = Sentence(
    "messages that were set aside for somebody to look at are lost",
    "사람이 확인하도록 따로 모아 둔 메시지가 사라집니다",
)
_SEEN = {
    "Members": Sentence(
        "everybody who signs in is a stranger and needs an invitation again",
        "로그인하는 모든 사람이 처음 온 사람이 되어 다시 초대를 받아야 합니다",
    ),
    "Invitations": Sentence(
        "invitations that were sent work no more", "이미 보낸 초대를 쓸 수 없게 됩니다"
    ),
    "Candidates": Sentence(
        "people would see an empty candidates table, without a single profile",
        "사람들은 프로필이 하나도 없는 빈 후보자 목록을 보게 됩니다",
    ),
    "Recommendations": Sentence(
        "recommendations that were made are gone, and open ones never arrive",
        "이미 만든 추천이 사라지고, 기다리던 추천은 오지 않습니다",
    ),
    "Matches": Sentence(
        "people would see no match and no contact card, and may be introduced again to somebody "
        "who refused",
        "주선 내역과 연락처가 사라지고, 거절한 상대를 다시 소개받을 수 있습니다",
    ),
    "Photos": Sentence("people would see no photos", "사람들에게 사진이 보이지 않습니다"),
    "PhotoBucket": Sentence("people would see no photos", "사람들에게 사진이 보이지 않습니다"),
    "Outbox": Sentence(
        "requests that were accepted and not sent yet are forgotten",
        "받아 놓고 아직 보내지 않은 요청이 잊힙니다",
    ),
    "Idempotency": Sentence(
        "a request that a phone repeats is done twice",
        "휴대폰이 다시 보낸 요청이 두 번 처리됩니다",
    ),
    "VectorBucket": _IN_MEANING,
    "VectorIndex": _IN_MEANING,
    "KnowledgeBase": _IN_MEANING,
    "DataSource": _IN_MEANING,
    "MatchRequestsQueue": Sentence(
        "recommendations that wait in it are never made",
        "큐에서 기다리던 추천이 만들어지지 않습니다",
    ),
    "ProfileChangesQueue": Sentence(
        "profile changes that wait in it never reach the recommendations",
        "큐에서 기다리던 프로필 변경이 추천에 반영되지 않습니다",
    ),
    "DeadLetters": _LOOKED_AT,
    "Failures": _LOOKED_AT,
    "Brake": Sentence(
        "the brake is off again, and AI costs money although a limit was passed",
        "브레이크가 다시 꺼져, 한도를 넘었어도 AI 비용이 계속 나갑니다",
    ),
}
_ANYTHING = Sentence(
    "what it holds is not there for anybody", "그 안에 있던 것을 아무도 볼 수 없습니다"
)


@dataclass(frozen=True)
class Holding:
    """A resource that holds data."""

    stack: str
    logical_id: str
    resource: dict[str, Any]

    @property
    def kind(self) -> str:
        return str(self.resource["Type"])

    @property
    def name(self) -> Sentence:
        return named(self.resource, self.logical_id)

    @property
    def seen(self) -> Sentence:
        """What people would see without what is in it: a clause."""
        return _SEEN.get(stem(self.logical_id), _ANYTHING)

    @property
    def properties(self) -> dict[str, Any]:
        found: dict[str, Any] = self.resource.get("Properties", {})
        return found


def holds_data(resource: dict[str, Any]) -> bool:
    kind = resource["Type"]
    if kind == PARAMETER:  # one whose value a resource gives has nothing of its own
        return isinstance(resource.get("Properties", {}).get("Value"), str)
    return kind in KEPT_BY_ID or kind in OTHERS or kind in (QUEUE, LOG_GROUP)
