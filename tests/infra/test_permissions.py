"""Least privilege in the templates: exact actions on exact resources, exceptions with a reason."""

import json

from tests.infra.synthesis import Synthesized, as_list

WITHOUT_RESOURCE = {
    "bedrock:RetrieveAndGenerate": "knows no resource (service authorization reference)",
    "ecr:GetAuthorizationToken": "knows no resource; the image is pulled with it",
    "cloudwatch:GetMetricData": "knows no resource; ops roles read metrics",
    "cloudwatch:DescribeAlarms": "of no use on a part of the alarms; ops roles read them",
    "logs:GetQueryResults": "knows no resource; a query's groups are checked when it starts",
}
"""Actions that may be allowed on `*`, and why."""

PATTERNS = {
    "/incoming/*": "objects of the photo bucket, by prefix",
    "/photos/*": "objects of the photo bucket, by prefix",
    ":cufit-*": "ops roles: every environment of the account, nothing but this project's",
    "/cufit-*": "as above",
    "/cufit-*-Recommendations*": "as above, of one table and its indexes",
    "/cufit-*-Candidates*": "as above",
    ":knowledge-base/*": "ops roles: ids are random; a condition on the project's tag",
    ":parameter/cufit/*/brake": "ops roles: the brakes of every environment",
}
"""How a resource with a wildcard may end, and why."""


def test_no_action_is_a_pattern(environment: Synthesized) -> None:
    for role, statement in environment.statements():
        for action in as_list(statement["Action"]):
            assert "*" not in action, f"{role}: {action}"


def test_every_wildcard_resource_is_reviewed(environment: Synthesized) -> None:
    for role, statement in environment.statements():
        for resource in as_list(statement["Resource"]):
            text = _written_out(resource)
            if text == "*":
                unreviewed = set(as_list(statement["Action"])) - set(WITHOUT_RESOURCE)
                assert not unreviewed, f"{role}: {unreviewed} on *"
            elif "*" in text:
                assert any(text.endswith(pattern) for pattern in PATTERNS), f"{role}: {text}"


def test_no_managed_policy_and_nothing_but_allow(environment: Synthesized) -> None:
    assert not [r for r in environment.properties("AWS::IAM::Role") if r.get("ManagedPolicyArns")]
    assert {statement["Effect"] for _, statement in environment.statements()} == {"Allow"}


def test_the_worker_asks_bedrock_with_its_own_permissions(deployed: Synthesized) -> None:
    allowed = deployed.allowed("MatchWorker")

    assert allowed["bedrock:RetrieveAndGenerate"] == ['"*"']
    (knowledge_base,) = allowed["bedrock:Retrieve"]
    assert "KnowledgeBase" in knowledge_base
    invoked = " ".join(allowed["bedrock:InvokeModel"])
    assert "inference-profile/apac.amazon.nova-lite-v1:0" in invoked
    for region in ("ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1"):
        assert f"bedrock:{region}::foundation-model/amazon.nova-lite-v1:0" in invoked
    (profile,) = allowed["bedrock:GetInferenceProfile"]
    assert "inference-profile" in profile


def test_the_indexer_may_touch_documents_of_the_knowledge_base(environment: Synthesized) -> None:
    allowed = environment.allowed("ProfileIndexer")

    for action in ("Ingest", "Delete", "Get"):
        (resource,) = allowed[f"bedrock:{action}KnowledgeBaseDocuments"]
        assert "KnowledgeBase" in resource


def test_the_knowledge_base_may_embed_and_delete(environment: Synthesized) -> None:
    allowed = environment.allowed("KnowledgeBaseRole")
    (trust,) = (
        role["AssumeRolePolicyDocument"]["Statement"][0]
        for role in environment.properties("AWS::IAM::Role", "Knowledge")
    )

    assert set(allowed) == {
        "bedrock:InvokeModel",
        "s3vectors:PutVectors",
        "s3vectors:GetVectors",
        "s3vectors:DeleteVectors",
        "s3vectors:QueryVectors",
        "s3vectors:GetIndex",
    }
    assert trust["Principal"] == {"Service": "bedrock.amazonaws.com"}
    assert set(trust["Condition"]) == {"StringEquals", "ArnLike"}


def test_the_service_reaches_every_table_and_index_by_name(environment: Synthesized) -> None:
    allowed = environment.allowed("FargateTaskRole")

    assert len(allowed["dynamodb:Query"]) == 7
    assert "dynamodb:Scan" in allowed
    assert len(allowed["dynamodb:Scan"]) == 1
    assert "Outbox" in allowed["dynamodb:Scan"][0]
    assert len(allowed["sqs:SendMessage"]) == 2
    (photos,) = allowed["s3:GetObject"]
    assert "photos/*" in photos
    assert len(allowed["s3:DeleteObject"]) == 2


def test_signing_an_upload_needs_the_right_to_make_it(environment: Synthesized) -> None:
    (resource,) = environment.allowed("PhotoUploadUrl")["s3:PutObject"]

    assert "incoming/*" in resource


def test_the_processor_moves_from_incoming_to_photos(environment: Synthesized) -> None:
    allowed = environment.allowed("PhotoProcessor")

    assert "incoming/*" in allowed["s3:GetObject"][0]
    assert "incoming/*" in allowed["s3:DeleteObject"][0]
    assert [resource for resource in allowed["s3:PutObject"] if "photos/*" not in resource] == []


def test_the_brake_is_written_by_one_and_read_by_one(environment: Synthesized) -> None:
    writers = {
        role for role, s in environment.statements() if "ssm:PutParameter" in as_list(s["Action"])
    }

    # People release it by hand.
    assert {writer[:9] for writer in writers} - {"OpsActRol"} == {"CostBrake"}
    assert "ssm:GetParameter" in environment.allowed("MatchWorker")


def _written_out(resource: object) -> str:
    """An ARN with its references left out, ending as the template's does."""
    if isinstance(resource, str):
        return resource
    if isinstance(resource, dict) and "Fn::Join" in resource:
        separator, parts = resource["Fn::Join"]
        return str(separator).join(part if isinstance(part, str) else "<>" for part in parts)
    return json.dumps(resource)
