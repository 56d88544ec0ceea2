"""Rules of `[delivery]`: who may deploy an environment, and what an account holds once."""

from collections.abc import Iterator, Sequence

from stacks.bootstrap import qualifier
from stacks.settings import Environment

PREPARING = [
    *("cloudformation:CreateChangeSet", "cloudformation:DeleteChangeSet"),
    *("cloudformation:DescribeChangeSet", "cloudformation:DescribeStacks"),
    "cloudformation:GetTemplate",
]
"""What making and reading change sets takes of stacks, and executing them is not."""


def legal_ends(name: str) -> tuple[str, str]:
    """What the subject of a token that may deploy environment `name` can end in.

    The first is that of a job with `environment: NAME`; the second that of a job without one, on
    main: for private repositories of GitHub's free plan, which have no environments.
    """
    return f"environment:{name}", "ref:refs/heads/main"


def only_its_own_subjects(environment: Environment) -> Iterator[str]:
    """Faults of `deploy_from`: another end would let others than this environment's jobs in."""
    legal = legal_ends(environment.name)
    for end in environment.delivery.deploy_from if environment.delivery else ():
        if end not in legal:
            yield (
                f"delivery.deploy_from: {end!r} may not deploy {environment.name}; legal are "
                f"{legal[0]!r} and {legal[1]!r}"
            )


def immutable_subject_has_both_ids(environment: Environment) -> Iterator[str]:
    """Faults of the ids of the immutable subject form."""
    delivery = environment.delivery
    if delivery and (delivery.owner_id is None) != (delivery.repository_id is None):
        yield "delivery: owner_id and repository_id come together; give both or neither"


def faults_in_account(environments: Sequence[Environment], account: str | None) -> Iterator[str]:
    """What the environments of one account (None: those that name none) break together."""
    where = f"account {account}" if account else "the account (none is named)"
    delivered = {e.name: e.delivery for e in environments if e.delivery}
    creating = [name for name, found in delivered.items() if found.github_provider == "create"]
    if len(creating) > 1:
        yield (
            f"delivery.github_provider = 'create' in {' and '.join(creating)}: {where} can hold "
            "one provider for GitHub; legal is 'create' in the one that is deployed first and "
            "'existing' in the others"
        )
    peopled = [name for name, found in delivered.items() if found.operator_roles]
    if len(peopled) > 1:
        yield (
            f"delivery.operator_roles = true in {' and '.join(peopled)}: they serve every "
            f"environment of {where}; legal is true in one and false in the others"
        )
    if delivered and not peopled:
        yield (
            f"delivery.operator_roles = false in {' and '.join(delivered)}: "
            f"nobody could look at or repair what runs in {where}; legal is true in one of them"
        )
    yield from _shared_bootstraps(environments)


def _shared_bootstraps(environments: Sequence[Environment]) -> Iterator[str]:
    owners: dict[tuple[str, str], str] = {}
    for environment in environments:
        key = (environment.region, qualifier(environment))
        owner = owners.setdefault(key, environment.name)
        if owner != environment.name:
            yield (
                f"{owner} and {environment.name} would share the bootstrap {key[1]}, so either "
                "could deploy the other; legal are names that differ in their first 5 letters"
            )
