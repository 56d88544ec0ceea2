"""What must be true of every workflow, beyond what actionlint and zizmor know."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / ".github/workflows"
WORKFLOWS = {path.stem: path for path in sorted(FOLDER.glob("*.yml"))}
ENVIRONMENTS = {path.stem for path in (ROOT / "config").glob("*.toml")}
DEPLOYABLE = ENVIRONMENTS - {"local"}
PIN = re.compile(r"^[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
PINNED_LINE = re.compile(r"uses: \S+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def load(name: str) -> dict[str, Any]:
    """YAML 1.1 reads the key `on` as true."""
    document: dict[Any, Any] = yaml.safe_load(WORKFLOWS[name].read_text(encoding="utf-8"))
    document["on"] = document.pop(True)
    return document


def steps(name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for job_name, job in load(name)["jobs"].items():
        for step in job["steps"]:
            yield job_name, step


def commands() -> Iterator[str]:
    for name in WORKFLOWS:
        for _, step in steps(name):
            yield from step.get("run", "").splitlines()


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflow_starts_without_any_permission(name: str) -> None:
    assert load(name)["permissions"] == {}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_to_a_commit_with_its_version_beside_it(name: str) -> None:
    used = [step["uses"] for _, step in steps(name) if "uses" in step]
    assert used
    assert [action for action in used if not PIN.match(action)] == []
    lines = [line for line in WORKFLOWS[name].read_text().splitlines() if "uses:" in line]
    assert [line for line in lines if not PINNED_LINE.search(line)] == []


@pytest.mark.parametrize("name", WORKFLOWS)
def test_checkout_leaves_no_token_behind(name: str) -> None:
    checkouts = [s for _, s in steps(name) if s.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * len(checkouts)


def test_one_action_has_one_version_everywhere() -> None:
    used = {step["uses"] for name in WORKFLOWS for _, step in steps(name) if "uses" in step}
    assert len(used) == len({action.partition("@")[0] for action in used})


def test_no_workflow_runs_a_forks_code_with_the_bases_rights() -> None:
    triggers = {trigger for name in WORKFLOWS for trigger in load(name)["on"]}
    assert triggers == {"pull_request", "push", "schedule", "workflow_dispatch"}


def test_only_the_deployment_can_ask_for_an_aws_identity() -> None:
    asking = {
        (name, job_name)
        for name in WORKFLOWS
        for job_name, job in load(name)["jobs"].items()
        if "id-token" in job["permissions"]
    }
    assert asking == {("deploy", "prepare"), ("deploy", "deploy")}


def test_only_the_comment_job_can_write_to_the_pull_request() -> None:
    writing = {
        (name, job_name): scope
        for name in WORKFLOWS
        for job_name, job in load(name)["jobs"].items()
        for scope, level in job["permissions"].items()
        if level == "write"
    }
    assert writing == {
        ("deploy", "prepare"): "id-token",
        ("deploy", "deploy"): "id-token",
        ("review", "comment"): "pull-requests",
    }


def test_comment_job_runs_the_base_branchs_code_and_only_for_this_repository() -> None:
    job = load("review")["jobs"]["comment"]
    ours = "github.event.pull_request.head.repo.full_name == github.repository"
    assert job["if"] == f"${{{{ !cancelled() && {ours} }}}}"
    checkout = job["steps"][0]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


def test_a_label_asks_again_and_reaches_no_shell_but_as_a_variable() -> None:
    workflow = load("review")
    assert {"labeled", "unlabeled", "synchronize"} < set(workflow["on"]["pull_request"]["types"])
    for _, step in steps("review"):
        assert "${{" not in step.get("run", "")
    asking = next(s for _, s in steps("review") if s.get("run") == "make report")
    assert set(asking["env"]) == {"LABELS"}
    assert '--labels "$$LABELS"' in (ROOT / "Makefile").read_text()
    assert "if" not in asking  # a gate that is shut fails the job


def test_labels_are_none_of_the_tests_business() -> None:
    """A job that is left out counts as passed, so what runs again for a label runs whole."""
    assert load("pull-request")["on"] == {"pull_request": None}
    assert "if" not in load("review")["jobs"]["report"]


def test_each_run_leaves_a_report_to_post() -> None:
    """Also where nothing could be installed: an old comment would go on saying what was."""
    last = [s for _, s in steps("review") if s.get("if") == "${{ !cancelled() }}"]
    assert "<!-- cufit-report -->" in last[0]["run"]
    assert last[1]["uses"].startswith("actions/upload-artifact@")


def test_no_key_is_stored() -> None:
    texts = "\n".join(path.read_text() for path in WORKFLOWS.values())
    assert "secrets." not in texts
    assert "aws-access-key-id" not in texts


def test_an_environment_of_config_can_be_chosen_and_no_other() -> None:
    inputs = load("deploy")["on"]["workflow_dispatch"]["inputs"]
    assert set(inputs["environment"]["options"]) == DEPLOYABLE, (
        f"write into the options of .github/workflows/deploy.yml: {', '.join(sorted(DEPLOYABLE))}"
    )
    assert inputs["environment"]["default"] == "dev"


def test_push_deploys_dev_and_only_from_main() -> None:
    workflow = load("deploy")
    chosen = "${{ inputs.environment || 'dev' }}"
    prepare, deploy = workflow["jobs"]["prepare"], workflow["jobs"]["deploy"]
    assert workflow["on"]["push"] == {"branches": ["main"]}
    assert {prepare["if"], deploy["if"]} == {"github.ref == 'refs/heads/main'"}
    assert {step["env"]["ENVIRONMENT"] for step in prepare["steps"] if "env" in step} == {chosen}
    assert deploy["env"] == {"ENVIRONMENT": chosen}


def test_what_is_prepared_is_read_before_exactly_that_is_executed() -> None:
    """Who reviews the environment is asked between the jobs, with the text at hand."""
    jobs = load("deploy")["jobs"]
    said = {
        name: [step["run"] for step in jobs[name]["steps"] if "run" in step]
        for name in ("prepare", "deploy")
    }
    assert (jobs["prepare"]["needs"], jobs["deploy"]["needs"]) == ("gates", "prepare")
    assert "environment" not in jobs["prepare"]
    # None: a private repository of GitHub's free plan has no environments.
    assert jobs["deploy"].get("environment") in (None, "${{ inputs.environment || 'dev' }}")
    assert said["prepare"][1:] == [
        'make prepare ENV="$ENVIRONMENT" OUTPUT=plan',
        'cat plan/plan.md >> "$GITHUB_STEP_SUMMARY"',
    ]
    assert said["deploy"][1:] == [
        'make deploy ENV="$ENVIRONMENT" PLAN=plan/plan.json',
        'make smoke ENV="$ENVIRONMENT"',
        'make diagnose ENV="$ENVIRONMENT" >> "$GITHUB_STEP_SUMMARY"',
    ]
    assert jobs["deploy"]["steps"][-1]["if"] == "failure()"


def test_each_job_becomes_its_own_role_of_the_chosen_environment() -> None:
    for name, role in (("prepare", "AWS_PREPARE_ROLE"), ("deploy", "AWS_DEPLOY_ROLE")):
        (taken,) = (
            step["with"]["role-to-assume"]
            for step in load("deploy")["jobs"][name]["steps"]
            if step.get("uses", "").startswith("aws-actions/configure-aws-credentials@")
        )
        assert taken == f"${{{{ vars[format('{role}_{{0}}', inputs.environment || 'dev')] }}}}"


def test_deployments_of_one_environment_wait_for_each_other() -> None:
    concurrency = load("deploy")["concurrency"]
    assert concurrency["group"] == "deploy-${{ inputs.environment || 'dev' }}"
    assert concurrency["cancel-in-progress"] is False


def test_an_environment_of_config_is_trusted_to_deploy() -> None:
    """A job with `environment: X` has a subject that ends in `environment:X`, else in its ref."""
    named = "environment" in load("deploy")["jobs"]["deploy"]
    end = "environment:{}" if named else "ref:refs/heads/main"
    missing = [
        name
        for name in sorted(DEPLOYABLE)
        if end.format(name)
        not in tomllib.loads((ROOT / "config" / f"{name}.toml").read_text())
        .get("delivery", {})
        .get("deploy_from", [])
    ]
    assert not missing, "write into [delivery] deploy_from: " + ", ".join(
        f"'environment:{name}' of config/{name}.toml" for name in missing
    )


def test_image_is_built_on_the_processor_it_runs_on() -> None:
    assert load("deploy")["jobs"]["prepare"]["runs-on"].endswith("-arm")
    assert load("image")["jobs"]["arm64"]["runs-on"].endswith("-arm")


def test_workflows_call_what_a_person_calls() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    called = {line.split()[1] for line in commands() if line.startswith("make ")}
    assert called == {
        *("install", "test", "check", "contract", "diff", "report", "image", "image-check"),
        *("prepare", "deploy", "smoke", "diagnose", "deployments", "photos", "walkthrough"),
        *("evaluation", "changes", "drills"),
    }
    assert called <= targets
    others = [line.split()[:2] for line in commands() if not line.startswith("make ")]
    assert others == [
        ["cat", "plan/plan.md"],
        ["rm", "-rf"],
        ["mkdir", "-p"],
        ["test", "-f"],
        ["cat", "review/report.md"],
        ["python3", "-I"],
    ]


def test_diff_has_the_history_of_the_base() -> None:
    checkout = load("review")["jobs"]["report"]["steps"][0]
    assert checkout["with"]["fetch-depth"] == 0


def test_no_expression_is_pasted_into_a_shell() -> None:
    assert [line for line in commands() if "${{" in line] == []
