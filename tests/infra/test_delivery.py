"""Who may deploy an environment from GitHub: the trust of its roles, and what they may do."""

import json
from typing import Any

import pytest
import yaml

from stacks.bootstrap import qualifier
from stacks.config_files import CONFIG_FOLDER
from tests.infra.synthesis import Synthesized, as_list

ISSUER = "token.actions.githubusercontent.com"
ROOT = CONFIG_FOLDER.parent


def roles(environment: Synthesized) -> dict[str, dict[str, Any]]:
    """Properties of the roles of Delivery by their name: DeployRole, …"""
    found = environment.resources("AWS::IAM::Role", "Delivery")
    return {logical_id[:-8]: role["Properties"] for logical_id, role in found.items()}


def trust(role: dict[str, Any]) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = role["AssumeRolePolicyDocument"]["Statement"]
    return statements


def claims(role: dict[str, Any]) -> dict[str, set[str]]:
    """What a token has to say, by claim. Nothing but whole values is compared."""
    (statement,) = trust(role)
    assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
    ((operator, wanted),) = statement["Condition"].items()
    assert operator == "StringEquals"
    return {key.removeprefix(f"{ISSUER}:"): set(as_list(value)) for key, value in wanted.items()}


def assumed(environment: Synthesized, role: str) -> set[str]:
    """The roles that `role` of Delivery may become."""
    return {
        environment.written_out("Delivery", resource)
        for (stack, logical_id), statement in environment.statements()
        if stack == "Delivery" and logical_id.startswith(role)
        if "sts:AssumeRole" in as_list(statement["Action"])
        for resource in as_list(statement["Resource"])
    }


def actions(environment: Synthesized, role: str) -> set[str]:
    return {
        action
        for (stack, logical_id), statement in environment.statements()
        if stack == "Delivery" and logical_id.startswith(role)
        for action in as_list(statement["Action"])
    }


@pytest.mark.parametrize(
    ("role", "ends"), [("DeployRole", None), ("PrepareRole", ["ref:refs/heads/main"])]
)
def test_githubs_token_has_to_say_who_it_is_where_it_runs_and_by_which_workflow(
    deployed: Synthesized, role: str, ends: list[str] | None
) -> None:
    delivery = deployed.settings.delivery
    assert delivery
    repository, owner = delivery.github_repository, delivery.owner_id
    names = repository.split("/")
    subject = (
        f"repo:{names[0]}@{owner}/{names[1]}@{delivery.repository_id}"
        if owner
        else f"repo:{repository}"
    )

    assert claims(roles(deployed)[role]) == {
        "aud": {"sts.amazonaws.com"},
        "sub": {f"{subject}:{end}" for end in ends or delivery.deploy_from},
        "ref": {"refs/heads/main"},
        "job_workflow_ref": {f"{repository}/.github/workflows/deploy.yml@refs/heads/main"},
    }


def test_the_workflow_that_is_trusted_is_there_and_its_jobs_have_these_subjects(
    synthesized: dict[str, Synthesized],
) -> None:
    """A renamed file, another trigger or another branch would be refused by AWS."""
    (workflow,) = claims(roles(synthesized["sample"])["DeployRole"])["job_workflow_ref"]
    path, _, ref = workflow.removeprefix("cufit/cufit/").partition("@")
    document = yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))
    triggers = document[True]  # YAML 1.1 reads the key `on` as true
    asking = [job for job in document["jobs"].values() if "id-token" in job["permissions"]]

    assert ref == "refs/heads/main"
    assert set(triggers) == {"push", "workflow_dispatch"}
    assert triggers["push"] == {"branches": ["main"]}
    assert [job["if"] for job in asking] == ["github.ref == 'refs/heads/main'"] * 2
    # Without an environment the subject ends in the ref, with one in its name.
    prepare, deploy = asking
    assert "environment" not in prepare
    assert deploy.get("environment") in (None, "${{ inputs.environment || 'dev' }}")


def test_the_provider_is_created_or_named_by_the_arn_that_it_has(deployed: Synthesized) -> None:
    delivery = deployed.settings.delivery
    assert delivery
    made = deployed.resources("AWS::IAM::OIDCProvider")
    (statement,) = trust(roles(deployed)["DeployRole"])
    trusted = deployed.written_out("Delivery", statement["Principal"]["Federated"])

    assert bool(made) is (delivery.github_provider == "create")
    if not made:
        account = deployed.settings.account or "{AccountId}"
        partition = trusted.split(":")[1]
        assert trusted == f"arn:{partition}:iam::{account}:oidc-provider/{ISSUER}"


def test_a_deployment_becomes_the_cdks_roles_of_its_own_bootstrap(deployed: Synthesized) -> None:
    """`lookup` may read every profile, so nobody becomes it."""
    settings = deployed.settings
    kinds = {
        name.partition(":role/cdk-")[2].partition("-role-")[0]
        for name in assumed(deployed, "DeployRole")
    }

    assert kinds == {
        f"{qualifier(settings)}-{kind}"
        for kind in ("deploy", "file-publishing", "image-publishing")
    }
    assert actions(deployed, "DeployRole") == {"sts:AssumeRole", "cloudformation:DescribeStacks"}
    everything = json.dumps(deployed.templates)
    assert "lookup-role" not in everything


def test_who_prepares_cannot_execute(deployed: Synthesized) -> None:
    own = assumed(deployed, "PrepareRole")

    assert own == {name for name in assumed(deployed, "DeployRole") if "publishing" in name}
    assert not {
        action
        for action in actions(deployed, "PrepareRole")
        if action.startswith("cloudformation:")
        and not action.endswith(("ChangeSet", "DescribeStacks", "GetTemplate"))
    }
    assert "cloudformation:ExecuteChangeSet" not in actions(deployed, "PrepareRole")


def test_environments_of_an_account_share_no_role_of_a_bootstrap(
    synthesized: dict[str, Synthesized],
) -> None:
    dev, prod = synthesized["dev"], synthesized["prod"]

    assert not assumed(dev, "DeployRole") & assumed(prod, "DeployRole")
    assert not assumed(dev, "DeployRole") & assumed(prod, "PrepareRole")


def test_every_stack_is_deployed_through_its_environments_bootstrap(
    environment: Synthesized,
) -> None:
    own = qualifier(environment.settings)
    manifest = json.loads((environment.folder / "manifest.json").read_text())
    deployments = [
        artifact["properties"]
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    ]

    assert deployments
    for stack in deployments:
        for key in ("assumeRoleArn", "cloudFormationExecutionRoleArn"):
            assert f"role/cdk-{own}-" in stack[key]
    for template in environment.templates.values():
        version = template["Parameters"]["BootstrapVersion"]["Default"]
        assert version == f"/cdk-bootstrap/{own}/version"


def test_people_come_with_a_second_factor_or_through_identity_center(
    sample: Synthesized,
) -> None:
    """A session of Identity Center never says aws:MultiFactorAuthPresent."""
    for name in ("OpsReadRole", "OpsActRole"):
        with_factor, signed_in = trust(roles(sample)[name])

        assert {json.dumps(s["Principal"]) for s in (with_factor, signed_in)} == {
            json.dumps(with_factor["Principal"])
        }
        assert with_factor["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": "true"}}
        ((operator, wanted),) = signed_in["Condition"].items()
        assert operator == "ArnLike"
        assert sample.written_out("Delivery", wanted["aws:PrincipalArn"]) == (
            "arn:aws:iam::{AccountId}:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_*"
        )


def test_roles_of_people_stand_where_the_configuration_says(deployed: Synthesized) -> None:
    delivery = deployed.settings.delivery
    assert delivery
    people = {"OpsReadRole", "OpsActRole"} if delivery.operator_roles else set()

    assert set(roles(deployed)) == {"DeployRole", "PrepareRole"} | people
