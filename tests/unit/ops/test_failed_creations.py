"""Which stacks lose their protection: those whose first creation failed, and no others."""

from typing import Any

import pytest

from cufit_ops.failed_creations import unprotect


class CloudFormation:
    """Has one protected stack."""

    def __init__(self, status: str) -> None:
        self.status = status
        self.unprotected: list[str] = []

    def get_paginator(self, _: str) -> "CloudFormation":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        stack = {
            "StackName": "cufit-dev-Data",
            "StackStatus": self.status,
            "EnableTerminationProtection": True,
        }
        return [{"Stacks": [stack]}]

    def update_termination_protection(self, *, StackName: str, **_: bool) -> None:
        self.unprotected.append(StackName)


@pytest.mark.parametrize(
    ("status", "never_made"),
    [
        ("ROLLBACK_COMPLETE", True),
        ("ROLLBACK_FAILED", True),
        ("CREATE_COMPLETE", False),
        ("UPDATE_ROLLBACK_COMPLETE", False),
        ("UPDATE_ROLLBACK_FAILED", False),
        ("DELETE_FAILED", False),
    ],
)
def test_only_what_was_never_made(status: str, never_made: bool) -> None:
    cloudformation = CloudFormation(status)

    found = unprotect(cloudformation, "dev")

    assert found == cloudformation.unprotected == ["cufit-dev-Data"] * never_made
