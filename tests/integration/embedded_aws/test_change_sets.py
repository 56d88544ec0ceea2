"""What is approved is what is executed: plans made and carried out on the embedded AWS."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from cufit_ops.delivering.change_sets import ChangeSets
from cufit_ops.delivering.plan import Plan, PlanError, State
from cufit_ops.delivering.stack_execution import execute_change_set
from stacks.delivery_rules import PREPARING
from tests.integration.embedded_aws.planned_account import (
    BUCKET,
    Account,
    parameter,
)
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server, allow

QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 30}}


@pytest.fixture
def account(server: Server, request: pytest.FixtureRequest) -> Iterator[Account]:
    made = Account(server, request.node.name.replace("_", "-")[:60])
    yield made
    made.close()


def test_a_first_plan_prepares_what_it_can_and_reads_the_rest_from_templates(
    account: Account,
) -> None:
    stacks = account.stacks()
    plan = account.plan(stacks)
    first, second = plan.stacks

    assert first.state is State.PREPARED
    assert [(c.action, c.logical_id, c.type) for c in first.changes] == [
        ("Add", "Queue", "AWS::SQS::Queue")
    ]
    assert second.state is State.FOLLOWS
    assert "not exported yet" in second.because
    assert [(c.action, c.logical_id) for c in second.changes] == [("Add", "Parameter")]
    assert account.carry_out(plan, stacks) == [stack.name for stack in stacks]
    assert account.executed[0] == first.change_set
    assert {s.state for s in account.plan(stacks).stacks} == {State.UNCHANGED}


def test_exactly_the_approved_change_set_is_executed(account: Account, tmp_path: Path) -> None:
    account.deploy(account.stacks())
    account.executed.clear()
    stacks = account.stacks(timeout=60)
    file = tmp_path / "plan.json"
    plan = account.plan(stacks)
    file.write_text(json.dumps(plan.json()))

    assert account.carry_out(Plan.read(file), stacks) == [stacks[0].name]
    assert account.executed == [plan.stacks[0].change_set]
    text = plan.markdown()
    assert "| Modify | `Queue` | AWS::SQS::Queue |" in text
    assert "1 of 2 stacks are unchanged." in text


def test_what_cloudformation_counts_as_no_change_blocks_nothing(account: Account) -> None:
    account.deploy(account.stacks())
    stacks = account.stacks()
    described = stacks[0].template | {"Description": "said better"}
    stacks[0] = account.staged("First", described)
    plan = account.plan(stacks)

    assert plan.stacks[0].state is State.UNCHANGED
    assert account.carry_out(plan, stacks) == []


def test_words_beyond_ascii_are_compared_as_cloudformation_answers_them(
    account: Account,
) -> None:
    korean: dict[str, Any] = {"Korean": parameter("소개팅…")}
    assert len(account.deploy(account.stacks(**korean))) == 2
    answered = account.change_sets.template(account.stacks(**korean)[0].name)
    assert answered["Resources"]["Korean"]["Properties"]["Value"] == "????"
    assert account.deploy(account.stacks(**korean)) == []


def test_a_change_set_that_was_made_anew_meanwhile_is_refused(account: Account) -> None:
    account.deploy(account.stacks())
    account.executed.clear()
    stacks = account.stacks(timeout=60)
    plan = account.plan(stacks)
    account.cloudformation.delete_change_set(
        StackName=stacks[0].name, ChangeSetName=plan.stacks[0].change_set
    )
    account.plan(stacks)

    with pytest.raises(PlanError, match="the approved change set is not there"):
        account.carry_out(plan, stacks)
    assert account.executed == []


def test_a_stack_that_was_deployed_meanwhile_is_refused(account: Account) -> None:
    account.deploy(account.stacks())
    plan = account.plan(stacks := account.stacks(timeout=60))
    account.deploy(account.stacks(timeout=90))
    account.executed.clear()
    account.stacks(timeout=60)

    with pytest.raises(PlanError, match="prepare again and have that approved"):
        account.carry_out(plan, stacks)
    assert account.executed == []


def test_another_change_than_the_text_says_is_refused(account: Account) -> None:
    stacks = account.stacks()
    plan = account.plan(stacks)
    first, second = plan.stacks
    told = replace(plan, stacks=(replace(first, changes=()), second))

    with pytest.raises(PlanError, match="the change set is not what was approved"):
        account.carry_out(told, stacks)
    assert account.executed == []


def test_another_checkout_than_the_prepared_one_is_refused(account: Account) -> None:
    plan = account.plan(account.stacks())

    with pytest.raises(PlanError, match="template is not the approved one; check out c0ffee"):
        account.carry_out(plan, account.stacks(timeout=60))
    assert account.executed == []


def test_a_stack_that_follows_changes_nothing_that_was_not_listed(account: Account) -> None:
    stacks = account.stacks()
    plan = account.plan(stacks)
    first, second = plan.stacks
    told = replace(plan, stacks=(first, replace(second, changes=())))

    with pytest.raises(PlanError, match="does more than was approved: Add Parameter"):
        account.carry_out(told, stacks)
    assert account.executed == [first.change_set]


def test_a_stack_that_follows_replaces_only_what_the_text_says(
    account: Account,
) -> None:
    account.deploy(account.publishing("old"))
    changed = account.publishing("new")
    renamed = changed[1].template
    renamed["Resources"]["Copy"]["Properties"]["Name"] = f"/{changed[1].name}/renamed"
    changed[1] = account.staged("Second", renamed)
    account.executed.clear()
    plan = account.plan(changed)
    assert "those before it stay deployed" in plan.markdown()
    assert f"**‼ Removes or replaces:**\n\n- `{changed[1].name}`: Modify `Copy`" in plan.markdown()
    first, second = plan.stacks
    silent = replace(second, changes=tuple(replace(c, replacement="") for c in second.changes))

    with pytest.raises(PlanError, match="does more than was approved: Replace Copy"):
        account.carry_out(replace(plan, stacks=(first, silent)), changed)
    assert account.executed == [first.change_set]
    account.carry_out(account.plan(changed), changed)


def test_a_stack_that_cloudformation_is_at_work_on_waits(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As an interrupted deployment leaves it: CloudFormation goes on."""
    stacks = account.stacks()
    account.deploy(stacks)
    monkeypatch.setattr(ChangeSets, "_status", lambda *_: "UPDATE_IN_PROGRESS")

    with pytest.raises(PlanError, match="is UPDATE_IN_PROGRESS: CloudFormation is at work on it"):
        account.plan(stacks)


def test_a_text_names_first_what_is_removed_and_who_may_more(account: Account) -> None:
    account.deploy(account.stacks(Other=QUEUE))
    role = {
        "Type": "AWS::IAM::Role",
        "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []}},
    }
    text = account.plan(account.stacks(Role=role)).markdown()

    destroyed, permissions = text.index("‼ Removes or replaces"), text.index("Permissions and ways")
    assert destroyed < text.index("Remove `Other` (AWS::SQS::Queue)") < permissions
    assert permissions < text.index("Add `Role` (AWS::IAM::Role)") < text.index("<details>")


def test_who_may_prepare_can_prepare_and_not_execute(account: Account, server: Server) -> None:
    """With what stacks/delivery.py gives PrepareRole; the embedded AWS enforces it."""
    stacks = account.stacks()
    role = server.role(
        stacks[0].name.replace("-First", "-role")[-60:],
        allow(PREPARING, f"arn:aws:cloudformation:*:*:stack/{stacks[0].name[:-6]}-*"),
        allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*"),
        allow("iam:PassRole", stacks[0].execution_role),
    )
    cloudformation = server.client("cloudformation", server.credentials_of(role))
    preparer = ChangeSets(cloudformation, poll_seconds=0.02)

    planned = preparer.prepare(stacks[0], preparer.exported([stack.name for stack in stacks]))
    preparer.verify(planned)

    with pytest.raises(ClientError, match="not authorized to perform"):
        execute_change_set(cloudformation, stacks[0], planned.change_set or "", print)
    with pytest.raises(ClientError, match="cloudformation:ExecuteChangeSet"):
        cloudformation.execute_change_set(
            StackName=stacks[0].name, ChangeSetName=planned.change_set
        )


def test_what_a_template_takes_from_ssm_is_read_with_the_callers_rights(
    account: Account, server: Server
) -> None:
    account.deploy(account.publishing("old"))
    _, second = account.publishing("new")
    (name,) = second.reads.values()
    given = [
        allow(PREPARING, f"arn:aws:cloudformation:*:*:stack/{second.name}*"),
        allow("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*"),
        allow("iam:PassRole", second.execution_role),
    ]
    may_read = allow("ssm:GetParameters", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}")

    def prepared(role: str, *statements: dict[str, Any]) -> State:
        credentials = server.credentials_of(server.role(role, *statements))
        asking = ChangeSets(server.client("cloudformation", credentials), poll_seconds=0.02)
        return asking.prepare(second, set()).state

    refusal = rf"ssm:GetParameters on resource: \S+:parameter{name} because no identity"
    with pytest.raises(ClientError, match=refusal):
        prepared("reads-nothing", *given)
    assert prepared("reads-the-parameter", *given, may_read) is State.UNCHANGED


def test_a_stack_is_protected_once_it_is_there_and_not_before(account: Account) -> None:
    first = replace(account.stacks()[0], protected=True)
    plan = account.plan([first])
    assert account.protected(first.name) is False

    account.carry_out(plan, [first])

    assert account.protected(first.name) is True
    assert any(line.startswith("CREATE_COMPLETE Queue") for line in account.events)


def test_a_failed_creation_says_why_and_is_made_anew_by_the_next_plan(
    account: Account,
) -> None:
    taken = {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": BUCKET}}
    stacks = account.stacks(Taken=taken)

    with pytest.raises(PlanError, match="First is ROLLBACK_COMPLETE:\nCREATE_FAILED "):
        account.deploy(stacks)

    mended = account.stacks()
    plan = account.plan(mended)
    assert plan.stacks[0].state is State.FOLLOWS
    assert "its first creation failed (ROLLBACK_COMPLETE)" in plan.stacks[0].because
    assert [change.action for change in plan.stacks[0].changes] == ["Add"]
    assert account.carry_out(plan, mended) == [stack.name for stack in mended]


def test_what_is_no_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="make it: `cufit prepare --env NAME`"):
        Plan.read(tmp_path / "plan.json")
    (tmp_path / "plan.json").write_text('{"version": 2}')
    with pytest.raises(PlanError, match="is no plan that `cufit prepare` wrote"):
        Plan.read(tmp_path / "plan.json")


def test_what_reads_a_parameter_follows_who_writes_it(account: Account) -> None:
    account.deploy(account.publishing("old"))
    assert account.copied() == "old"
    changed = account.publishing("new")
    plan = account.plan(changed)
    first, second = plan.stacks
    assert (first.state, second.state) == (State.PREPARED, State.FOLLOWS)
    assert "which another stack writes before" in second.because
    assert [change.logical_id for change in second.changes] == ["Copy"]
    assert len(account.carry_out(plan, changed)) == 2
    assert account.copied() == "new"
    again = account.plan(account.publishing("new"))
    assert [stack.state for stack in again.stacks] == [State.UNCHANGED, State.UNCHANGED]


def test_a_plan_that_was_carried_out_in_part_says_to_prepare_again(account: Account) -> None:
    stacks = account.stacks()
    plan = account.plan(stacks)
    account._execute(stacks[0], plan.stacks[0].change_set or "")

    with pytest.raises(PlanError, match="prepare again and have that approved"):
        account.carry_out(plan, stacks)
    again = account.plan(stacks)
    assert [stack.state for stack in again.stacks] == [State.UNCHANGED, State.PREPARED]
    assert account.carry_out(again, stacks) == [stacks[1].name]
