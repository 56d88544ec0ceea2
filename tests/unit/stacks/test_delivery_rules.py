"""Who may deploy an environment, and what an account holds once."""

import pytest

from stacks.bootstrap import qualifier, toolkit_stack
from stacks.config_files import load_environment
from stacks.config_rules import faults_between, faults_of
from stacks.settings import Delivery, Environment
from tests.infra.conftest import FIXTURES

DEV, LOCAL, PROD = (load_environment(FIXTURES / f"{n}.toml") for n in ("dev", "local", "prod"))


def changed(environment: Environment, **keys: object) -> Environment:
    """`environment` with other values in its [delivery]."""
    assert environment.delivery
    delivery = Delivery.model_validate(environment.delivery.model_dump() | keys)
    return environment.model_copy(update={"delivery": delivery})


@pytest.mark.parametrize(
    "ends",
    [
        ["environment:prod"],
        ["ref:refs/heads/main"],
        ["environment:prod", "ref:refs/heads/main"],
    ],
)
def test_an_environment_is_deployed_by_its_own_jobs_and_from_main(ends: list[str]) -> None:
    assert faults_of(changed(PROD, deploy_from=ends)) == []


@pytest.mark.parametrize(
    "end",
    [
        "pull_request",
        "environment:dev",
        "environment:prod2",
        "environment:*",
        "*",
        "ref:refs/heads/release",
        "ref:refs/heads/*",
        "ref:refs/tags/v1",
        "environment:prod:ref:refs/heads/main",
        "",
    ],
)
def test_nobody_else_may_deploy_it(end: str) -> None:
    assert faults_of(changed(PROD, deploy_from=["environment:prod", end])) == [
        f"delivery.deploy_from: {end!r} may not deploy prod; legal are "
        "'environment:prod' and 'ref:refs/heads/main'"
    ]


@pytest.mark.parametrize("key", ["owner_id", "repository_id"])
def test_the_immutable_subject_has_both_ids(key: str) -> None:
    assert faults_of(changed(DEV, **{key: 1})) == [
        "delivery: owner_id and repository_id come together; give both or neither"
    ]


def test_an_account_has_one_provider_for_github() -> None:
    assert faults_between([DEV, changed(PROD, github_provider="create")]) == [
        "delivery.github_provider = 'create' in dev and prod: the account (none is named) can "
        "hold one provider for GitHub; legal is 'create' in the one that is deployed first and "
        "'existing' in the others"
    ]


def test_an_account_that_trusts_github_already_creates_none() -> None:
    assert faults_between([changed(DEV, github_provider="existing"), PROD]) == []


def test_roles_of_people_stand_once_per_account() -> None:
    assert faults_between([DEV, changed(PROD, operator_roles=True)]) == [
        "delivery.operator_roles = true in dev and prod: they serve every environment of the "
        "account (none is named); legal is true in one and false in the others"
    ]
    assert faults_between([changed(DEV, operator_roles=False), PROD]) == [
        "delivery.operator_roles = false in dev and prod: nobody could look at or repair what "
        "runs in the account (none is named); legal is true in one of them"
    ]


def test_two_accounts_have_each_their_own() -> None:
    prod = changed(PROD, github_provider="create", operator_roles=True)
    prod = prod.model_copy(update={"account": "123456789012", "budget": DEV.budget})

    assert faults_between([DEV, prod]) == []
    assert faults_between([DEV, changed(prod, operator_roles=False)]) == [
        "delivery.operator_roles = false in prod: nobody could look at or repair what runs in "
        "account 123456789012; legal is true in one of them"
    ]


def test_environments_have_bootstraps_of_their_own() -> None:
    assert [qualifier(e) for e in (DEV, LOCAL, PROD)] == ["cufitdev", "hnb659fds", "cufitprod"]
    assert toolkit_stack(PROD) == "CDKToolkit-cufitprod"
    assert toolkit_stack(LOCAL) == "CDKToolkit"


def test_names_that_would_share_a_bootstrap_are_refused() -> None:
    one, two = (
        changed(PROD, deploy_from=[f"environment:{name}"]).model_copy(update={"name": name})
        for name in ("staging1", "staging2")
    )

    assert faults_between([DEV, one, two]) == [
        "staging1 and staging2 would share the bootstrap cufitstagi, so either could deploy the "
        "other; legal are names that differ in their first 5 letters"
    ]
    elsewhere = two.model_copy(update={"region": "us-west-2"})
    assert faults_between([DEV, one, elsewhere]) == []
