"""Tokens of GitHub's jobs: the legal one, and those that somebody with push access, or a stranger,
can have made ("OpenID Connect reference", GitHub docs)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stacks.github_claims import AUDIENCE, GITHUB, subject_prefix
from stacks.settings import Delivery

MAIN = "refs/heads/main"
DEPLOY = "deploy.yml"
AN_OWNER, A_REPOSITORY = 41, 42
"""Ids of whoever is not this project."""
ENVIRONMENTS = ("dev", "playground", "prod")


@dataclass(frozen=True)
class Job:
    """What a job's token says."""

    delivery: Delivery
    ref: str = MAIN
    environment: str | None = None
    pull_request: bool = False
    workflow: str = DEPLOY
    workflow_ref: str | None = None
    """Of the workflow's file, where it is another than the job's: a called workflow's."""
    audience: str = AUDIENCE

    @property
    def claims(self) -> dict[str, str]:
        path = f"{self.delivery.github_repository}/.github/workflows/{self.workflow}"
        told = {
            "aud": self.audience,
            "sub": f"{subject_prefix(self.delivery)}:{self._end}",
            "ref": self.ref,
            "job_workflow_ref": f"{path}@{self.workflow_ref or self.ref}",
        }
        return {f"{GITHUB}:{claim}": value for claim, value in told.items()}

    @property
    def _end(self) -> str:
        if self.environment:
            return f"environment:{self.environment}"
        return "pull_request" if self.pull_request else f"ref:{self.ref}"

    def of(self, repository: str, owner_id: int | None, repository_id: int | None) -> "Job":
        changes = {
            "github_repository": repository,
            "owner_id": owner_id,
            "repository_id": repository_id,
        }
        return replace(self, delivery=self.delivery.model_copy(update=changes))


def legal(job: Job, end: str) -> Job:
    """The deploy workflow of main, with the subject that ends so."""
    kind, _, name = end.partition(":")
    return replace(job, environment=name) if kind == "environment" else replace(job, ref=name)


def intruders(job: Job) -> Iterator[tuple[str, Job]]:
    """Who is not the legal `job`: whoever may push a branch runs any workflow there, and may claim
    any environment that has no rule about branches."""
    branch, tag, pull = "refs/heads/mine", "refs/tags/v1", "refs/pull/1/merge"
    yield "a branch", replace(job, ref=branch, environment=None)
    yield "a branch that claims the environment", replace(job, ref=branch)
    yield "a branch named like the environment", replace(job, ref="refs/heads/environment:prod")
    yield "a branch calling main's workflow", replace(job, ref=branch, workflow_ref=MAIN)
    yield "main calling a branch's workflow", replace(job, workflow_ref=branch)
    yield "a tag", replace(job, ref=tag)
    yield "a tag called main", replace(job, ref="refs/tags/main")
    for environment in (None, job.environment):
        asks = replace(job, ref=pull, environment=environment, pull_request=True)
        yield f"a pull request with environment {environment}", asks
        yield f"a pull request of main's file, {environment}", replace(asks, workflow_ref=MAIN)
    for name in ENVIRONMENTS:
        yield f"the environment {name}", replace(job, environment=name)
    yield "no environment, from a branch of main's name", replace(job, ref="refs/heads/mainline")
    for workflow in ("ci.yml", "mine.yml", "deploy.yaml", "nightly.yml"):
        yield f"the workflow {workflow} of main", replace(job, workflow=workflow)
    yield "another audience", replace(job, audience="https://github.com/somebody")
    yield from _other_repositories(job)


def _other_repositories(job: Job) -> Iterator[tuple[str, Job]]:
    owner, name = job.delivery.github_repository.split("/")
    ours = job.delivery.owner_id, job.delivery.repository_id
    has_ids = ours[0] is not None
    theirs = (AN_OWNER, A_REPOSITORY) if has_ids else (None, None)
    yield "a fork", job.of(f"stranger/{name}", *theirs)
    yield "another repository of ours", job.of(f"{owner}/other", ours[0], theirs[1])
    yield "a repository whose name begins so", job.of(f"{owner}/{name}-2", ours[0], theirs[1])
    yield "other letters", job.of(job.delivery.github_repository.swapcase(), *ours)
    if has_ids:
        yield "the name, taken again", job.of(job.delivery.github_repository, *theirs)
        yield "the name without ids", job.of(job.delivery.github_repository, None, None)
    else:
        yield "the name with ids", job.of(job.delivery.github_repository, AN_OWNER, A_REPOSITORY)
