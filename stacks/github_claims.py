"""What a token of GitHub must say of the job that may assume a role of an environment."""

from collections.abc import Sequence

from stacks.settings import Delivery

GITHUB = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
WORKFLOW = ".github/workflows/deploy.yml"
"""The one workflow whose jobs may deploy."""
BRANCH = "refs/heads/main"


def claims(delivery: Delivery, ends: Sequence[str]) -> dict[str, str | list[str]]:
    """Condition keys of the trust, each with the whole values that are legal.

    For jobs of the deploy workflow, as it is on main, whose subject has one of `ends`. The subject
    alone does not say which branch a job with an environment runs on.
    """
    repository = delivery.github_repository
    values: dict[str, str | list[str]] = {
        "aud": AUDIENCE,
        "sub": [f"{subject_prefix(delivery)}:{end}" for end in ends],
        "ref": BRANCH,
        # By names, with immutable subjects too: only `sub` changes its form.
        "job_workflow_ref": f"{repository}/{WORKFLOW}@{BRANCH}",
    }
    return {f"{GITHUB}:{claim}": value for claim, value in values.items()}


def subject_prefix(delivery: Delivery) -> str:
    """How GitHub's tokens begin to name the repository: immutable with ids, or by names alone."""
    if delivery.owner_id is None:
        return f"repo:{delivery.github_repository}"
    owner, name = delivery.github_repository.split("/")
    return f"repo:{owner}@{delivery.owner_id}/{name}@{delivery.repository_id}"
