"""What MiniStack 1.5.33 lacks or gets wrong for cufit's stacks, one module per point.

Each module says in its docstring what is missing and what it adds, has one function `apply`, and a
contract test in tests/integration/embedded_aws. The modules reach into MiniStack's private names:
the version is pinned exactly, and a type MiniStack learns itself is reported at the start.
"""

from pathlib import Path

from embedded_aws.plugins import (
    alarm_evaluation,
    alarm_permission,
    bedrock_resources,
    bedrock_services,
    bucket_tags,
    budget,
    ecs_task_definition,
    http_api,
    lambda_isolation,
    lambda_metrics,
    s3vectors_resources,
    scalable_target,
    secure_transport,
    security_group_rules,
    sqs_metrics,
    sqs_move_task_permissions,
    sqs_move_tasks,
)

PLUGINS = (
    secure_transport,
    bedrock_services,
    s3vectors_resources,
    bedrock_resources,
    bucket_tags,
    security_group_rules,
    http_api,
    ecs_task_definition,
    budget,
    scalable_target,
    alarm_evaluation,
    alarm_permission,
    sqs_metrics,
    sqs_move_task_permissions,
    sqs_move_tasks,
    lambda_metrics,
)


def apply_all(function_launcher: Path) -> None:
    """Apply every plug-in. `function_launcher` runs a function's worker script."""
    lambda_isolation.apply(function_launcher)
    for plugin in PLUGINS:
        plugin.apply()
