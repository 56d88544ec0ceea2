"""Plug-in account: what an account is, in the shapes of botocore's models."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tests.integration.embedded_aws.server import REGION, Server
from tests.integration.embedded_aws.stacks import Stack

EMAIL = "alarms@people.cufit.test"


@pytest.fixture(autouse=True)
def _as_before(server: Server) -> Iterator[None]:
    yield
    server.control("DELETE", "account")


def conforms(service: str, operation: str, answer: dict[str, Any]) -> None:
    """Required members, types: what a client of another language would insist on."""
    model = botocore.session.get_session().get_service_model(service).operation_model(operation)
    told = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    report = ParamValidator().validate(told, model.output_shape)  # type: ignore[arg-type]  # has one
    assert not report.has_errors(), report.generate_report()


def test_plan_and_credits(server: Server) -> None:
    plan = {
        "accountPlanType": "FREE",
        "accountPlanStatus": "ACTIVE",
        "accountPlanRemainingCredits": {"amount": 87.5, "unit": "USD"},
        "accountPlanExpirationDate": 1798761600,
    }
    freetier = server.client("freetier")
    conforms("freetier", "GetAccountPlanState", freetier.get_account_plan_state())
    server.control("PUT", "account", {"plan": plan})
    told = freetier.get_account_plan_state()
    conforms("freetier", "GetAccountPlanState", told)
    assert told["accountPlanRemainingCredits"]["amount"] == 87.5
    assert told["accountPlanExpirationDate"].year == 2027


def test_quotas(server: Server) -> None:
    server.control("PUT", "account", {"quotas": {"Tokens": 0.0}})
    told = server.client("service-quotas").list_service_quotas(ServiceCode="bedrock")
    conforms("service-quotas", "ListServiceQuotas", told)
    assert [(one["QuotaName"], one["Value"]) for one in told["Quotas"]] == [("Tokens", 0.0)]


def test_room_for_functions(server: Server) -> None:
    server.control("PUT", "account", {"concurrency": 10})
    told = server.client("lambda").get_account_settings()
    conforms("lambda", "GetAccountSettings", told)
    assert told["AccountLimit"]["UnreservedConcurrentExecutions"] == 10


def test_zones_and_regions(server: Server) -> None:
    changed = {"zone_ids": {f"{REGION}c": "apne2-az4"}, "regions": {REGION: "DISABLED"}}
    server.control("PUT", "account", changed)
    zones = server.client("ec2").describe_availability_zones()["AvailabilityZones"]
    ids = {zone["ZoneName"]: zone["ZoneId"] for zone in zones}
    assert (ids[f"{REGION}a"], ids[f"{REGION}c"]) == ("apne2-az1", "apne2-az4")
    status = server.client("account").get_region_opt_status(RegionName=REGION)
    assert status["RegionOptStatus"] == "DISABLED"


def test_access_to_models(server: Server) -> None:
    bedrock = server.client("bedrock")
    simulated = bedrock.get_foundation_model_availability(modelId="cufit.simulated-v1")
    conforms("bedrock", "GetFoundationModelAvailability", simulated)
    assert simulated["agreementAvailability"]["status"] == "AVAILABLE"
    denied = {"amazon.nova-lite-v1:0": {"authorizationStatus": "NOT_AUTHORIZED"}}
    server.control("PUT", "account", {"models": denied})
    told = bedrock.get_foundation_model_availability(modelId="amazon.nova-lite-v1:0")
    conforms("bedrock", "GetFoundationModelAvailability", told)
    assert told["authorizationStatus"] == "NOT_AUTHORIZED"


def test_service_linked_roles_have_their_real_names(server: Server) -> None:
    iam = server.client("iam")
    service = "elasticloadbalancing.amazonaws.com"
    made = iam.create_service_linked_role(AWSServiceName=service)["Role"]
    name = "AWSServiceRoleForElasticLoadBalancing"
    assert made["RoleName"] == iam.get_role(RoleName=name)["Role"]["RoleName"] == name
    with pytest.raises(iam.exceptions.InvalidInputException, match="taken"):
        iam.create_service_linked_role(AWSServiceName=service)
    with pytest.raises(iam.exceptions.InvalidInputException):
        iam.create_service_linked_role(AWSServiceName="nobody.amazonaws.com")
    iam.delete_service_linked_role(RoleName=name)


def test_mail_is_pending_until_somebody_confirms(server: Server, stack: Stack) -> None:
    mail = {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": EMAIL}
    resources = {
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Mail": {"Type": "AWS::SNS::Subscription", "Properties": mail},
    }
    topic = stack.deploy(resources, {"Topic": {"Ref": "Topic"}})["Topic"]

    def listed() -> str:
        answer = server.client("sns").list_subscriptions_by_topic(TopicArn=topic)
        (one,) = answer["Subscriptions"]
        return str(one["SubscriptionArn"])

    assert listed() == "PendingConfirmation"
    server.control("PUT", "account", {"mail_confirmed": True})
    assert listed().startswith(f"{topic}:")


def test_what_is_no_fact_is_refused(server: Server) -> None:
    refused = server.request("PUT", "/_cufit/account", json={"weather": "fine"})
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert "mail_confirmed" in refused.json()["message"]
