"""Stacks whose first creation failed, and that nobody needs to be protected from losing.

The CDK CLI deletes such a stack before it creates it anew. It also turns termination protection on
before the creation (aws-cdk 2.1148.1, updateTerminationProtection before executeChangeSet), and so
forbids itself the deletion. What a stack protects is there from its first success on.
"""

from typing import Any

NEVER_MADE = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
"""What CloudFormation calls them; a stack that was complete once is never in these."""


def unprotect(cloudformation: Any, environment: str) -> list[str]:
    """Turn termination protection off for those of `environment`; their names.

    `cloudformation` is a boto3 client. Resources that were created with them and are retained
    (tables of an environment with retain_data) stay behind, empty.
    """
    pages = cloudformation.get_paginator("describe_stacks").paginate()
    found = [
        stack["StackName"]
        for page in pages
        for stack in page["Stacks"]
        if stack["StackName"].startswith(f"cufit-{environment}-")
        and stack["StackStatus"] in NEVER_MADE
        and stack.get("EnableTerminationProtection")
    ]
    for name in found:
        cloudformation.update_termination_protection(
            StackName=name, EnableTerminationProtection=False
        )
    return found
