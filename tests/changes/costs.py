"""Changes of what an account costs: sizes, entries, hours, and what nobody meant to pay for."""

from collections.abc import Callable
from typing import Any

from cufit_ops.costs.edits import with_entry, with_hours, with_size, with_tasks
from cufit_ops.review.findings import Topic
from cufit_ops.template_graph import Account
from tests.changes.case import Case, Templates, of_type, properties

ABOVE = r", above the limit of \$37\.5;"


def _edited(edit: Callable[[Account], Account]) -> Callable[[Templates], None]:
    """As the edits that prices are made for: of the stack of the service alone."""

    def change(templates: Templates) -> None:
        templates.update(edit(Account.made_of(templates)).stacks)

    return change


def _added(stack: str, **resources: dict[str, Any]) -> Callable[[Templates], None]:
    def change(templates: Templates) -> None:
        templates[stack]["Resources"].update(resources)

    return change


def _nat_gateway(templates: Templates) -> None:
    address: dict[str, Any] = {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}}
    properties_ = {"AllocationId": {"Fn::GetAtt": ["NatIp", "AllocationId"]}}
    gateway = {"Type": "AWS::EC2::NatGateway", "Properties": properties_}
    templates["Service"]["Resources"].update(NatIp=address, Nat=gateway)


def _no_maximum_concurrency(templates: Templates) -> None:
    for _, _, mapping in of_type(templates, "AWS::Lambda::EventSourceMapping"):
        del mapping["Properties"]["ScalingConfig"]


def _worker(**variables: str) -> Callable[[Templates], None]:
    def change(templates: Templates) -> None:
        worker = properties(templates, "Matching/MatchWorkerFunction")
        worker["Environment"]["Variables"].update(variables)

    return change


CASES = (
    Case(
        "1 vCPU and 2 GB in prod",
        "prod",
        _edited(lambda account: with_size(account, 1024, 2048)),
        (
            (Topic.MONEY, r"\(Fargate tasks \+\$18\.2\d\)"),
            (Topic.MONEY, r"runway 7\.\d → 4\.\d months, until 2027-0[45]-\d\d"),
            (Topic.MONEY, ABOVE),
        ),
        dangerous=True,
    ),
    Case(
        "1 vCPU and 2 GB in prod, taken back",
        "prod",
        _edited(lambda account: with_size(account, 1024, 2048)),
        ((Topic.MONEY, r"\(Fargate tasks -\$18\.2\d\);"),),
        flipped=True,
    ),
    Case(
        "half a vCPU in dev",
        "dev",
        _edited(lambda account: with_size(account, 512, 1024)),
        ((Topic.MONEY, r"\(Fargate tasks \+\$2\.6\d\);"),),
    ),
    Case(
        "a load balancer in prod",
        "prod",
        _edited(lambda account: with_entry(account, "alb")),
        ((Topic.MONEY, r"entry \(API, load balancer or Cloud Map\) \+\$17"), (Topic.MONEY, ABOVE)),
        dangerous=True,
    ),
    Case(
        "a second task in prod",
        "prod",
        _edited(lambda account: with_tasks(account, 2)),
        (
            (
                Topic.MONEY,
                r"\+\$22\.\d\d: Fargate tasks \+\$18\.\d\d, public IPv4 addresses \+\$4\.0\d, …\)",
            ),
        ),
        dangerous=True,
    ),
    Case(
        "dev round the clock",
        "dev",
        _edited(lambda account: with_hours(account, None)),
        ((Topic.MONEY, ABOVE),),
        dangerous=True,
    ),
    Case(
        "a NAT gateway in dev",
        "dev",
        _nat_gateway,
        ((Topic.MONEY, r"network and data transfer \+\$47"), (Topic.MONEY, ABOVE)),
        dangerous=True,
    ),
    Case(
        "a stream nobody priced",
        "prod",
        _added("Data", Stream={"Type": "AWS::Kinesis::Stream", "Properties": {"ShardCount": 1}}),
        ((Topic.MONEY, r"^Unpriced, .*AWS::Kinesis::Stream \(Data/Stream\) of prod"),),
    ),
    Case(
        "functions that pollers may leave",
        "prod",
        _no_maximum_concurrency,
        ((Topic.MONEY, r"\(SQS and SNS -\$"),),
    ),
    Case(
        "a dearer model in prod",
        "prod",
        _worker(CUFIT_MODEL_ID="global.anthropic.claude-haiku-4-5-20251001-v1:0"),
        ((Topic.MONEY, r"\(models and embeddings \+\$1\d"), (Topic.MONEY, ABOVE)),
        dangerous=True,
    ),
    Case(
        "40 people for the model to judge in prod",
        "prod",
        _worker(CUFIT_SHORTLIST="40"),
        ((Topic.MONEY, r"\(models and embeddings \+\$0\.6\d\)"),),
    ),
    Case(
        "a model nobody priced",
        "dev",
        _worker(CUFIT_MODEL_ID="apac.amazon.nova-9-v1:0"),
        ((Topic.MONEY, r"^Counts apac\.amazon\.nova-9-v1:0 as the dearest"),),
    ),
)
