"""Questions about what is deployed, and what the next deployment will meet."""

from collections.abc import Iterator

from cufit_ops.delivering.assembly import as_answered
from cufit_ops.doctor.answers import Answer, fails, holds, unknown
from cufit_ops.doctor.check import ANYWHERE, Check
from cufit_ops.doctor.subject import STACKS, Subject
from cufit_ops.review.refused import refusals
from cufit_ops.template_graph import Account

ROLLED_BACK = "UPDATE_ROLLBACK_COMPLETE"
STUCK = {
    "CREATE_FAILED": "aws cloudformation delete-stack --stack-name {stack}, then {deploy}",
    "ROLLBACK_COMPLETE": "aws cloudformation delete-stack --stack-name {stack}, then {deploy}",
    "ROLLBACK_FAILED": "aws cloudformation delete-stack --stack-name {stack}, then {deploy}",
    "DELETE_FAILED": "aws cloudformation delete-stack --stack-name {stack}",
    "UPDATE_FAILED": "aws cloudformation rollback-stack --stack-name {stack}",
    ROLLED_BACK: "see why with `aws cloudformation describe-stack-events "
    "--stack-name {stack}`, mend it, then {deploy}",
    "UPDATE_ROLLBACK_FAILED": "aws cloudformation continue-update-rollback --stack-name {stack}",
}
"""State after a deployment that went wrong, to the way out of it."""

PENDING = "PendingConfirmation"
"""What SNS lists in place of an ARN until somebody follows the link in the mail."""


def _stacks(subject: Subject) -> Answer:
    states = {one["StackName"]: one["StackStatus"] for one in subject.stacks.values()}
    if not states:
        return holds("nothing is deployed yet")
    stuck = {name: state for name, state in states.items() if state in STUCK}
    back = [one for one, state in stuck.items() if state == ROLLED_BACK and _is_head(subject, one)]
    stuck = {name: state for name, state in stuck.items() if name not in back}
    if stuck:
        ways = [STUCK[state].format(stack=name, deploy=subject.deploy)
                for name, state in stuck.items()]  # fmt: skip
        said = ", ".join(f"{name} is {state}" for name, state in stuck.items())
        return fails(said, "; ".join(ways))
    if missing := _missing(subject):
        return fails(f"not deployed: {', '.join(missing)}", subject.deploy)
    after = f"; {', '.join(back)} rolled back, and is what this checkout has" if back else ""
    return holds(f"{len(states)} stacks, none left by a failed deployment{after}")


def _is_head(subject: Subject, name: str) -> bool:
    """Whether the next deployment has nothing to change in it: its state stays until one does."""
    deployed = subject.client("cloudformation").get_template(StackName=name)["TemplateBody"]
    stack = name.removeprefix(f"cufit-{subject.name}-")
    made = subject.head(subject.name).stacks.get(stack)
    return made is not None and as_answered(deployed) == as_answered(made)


def _missing(subject: Subject) -> list[str]:
    """Stacks that the configuration makes and that do not stand."""
    made = [one for one in STACKS if one != "Delivery" or subject.settings.delivery]
    return [f"cufit-{subject.name}-{one}" for one in made if one not in subject.stacks]


def _refusals(subject: Subject) -> Answer:
    """Of what stands and what this checkout would make of it, as `cufit diff` does of two commits:
    exports in use that go or change above all."""
    cloudformation = subject.client("cloudformation")
    base = Account.made_of(
        {
            name: cloudformation.get_template(StackName=one["StackName"])["TemplateBody"]
            for name, one in subject.stacks.items()
        }
    )
    if found := refusals(base, subject.head(subject.name)):
        return fails("; ".join(found), "do it in the two deployments that the reason names")
    return holds(f"{len(base.exports)} exports, none of those in use goes or changes")


def _parameters(subject: Subject) -> Answer:
    """Names and types alone: a value is never read."""
    local, webhook = subject.settings.is_local, subject.settings.alarms.webhook_parameter
    wanted = {}
    if webhook and not local:  # a laptop does without, and says so in the notifier's log
        wanted[webhook] = "SecureString"
    if subject.stacks:
        wanted[f"/cufit/{subject.name}/brake"] = "String"
    if not wanted:
        return holds("none is needed yet")
    answer = subject.client("ssm").describe_parameters(
        ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": list(wanted)}]
    )
    types = {one["Name"]: one["Type"] for one in answer["Parameters"]}
    for name, type_ in wanted.items():
        if types.get(name) == type_:
            continue
        mend = subject.deploy
        if name == webhook:
            mend = f"cufit webhook --env {subject.name}"
        what = "not there" if name not in types else f"a {types[name]}"
        return fails(f"{name} is {what}, it must be a {type_}", mend)
    return holds(", ".join(wanted))


def _no_mail(subject: Subject) -> str | None:
    return None if subject.settings.alarms.email else "[alarms] names no email"


def _address(subject: Subject) -> str:
    return subject.settings.alarms.email or ""  # see _no_mail


def _subscriptions(subject: Subject) -> Answer:
    wanted = _address(subject)
    by_topic = dict(_mail(subject))
    missing = [_called(topic) for topic, held in by_topic.items() if wanted not in held]
    if missing or not by_topic:
        return fails(f"{wanted} hears nothing of {', '.join(missing) or 'a topic'}", subject.deploy)
    pending = [_called(topic) for topic, held in by_topic.items() if held[wanted] == PENDING]
    if pending:
        return fails(
            f"{wanted} has not confirmed {', '.join(pending)}",
            "follow the link in AWS's mail; --fix sends it again (links last three days)",
        )
    if absent := _missing(subject):
        return unknown(f"topics may be missing with {', '.join(absent)}", subject.deploy)
    return holds(f"{wanted} hears {len(by_topic)} topics")


def _subscribe_again(subject: Subject) -> str:
    wanted = _address(subject)
    again = [topic for topic, held in _mail(subject) if held.get(wanted) == PENDING]
    for topic in again:
        subject.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint=wanted)
    return f"had {wanted} sent {len(again)} mails with a link each"


def _mail(subject: Subject) -> Iterator[tuple[str, dict[str, str]]]:
    """Each topic of the environment, and its subscriptions by address."""
    cloudformation, sns = subject.client("cloudformation"), subject.client("sns")
    for stack in subject.stacks.values():
        pages = cloudformation.get_paginator("list_stack_resources").paginate(
            StackName=stack["StackName"]
        )
        resources = [one for page in pages for one in page["StackResourceSummaries"]]
        for topic in (one for one in resources if one["ResourceType"] == "AWS::SNS::Topic"):
            arn = topic["PhysicalResourceId"]
            listed = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
            yield (
                arn,
                {
                    one["Endpoint"]: one["SubscriptionArn"]
                    for page in listed
                    for one in page["Subscriptions"]
                    if one["Protocol"] == "email"
                },
            )


def _called(topic_arn: str) -> str:
    return topic_arn.rpartition(":")[2]


CHECKS = (
    Check("stacks", "no deployment was left halfway", _stacks, ANYWHERE, seconds=120),
    Check(
        "exports",
        "the next deployment takes away nothing that is in use",
        _refusals,
        after_deployment=True,
        seconds=120,
    ),
    Check("parameters", "the parameters that config/ names are there", _parameters, ANYWHERE),
    Check(
        "subscriptions",
        "alarms reach their address",
        _subscriptions,
        after_deployment=True,
        unless=_no_mail,
        fix=_subscribe_again,
    ),
)
