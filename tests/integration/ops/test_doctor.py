"""Every question of `cufit doctor` is answered no for its cause, and for its cause alone."""

from contextlib import nullcontext

import pytest

from cufit_ops.doctor.answers import Verdict
from cufit_ops.doctor.checks import CHECKS
from cufit_ops.doctor.examination import examine
from tests.integration.ops.doctor_breaks import BREAKS, Break
from tests.integration.ops.doctor_patient import (
    Patient,
)


def test_of_a_healthy_environment_everything_holds(patient: Patient) -> None:
    asked, skipped = patient.examined()
    assert {one.id: one.why for one in asked if one.verdict is not Verdict.HOLDS} == {}
    assert [one.id for one in skipped] == ["laptop"]
    assert len(asked) + len(skipped) == len(CHECKS) <= 20


@pytest.mark.parametrize(
    ("id_", "break_"),
    [pytest.param(id_, break_, id=f"{id_}: {what}") for id_, what, break_ in BREAKS],
)
def test_a_cause_fails_its_question_alone(patient: Patient, id_: str, break_: Break) -> None:
    with break_(patient) or nullcontext():
        asked, _ = patient.examined()
    failing = {one.id for one in asked if one.verdict is Verdict.FAILS}
    assert failing == {id_}, [(one.id, one.why) for one in asked if one.id in failing]
    (broken,) = [one for one in asked if one.id == id_]
    assert broken.mend
    unknown = {one.id for one in asked if one.verdict is Verdict.UNKNOWN}
    of_no_account = {check.id for check in CHECKS if check.needs_aws} - {"credentials", "account"}
    expected = {"credentials": of_no_account | {"account"}, "account": of_no_account}
    assert unknown == expected.get(id_, set()), [(one.id, one.why) for one in asked]


def test_a_stack_that_is_missing_is_told(patient: Patient) -> None:
    subject = patient.subject()
    stands = {name: one for name, one in subject.stacks.items() if name != "Observability"}
    subject._stacks = stands
    found = {one.id: one for one in examine(subject, patient.wish)[0]}
    assert (found["stacks"].verdict, found["stacks"].mend) == (Verdict.FAILS, subject.deploy)
    assert "cufit-ward-Observability" in found["stacks"].why
    assert found["subscriptions"].verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(("same", "verdict"), [(True, Verdict.HOLDS), (False, Verdict.FAILS)])
def test_a_stack_that_rolled_back_fails_until_the_checkout_has_what_it_has(
    patient: Patient, same: bool, verdict: Verdict
) -> None:
    """After a revert nothing is left to deploy, and CloudFormation's word for it stays."""
    subject = patient.subject()
    for one in subject.stacks.values():
        if one["StackName"] == "cufit-ward-Photos":
            one["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
    if not same:
        patient.templates = patient.templates | {"Photos": {"Resources": {}}}
    (check,) = (check for check in CHECKS if check.id == "stacks")
    assert check.ask(subject).verdict is verdict
