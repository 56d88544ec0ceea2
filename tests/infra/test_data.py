"""What is kept: tables and the photo bucket."""

import json

from cufit_contracts.photos import PENDING_KEPT, PHOTOS_PREFIX
from stacks.tables import TABLES, Table
from tests.infra.synthesis import Resource, Synthesized


def _tables(environment: Synthesized) -> dict[str, Resource]:
    found = environment.resources("AWS::DynamoDB::GlobalTable")
    return {
        next(name for name in TABLES if logical_id.lower().startswith(name)): resource
        for logical_id, resource in found.items()
    }


def test_the_tables_are_the_ones_the_doubles_have(environment: Synthesized) -> None:
    assert {name: _declared(table) for name, table in _tables(environment).items()} == TABLES


def _declared(table: Resource) -> Table:
    properties = table["Properties"]
    (key,) = properties["KeySchema"]
    expires = properties.get("TimeToLiveSpecification", {"AttributeName": None, "Enabled": True})
    assert expires["Enabled"]
    indexes, shows = {}, {}
    for index in properties.get("GlobalSecondaryIndexes", []):
        shown = index["Projection"].get("NonKeyAttributes")
        kind = "INCLUDE" if shown else "ALL"
        assert index["Projection"]["ProjectionType"] == kind
        if shown:
            shows[index["IndexName"]] = tuple(shown)
        partition, sort = (part["AttributeName"] for part in index["KeySchema"])
        indexes[index["IndexName"]] = (partition, sort)
    return Table(key["AttributeName"], indexes, shows, expires["AttributeName"])


def test_what_indexes_show_is_within_the_limits_and_no_phone(environment: Synthesized) -> None:
    shown = [
        [
            index["Projection"]["NonKeyAttributes"]
            for index in indexes
            if index["Projection"].get("NonKeyAttributes")
        ]
        for table in _tables(environment).values()
        if (indexes := table["Properties"].get("GlobalSecondaryIndexes"))
    ]
    assert any(shown)
    for table in shown:
        assert sum(map(len, table)) <= 100
        for names in table:
            assert len(names) <= 20
            assert not {"phone", "nickname"} & {*names}


def test_spending_on_tables_has_a_ceiling(environment: Synthesized) -> None:
    for table in _tables(environment).values():
        properties = table["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        for target in (properties, *properties.get("GlobalSecondaryIndexes", [])):
            assert target["WriteOnDemandThroughputSettings"]["MaxWriteRequestUnits"] <= 200
        for replica in properties["Replicas"]:
            targets = (replica, *replica.get("GlobalSecondaryIndexes", []))
            for target in targets:
                assert target["ReadOnDemandThroughputSettings"]["MaxReadRequestUnits"] <= 400


def test_retained_data_survives_the_stack_and_a_slip(environment: Synthesized) -> None:
    retained = environment.settings.retain_data
    for table in _tables(environment).values():
        (replica,) = table["Properties"]["Replicas"]
        assert table["DeletionPolicy"] == ("Retain" if retained else "Delete")
        assert replica["DeletionProtectionEnabled"] is retained
        assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is retained
    (bucket,) = environment.resources("AWS::S3::Bucket").values()
    assert bucket["DeletionPolicy"] == ("Retain" if retained else "Delete")


def test_the_bucket_is_private(environment: Synthesized) -> None:
    bucket = environment.only("AWS::S3::Bucket")

    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_the_bucket_refuses_plain_http_and_old_signatures(environment: Synthesized) -> None:
    policy = environment.only("AWS::S3::BucketPolicy")["PolicyDocument"]["Statement"]
    denied = [
        json.dumps(statement["Condition"], sort_keys=True)
        for statement in policy
        if statement["Effect"] == "Deny"
    ]

    assert '{"Bool": {"aws:SecureTransport": "false"}}' in denied
    assert '{"NumericLessThan": {"s3:TlsVersion": 1.2}}' in denied
    assert '{"NumericGreaterThan": {"s3:signatureAge": 1000000}}' in denied


def test_unclaimed_uploads_go_after_a_day(environment: Synthesized) -> None:
    (rule,) = environment.only("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]

    assert (rule["Prefix"], rule["ExpirationInDays"], rule["Status"]) == (
        "incoming/",
        1,
        "Enabled",
    )


def test_a_row_outlives_the_upload_it_waits_for(environment: Synthesized) -> None:
    """Which lies in the bucket until the midnight after; what is made of it never expires."""
    (rule,) = environment.only("AWS::S3::Bucket")["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] + 1 < PENDING_KEPT.days
    assert not PHOTOS_PREFIX.startswith(rule["Prefix"])


def test_browsers_may_put_from_configured_origins_only(environment: Synthesized) -> None:
    rules = environment.only("AWS::S3::Bucket").get("CorsConfiguration", {}).get("CorsRules", [])

    origins = environment.settings.web.origins
    assert [rule["AllowedOrigins"] for rule in rules] == ([origins] if origins else [])
    assert all(rule["AllowedMethods"] == ["PUT"] for rule in rules)


def test_uploads_are_told_to_eventbridge_without_a_custom_resource(
    environment: Synthesized,
) -> None:
    notification = environment.only("AWS::S3::Bucket")["NotificationConfiguration"]

    assert notification == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    kinds = {
        resource["Type"]
        for template in environment.templates.values()
        for resource in template["Resources"].values()
    }
    assert not {kind for kind in kinds if "Custom" in kind}
