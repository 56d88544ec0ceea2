"""Nobody hears of it any more: messages, alarms, limits, failures; and ways that are closed."""

from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import (
    Case,
    Templates,
    both,
    logical_id,
    of_type,
    properties,
    renamed,
    resource,
    without,
)

DATA, REFUSED = Topic.DATA, Topic.REFUSED

_MAPPING = "Matching/MatchWorkerMessages"
_QUEUE = "Matching/MatchRequestsQueue"
_ALARM = "Observability/AlarmDeadLetters"
_TABLE = "Data/Candidates"


def _set(name: str, *path: str | int, to: Any) -> Any:
    """The value at `path` of a resource's properties; None takes it away."""

    def edit(templates: Templates) -> None:
        held: Any = properties(templates, name)
        for key in path[:-1]:
            held = held[key]
        if to is None:
            del held[path[-1]]
        else:
            held[path[-1]] = to

    return edit


def _other_queue(templates: Templates) -> None:
    asked = logical_id(templates, _QUEUE)[1]
    _set("Matching/ProfileIndexerMessages", "EventSourceArn", to={"Fn::GetAtt": [asked, "Arn"]})(
        templates
    )


def _set_aside_elsewhere(templates: Templates) -> None:
    changes = logical_id(templates, "Matching/ProfileChangesQueue")[1]
    arn = {"Fn::GetAtt": [changes, "Arn"]}
    _set(_QUEUE, "RedrivePolicy", "deadLetterTargetArn", to=arn)(templates)


def _no_permissions_of_rules(templates: Templates) -> None:
    for stack, found, permission in [*of_type(templates, "AWS::Lambda::Permission")]:
        if permission["Properties"]["Principal"] == "events.amazonaws.com":
            del templates[stack]["Resources"][found]


def _no_mail(templates: Templates) -> None:
    for stack, found, subscription in [*of_type(templates, "AWS::SNS::Subscription")]:
        if subscription["Properties"]["Protocol"] == "email":
            del templates[stack]["Resources"][found]


def _no_budget(templates: Templates) -> None:
    for stack, found, _ in [*of_type(templates, "AWS::Budgets::Budget")]:
        del templates[stack]["Resources"][found]


def _fewer_alarms(templates: Templates) -> None:
    """As alarms.level does."""
    for name in ("AlarmServerErrors", "AlarmDegraded"):
        without(f"Observability/{name}")(templates)
    without("Observability/Dashboard")(templates)


def _new_topic(templates: Templates) -> None:
    renamed(templates, "Observability/Alarms", "Sirens")


def _another_region(templates: Templates) -> None:
    properties(templates, _TABLE)["Replicas"].append({"Region": "us-east-1"})


def _two_of_one_name(templates: Templates) -> None:
    parameter = {"Type": "String", "Name": "/cufit/twice", "Value": "x"}
    for name in ("One", "Two"):
        templates["Photos"]["Resources"][name] = {
            "Type": "AWS::SSM::Parameter",
            "Properties": parameter,
        }


def _earlier_versions_of_none(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    ends = {"NoncurrentDays": 7}
    rules.append({"Id": "tidy", "Status": "Enabled", "NoncurrentVersionExpiration": ends})


def _tagged_for_a_week(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    tags = [{"Key": "seen", "Value": "yes"}]
    rules.append({"Id": "tidy", "Status": "Enabled", "TagFilters": tags, "ExpirationInDays": 7})


def _all_tables_within_a_construct(templates: Templates) -> None:
    for name in ("Members", "Candidates", "Matches", "Outbox", "PhotoBucket"):
        renamed(templates, f"Data/{name}", f"Store{name}")


def _fewer_writes(templates: Templates) -> None:
    properties(templates, _TABLE)["WriteOnDemandThroughputSettings"]["MaxWriteRequestUnits"] = 1


def _under_a_condition(templates: Templates) -> None:
    templates["Data"]["Conditions"] = {"Kept": {"Fn::Equals": ["a", "b"]}}
    resource(templates, "Data/Members")["Condition"] = "Kept"


def _no_public_address(templates: Templates) -> None:
    network = properties(templates, "Service/FargateService")["NetworkConfiguration"]
    network["AwsvpcConfiguration"]["AssignPublicIp"] = "DISABLED"


def _nobody_let_in(templates: Templates) -> None:
    for stack, found, _ in [*of_type(templates, "AWS::EC2::SecurityGroupIngress")]:
        del templates[stack]["Resources"][found]


def _no_delivery(templates: Templates) -> None:
    del templates["Delivery"]


CASES = (
    *both("messages no longer handled", _set(_MAPPING, "Enabled", to=False),
          ((DATA, "match_worker no longer gets the messages in the match-requests queue"),),
          dangerous=True),
    *both("no mapping of a queue", without(_MAPPING), ((DATA, "nobody else does"),),
          dangerous=True),
    *both("messages of another queue", _other_queue,
          ((DATA, "profile_indexer no longer gets"),), dangerous=True),
    *both("a filter of messages",
          _set(_MAPPING, "FilterCriteria", to={"Filters": [{"Pattern": "{}"}]}),
          ((DATA, "deleted without being handled"),), dangerous=True),
    *both("messages tried once", _set(_QUEUE, "RedrivePolicy", "maxReceiveCount", to=1),
          ((DATA, "tried 1 time instead of"),)),
    *both("set aside elsewhere", _set_aside_elsewhere, ((DATA, "set aside in another queue"),)),
    *both("messages late", _set(_QUEUE, "DelaySeconds", to=900), ((DATA, "handled 900 s after"),)),
    *both("small messages", _set(_QUEUE, "MaximumMessageSize", to=262_144),
          ((DATA, "above 262144 bytes are refused"),)),
    *both("the brake hears nothing", without("Budget/CostBrakeFunctionBrake"),
          ((DATA, "cost_brake is no longer told what the brake's topic says"),), dangerous=True),
    Case("the notifier hears nothing", "prod",
         without("Observability/AlarmNotifierFunctionAlarms"),
         ((DATA, "alarm_notifier is no longer told what the alarm topic says"),),
         dangerous=True),
    *both("no alarm of AI's cost", without("Budget/AiSpend"),
          ((DATA, "Nothing puts the brake on .* in 24 hours"),), dangerous=True),
    *both("no budget of AI", _no_budget, ((DATA, "Nothing puts the brake on .* in a month"),),
          dangerous=True),
    *both("rules without permission", _no_permissions_of_rules,
          ((DATA, "photo_processor refuses what still calls it"),), dangerous=True),
    *both("no mail of alarms", _no_mail, ((DATA, "hears nothing of .* any more"),)),
    *both("an alarm that tells nobody", _set(_ALARM, "ActionsEnabled", to=False),
          ((DATA, "Nobody is told any more of this: “A message was given up"),)),
    *both("an alarm that never rings", _set(_ALARM, "Threshold", to=1e9),
          ((DATA, "rings at other times"),)),
    *both("an alarm of another figure", _set(_ALARM, "MetricName", to="NumberOfMessagesSent"),
          ((DATA, "watches another figure"),)),
    *both("a rule that tells people goes", without("Observability/DeploymentFailed"),
          ((DATA, "Nobody is told any more of this: “A deployment of the service failed"),)),
    *both("fewer alarms", _fewer_alarms,
          ((DATA, "Nobody is told any more of 2 things: “The API answers 5xx.”"),)),
    *both("no dashboard", without("Observability/Dashboard"), ((DATA, "dashboard is taken"),)),
    *both("a new topic of alarms", _new_topic, ((DATA, "until the link in the mail"),)),
    *both("no access logs", _set("Service/HttpApiStage", "AccessLogSettings", to=None),
          ((DATA, "no longer logged"),)),
    *both("the API's own address ends",
          _set("Service/HttpApi", "DisableExecuteApiEndpoint", to=True),
          ((DATA, "no longer answers at the address"),), dangerous=True),
    *both("another namespace", _set("Service/Namespace", "Name", to="cufit.internal"),
          ((DATA, "Builds the way from the API to the service anew"),)),
    *both("another stage", _set("Service/HttpApiStage", "StageName", to="v1"),
          ((DATA, "another address"),), dangerous=True),
    *both("an app less", _set("Service/HttpApiJwt", "JwtConfiguration", "Audience", to=["other"]),
          ((DATA, "are turned away"),), dangerous=True),
    *both("a table by a name of nobody", _set("Matching/MatchWorkerFunction", "Environment",
          "Variables", "CUFIT_CANDIDATES_TABLE", to="theirs"),
          ((DATA, "match_worker is no longer told the candidates table"),), dangerous=True),
    *both("no uploads from pages", _set("Data/PhotoBucket", "CorsConfiguration", "CorsRules", 0,
          "AllowedMethods", to=[]), ((DATA, "can no longer send PUT to the photo bucket"),)),
    *both("a key of another type", _set(_TABLE, "AttributeDefinitions", 0, "AttributeType", to="N"),
          ((DATA, r"Replaces the candidates table \(AttributeDefinitions\)"),), dangerous=True),
    *both("fewer writes", _fewer_writes, ((DATA, "at most 1 write units a second"),)),
    *both("a copy in another region", _another_region),
    *both("earlier versions of none end", _earlier_versions_of_none),
    *both("tagged photos for a week", _tagged_for_a_week, ((DATA, "only what .*seen"),),
          dangerous=True),
    *both("a parameter that is read moves",
          _set("Knowledge/KnowledgeBaseParameter", "Name", to="/cufit/elsewhere"),
          ((REFUSED, "Matching still reads the parameter .* that Knowledge no longer writes"),),
          dangerous=True),
    *both("a network of other addresses",
          _set("Service/NetworkVpc", "CidrBlock", to="10.9.0.0/16"),
          ((REFUSED, "outside its network"),), dangerous=True),
    *both("two of one name", _two_of_one_name, ((REFUSED, "both to be named /cufit/twice"),),
          dangerous=True),
    *both("a table under a condition", _under_a_condition,
          ((DATA, "the members table .*unless the condition Kept"),), dangerous=True),
    *both("no way out of a subnet", without("Service/PublicSubnetADefaultRoute"),
          ((DATA, "way to the internet"),), dangerous=True),
    *both("a subnet without a route", without("Service/PublicSubnetCRouteTableAssociation"),
          ((DATA, "way to the internet"),), dangerous=True),
    *both("nobody let in", _nobody_let_in, ((DATA, "Nothing reaches the service"),),
          dangerous=True),
    *both("no gateway", without("Service/NetworkVpcVPCGW"), ((DATA, "way to the internet"),),
          dangerous=True),
    *both("tasks without an address", _no_public_address, ((DATA, "way to the internet"),),
          dangerous=True),
    *both("Delivery leaves the app", _no_delivery, ((DATA, "Leaves the stack Delivery out"),)),
    *both("all tables within a construct", _all_tables_within_a_construct,
          ((REFUSED, "still import the members table"), (DATA, "Renames the members table")),
          dangerous=True),
)  # fmt: skip
