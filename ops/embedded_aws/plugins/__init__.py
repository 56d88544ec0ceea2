"""What MiniStack 1.5.33 lacks or gets wrong for cufit's stacks, one module per point.

Each module says in its docstring what is missing and what it adds, has one function `apply`, and a
contract test in tests/integration/embedded_aws. The modules reach into MiniStack's private names:
the version is pinned exactly, and a type MiniStack learns itself is reported at the start.
"""

from pathlib import Path

from embedded_aws.plugins import (
    account,
    alarm_evaluation,
    alarm_permission,
    asynchronous_invocations,
    bedrock_resources,
    bedrock_services,
    bucket_tags,
    budget,
    calls_by_role,
    dynamodb_attributes,
    ecr_images,
    ecs_task_definition,
    embedded_metrics,
    event_permission,
    exports_in_use,
    http_api,
    lambda_isolation,
    lambda_metrics,
    names_taken,
    oidc_provider,
    other_processors,
    parameter_permission,
    replacements,
    s3vectors_modes,
    s3vectors_resources,
    scalable_target,
    secure_transport,
    security_group_rules,
    sqs_metrics,
    sqs_move_task_permissions,
    sqs_move_tasks,
    subnet_ranges,
    table_changes,
    template_characters,
)

PLUGINS = (
    secure_transport,
    bedrock_services,
    s3vectors_resources,
    s3vectors_modes,
    bedrock_resources,
    bucket_tags,
    dynamodb_attributes,
    calls_by_role,
    security_group_rules,
    http_api,
    ecs_task_definition,
    budget,
    scalable_target,
    oidc_provider,
    alarm_evaluation,
    alarm_permission,
    event_permission,
    embedded_metrics,
    sqs_metrics,
    sqs_move_task_permissions,
    ecr_images,
    sqs_move_tasks,
    other_processors,
    parameter_permission,
    lambda_metrics,
    account,
    asynchronous_invocations,
    names_taken,
    replacements,
    exports_in_use,
    subnet_ranges,
    table_changes,
    template_characters,
)


def apply_all(function_launcher: Path) -> None:
    """Apply every plug-in. `function_launcher` runs a function's worker script."""
    lambda_isolation.apply(function_launcher)
    for plugin in PLUGINS:
        plugin.apply()
