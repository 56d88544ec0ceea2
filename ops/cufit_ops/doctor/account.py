"""Questions about the account, whatever is deployed in it."""

from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError, NoCredentialsError, TokenRetrievalError

from cufit_ops.doctor.answers import Answer, fails, holds, unknown
from cufit_ops.doctor.check import ANYWHERE, Check
from cufit_ops.doctor.subject import Subject
from stacks.bootstrap import qualifier

NO_LONGER_VALID = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidClientTokenId",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

BOOTSTRAP_VERSION = 6
"""What the manifest of our stacks asks for (a test holds them together)."""

LINKED_ROLES = {
    "AWSServiceRoleForECS": "ecs.amazonaws.com",
    "AWSServiceRoleForAPIGateway": "ops.apigateway.amazonaws.com",
}
"""Without the first a new account's first cluster fails ("Unable to assume the service linked
role"), without the second a VPC link. AWS makes them at first use, sometimes too late."""
LOAD_BALANCER_ROLE = {"AWSServiceRoleForElasticLoadBalancing": "elasticloadbalancing.amazonaws.com"}
SCALING_ROLE = {
    "AWSServiceRoleForApplicationAutoScaling_ECSService": (
        "ecs.application-autoscaling.amazonaws.com"
    )
}
"""Opens and closes an environment with office hours."""

VPC_LINK_ZONE_IDS = {
    "ap-northeast-2": ("apne2-az1", "apne2-az2", "apne2-az3"),
    "us-east-1": ("use1-az1", "use1-az2", "use1-az4", "use1-az5", "use1-az6"),
    "us-east-2": ("use2-az1", "use2-az2", "use2-az3"),
    "us-west-1": ("usw1-az1", "usw1-az3"),
}
"""API Gateway developer guide, "VPC links for HTTP APIs", availability by region (2026-11)."""
VPC_LINK_GUIDE = "the table of regions in API Gateway's guide, VPC links for HTTP APIs"

FUNCTIONS_AT_ONCE = 10
"""What one environment uses when every function is asked at once: two of match_worker, two of
profile_indexer and one of each other (a test counts them in the templates)."""

FREE_TIER_REGION = "us-east-1"
"""The only one that has the Free Tier API."""
PLAN_DAYS = 30
"""A free plan that ends within these is trouble now."""


def _credentials(subject: Subject) -> Answer:
    log_in = "aws login (or aws sso login); with several accounts: export AWS_PROFILE=NAME"
    try:
        who = subject.client("sts").get_caller_identity()["Arn"]
    except (NoCredentialsError, TokenRetrievalError) as error:
        return fails(f"this shell has none that work: {error}", log_in)
    except ClientError as error:
        if error.response["Error"]["Code"] not in NO_LONGER_VALID:
            raise
        return fails(f"AWS does not take them: {error.response['Error']['Message']}", log_in)
    return holds(str(who))


def _account(subject: Subject) -> Answer:
    wanted, found = subject.settings.account, subject.account
    file = f"config/{subject.name}.toml"
    if wanted is None and subject.settings.is_local:
        return holds(found)
    if wanted is None:
        return holds(f'{found}; {file} names none, account = "{found}" would hold it to this one')
    if wanted != found:
        return fails(
            f"these credentials are of {found}, {file} says account = {wanted!r}",
            f"export AWS_PROFILE=NAME of {wanted}, or correct account in {file}",
        )
    return holds(found)


def _region(subject: Subject) -> Answer:
    region = subject.settings.region
    status = subject.client("account").get_region_opt_status(RegionName=region)["RegionOptStatus"]
    if status not in ("ENABLED", "ENABLED_BY_DEFAULT"):
        return fails(
            f"{region} is {status} in this account",
            f"aws account enable-region --region-name {region} (takes minutes)",
        )
    return holds(f"{region} is {status}")


def _bootstrap(subject: Subject) -> Answer:
    bootstrap = "make up" if subject.settings.is_local else f"make bootstrap ENV={subject.name}"
    name = f"/cdk-bootstrap/{qualifier(subject.settings)}/version"
    try:
        parameter = subject.client("ssm").get_parameter(Name=name)["Parameter"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return fails(f"{subject.settings.region} is not prepared for the CDK", bootstrap)
    version = int(parameter["Value"])
    if version < BOOTSTRAP_VERSION:
        return fails(f"version {version}, at least {BOOTSTRAP_VERSION} is needed", bootstrap)
    return holds(f"version {version}")


def _linked_roles(subject: Subject) -> Answer:
    missing = _missing_roles(subject)
    if not missing:
        return holds(", ".join(_roles(subject)))
    commands = "; ".join(
        f"aws iam create-service-linked-role --aws-service-name {service}"
        for service in missing.values()
    )
    return fails(f"not there: {', '.join(missing)}", f"{commands} (or --fix)")


def _make_roles(subject: Subject) -> str:
    missing = _missing_roles(subject)
    for service in missing.values():
        subject.client("iam").create_service_linked_role(AWSServiceName=service)
    return f"created {', '.join(missing)}"


def _missing_roles(subject: Subject) -> dict[str, str]:
    iam = subject.client("iam")
    missing = {}
    for role, service in _roles(subject).items():
        try:
            iam.get_role(RoleName=role)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchEntity":
                raise
            missing[role] = service
    return missing


def _roles(subject: Subject) -> dict[str, str]:
    settings = subject.settings
    return (
        LINKED_ROLES
        | (LOAD_BALANCER_ROLE if settings.entry == "alb" else {})
        | (SCALING_ROLE if settings.office_hours else {})
    )


def _zones(subject: Subject) -> Answer:
    region, wanted = subject.settings.region, subject.settings.availability_zones
    answer = subject.client("ec2").describe_availability_zones()["AvailabilityZones"]
    ids = {zone["ZoneName"]: zone["ZoneId"] for zone in answer}
    file = f"config/{subject.name}.toml"
    if absent := [zone for zone in wanted if zone not in ids]:
        return fails(
            f"this account has no {', '.join(absent)}; it has {', '.join(sorted(ids))}",
            f"choose two in availability_zones of {file}",
        )
    if region not in VPC_LINK_ZONE_IDS:
        shown = ", ".join(f"{zone} is {ids[zone]}" for zone in wanted)
        return unknown(f"{shown}; whether VPC links serve them: {VPC_LINK_GUIDE}")
    served = VPC_LINK_ZONE_IDS[region]
    if wrong := [f"{zone} ({ids[zone]})" for zone in wanted if ids[zone] not in served]:
        fit = ", ".join(sorted(zone for zone, id_ in ids.items() if id_ in served))
        return fails(
            f"VPC links serve no {', '.join(wrong)} in this account",
            f"availability_zones in {file}: two of {fit}",
        )
    return holds(", ".join(f"{zone} is {ids[zone]}" for zone in wanted))


def _concurrency(subject: Subject) -> Answer:
    limits = subject.client("lambda").get_account_settings()["AccountLimit"]
    free, whole = limits["UnreservedConcurrentExecutions"], limits["ConcurrentExecutions"]
    said = f"{free} of {whole} are not reserved, this environment may use {FUNCTIONS_AT_ONCE}"
    if free < FUNCTIONS_AT_ONCE:
        return fails(
            said,
            "ask for more (free): aws service-quotas request-service-quota-increase --service-code "
            "lambda --quota-code L-B99A9384 --desired-value 1000",
        )
    return holds(said)


def _plan(subject: Subject) -> Answer:
    state = subject.client("freetier", FREE_TIER_REGION).get_account_plan_state()
    credit = state.get("accountPlanRemainingCredits", {}).get("amount")
    left = "" if credit is None else f", ${credit:,.2f} of credits left"
    if state["accountPlanType"] == "PAID":
        return holds(f"a paid plan{left}")
    upgrade = "upgrade to the paid plan in the Billing console; credits stay"
    ends = state.get("accountPlanExpirationDate")
    when = f" until {ends:%Y-%m-%d}" if ends else ""
    budget = subject.settings.budget  # of the account, so not in every environment
    monthly = budget.monthly_usd if budget else 0
    if state["accountPlanStatus"] == "EXPIRED":
        return fails(f"the free plan has expired{left}; AWS closes the account", upgrade)
    if ends and ends - datetime.now(UTC) < timedelta(days=PLAN_DAYS):
        return fails(f"the free plan ends on {ends:%Y-%m-%d}{left}; then all stops", upgrade)
    if credit is not None and credit < monthly:
        return fails(f"the free plan ends with its credits{left}, a month is ${monthly:g}", upgrade)
    return holds(f"the free plan{when}{left}; it ends with either")


CHECKS = (
    Check("credentials", "AWS takes this shell's credentials", _credentials, ANYWHERE),
    Check("account", "they are of the account that config/ names", _account, ANYWHERE),
    Check("region", "the account uses the region", _region),
    Check("bootstrap", "the CDK may deploy here", _bootstrap, ANYWHERE),
    Check("linked-roles", "AWS's own roles are there", _linked_roles, fix=_make_roles),
    Check("zones", "VPC links serve the zones of config/", _zones),
    Check("concurrency", "functions have room to run", _concurrency),
    Check("plan", "the account's plan and credits last", _plan),
)
