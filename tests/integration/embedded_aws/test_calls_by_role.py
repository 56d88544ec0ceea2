"""Plug-in calls_by_role: what each role asked for, once for each kind of call."""

import json
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.integration.embedded_aws.server import Server, allow

BUCKET = "calls-by-role"


def calls(server: Server, role: str) -> list[dict[str, Any]]:
    lines = (server.state / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if one["role"] == role]


def test_a_call_is_noted_once_with_its_attributes(server: Server) -> None:
    role = server.role("noted", allow(["dynamodb:GetItem"]))
    dynamodb = server.client("dynamodb", server.credentials_of(role))
    for key in ("a", "b"):
        with pytest.raises(ClientError, match="ResourceNotFound"):
            dynamodb.get_item(TableName="made-up", Key={"id": {"S": key}})
    [call] = calls(server, "noted")
    assert call["action"] == "dynamodb:GetItem"
    assert call["resource"].endswith(":table/made-up")
    assert call["attributes"] == ["id"]


def test_a_presigned_address_is_its_signers_though_it_be_refused(server: Server) -> None:
    server.client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-2"}
    )
    role = server.role("signing", allow(["s3:PutObject"]))
    s3 = server.client("s3", server.credentials_of(role))
    given = {"Bucket": BUCKET, "Key": "incoming/secret-name"}
    assert httpx.put(s3.generate_presigned_url("put_object", given), content=b"x").is_success
    assert httpx.get(s3.generate_presigned_url("get_object", given)).status_code == 403
    noted = {(one["action"], one["resource"]) for one in calls(server, "signing")}
    assert noted == {
        ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/incoming/*"),
        ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/incoming/*"),
    }
