"""The report of a pull request: what destroys first, what only rolls not at all."""

from cufit_ops.review.diff_report import EnvironmentDiff, StackDiff

ROLLED = """Resources
[~] AWS::ECS::TaskDefinition Service/Fargate/Task FargateTask8200B04B replace
 └─ [~] ContainerDefinitions (requires replacement)"""
RENAMED = """IAM Statement Changes
│ + │ dynamodb:GetItem │

Resources
[-] AWS::DynamoDB::GlobalTable Members Members01 destroy
[+] AWS::DynamoDB::GlobalTable People People02"""


def report(*stacks: StackDiff) -> str:
    return EnvironmentDiff("dev", list(stacks)).markdown()


def test_equal_templates_are_one_sentence() -> None:
    said = report(StackDiff("cufit-dev-Data", ""))
    assert said.startswith("<!-- cufit-diff:dev -->\n")
    assert "No resource changes." in said
    assert "<details>" not in said


def test_what_is_destroyed_comes_before_the_rest() -> None:
    said = report(StackDiff("cufit-dev-Data", RENAMED), StackDiff("cufit-dev-Service", ROLLED))
    assert "- `cufit-dev-Data`: `[-] AWS::DynamoDB::GlobalTable Members Members01 destroy`" in said
    assert said.index("‼") < said.index("<details>")
    assert said.count("- `cufit-dev-") == 1


def test_a_new_task_definition_is_no_alarm() -> None:
    said = report(StackDiff("cufit-dev-Service", ROLLED))
    assert "‼" not in said
    assert ROLLED in said


def test_widened_permissions_are_named() -> None:
    said = report(StackDiff("cufit-dev-Data", RENAMED), StackDiff("cufit-dev-Photos", ""))
    assert "**Permissions or security groups change in:** `cufit-dev-Data`" in said
    assert "1 of 2 stacks are unchanged." in said


def test_what_will_be_refused_comes_first() -> None:
    why = "this deployment will be refused, because Service still imports X"
    diff = EnvironmentDiff("dev", [StackDiff("cufit-dev-Data", RENAMED)], [why])
    said = diff.markdown()
    assert f"**✗ Cannot be deployed at once:**\n\n- {why}\n" in said
    assert said.index("✗") < said.index("‼")
    assert "✗" not in report(StackDiff("cufit-dev-Data", RENAMED))
