"""Functions: what they run on, what they are told, and where their logs go."""

import importlib
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from cufit_contracts.environment import PREFIX, variable
from cufit_service import settings as service_settings
from stacks.settings import Matching
from tests.infra.synthesis import Synthesized

ROOT = Path(__file__).parents[2]
LAMBDAS = ROOT / "lambdas"
NAMES = sorted(handler.parent.name for handler in LAMBDAS.glob("*/handler.py"))


def _has_settings(name: str) -> bool:
    return (LAMBDAS / name / "settings.py").is_file()


def test_every_folder_of_lambdas_is_deployed(synthesized: dict[str, Synthesized]) -> None:
    deployed = {
        function["Handler"].split(".")[0]
        for environment in synthesized.values()
        for function in environment.functions
    }

    missing = set(NAMES) - deployed
    assert not missing, f"make a PythonFunction in a stack for lambdas/{', lambdas/'.join(missing)}"


def test_every_handler_exists(environment: Synthesized) -> None:
    for function in environment.functions:
        package, module, _ = function["Handler"].split(".")
        assert (LAMBDAS / package / f"{module}.py").is_file()


def test_layers_are_checked_in_every_function() -> None:
    """import-linter takes no pattern for packages of their own; so its two lists are compared."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (alone,) = (
        contract["modules"]
        for contract in linter["contracts"]
        if contract["type"] == "independence"
    )

    for where, listed in (("root_packages", linter["root_packages"]), ("independence", alone)):
        missing = set(NAMES) - set(listed)
        assert not missing, f"add {sorted(missing)} to {where} of import-linter in pyproject.toml"


def test_lambdas_newest_python_on_arm(deployed: Synthesized) -> None:
    for function in deployed.functions:
        assert function["Runtime"] == "python3.14"
        assert function["Architectures"] == ["arm64"]


def test_functions_stay_outside_the_network(environment: Synthesized) -> None:
    """Inside it they would need a NAT gateway to reach Bedrock and SQS."""
    assert not [function for function in environment.functions if "VpcConfig" in function]


def test_every_log_group_forgets(environment: Synthesized) -> None:
    for group in environment.properties("AWS::Logs::LogGroup"):
        assert group["RetentionInDays"] == environment.settings.log_retention_days


def test_each_function_has_its_own_role_and_log_group(environment: Synthesized) -> None:
    roles = [json.dumps(function["Role"]) for function in environment.functions]
    groups = [json.dumps(function["LoggingConfig"]) for function in environment.functions]

    assert len(set(roles)) == len(roles)
    assert len(set(groups)) == len(groups)


def test_code_is_built_when_it_is_published(environment: Synthesized) -> None:
    """The zip is no file of the assembly: a command makes it, named by its inputs' digest."""
    assets = {
        key: file["source"]
        for manifest in environment.folder.glob("*.assets.json")
        for key, file in json.loads(manifest.read_text())["files"].items()
    }
    for function in environment.functions:
        digest = function["Code"]["S3Key"].removesuffix(".zip")
        source = next(source for key, source in assets.items() if key.startswith(digest))
        assert source["executable"][1:3] == ["-m", "stacks.components.bundle"]
        assert source["executable"][3] == function["Handler"].split(".")[0]


@pytest.mark.parametrize("name", [name for name in NAMES if _has_settings(name)])
def test_a_function_is_told_what_its_settings_ask(
    synthesized: dict[str, Synthesized], name: str
) -> None:
    model = importlib.import_module(f"{name}.settings").Settings
    told = [
        function["Environment"]["Variables"]
        for environment in synthesized.values()
        for function in environment.functions
        if function["Handler"].startswith(f"{name}.")
    ]

    assert told
    for variables in told:
        _compare(model, variables)


def test_the_configuration_offers_the_matchmakers_there_are() -> None:
    """The worker refuses another at its cold start; the configuration must not offer it."""
    worker = importlib.import_module("match_worker.settings").Settings

    assert Matching.model_fields["matchmaker"].annotation == (
        worker.model_fields["matchmaker"].annotation
    )


def test_the_service_is_told_what_its_settings_ask(environment: Synthesized) -> None:
    (container,) = environment.only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]

    _compare(
        service_settings.Settings,
        {pair["Name"]: pair["Value"] for pair in container["Environment"]},
    )


def _compare(model: type[BaseModel], variables: dict[str, Any]) -> None:
    given = {name for name in variables if name.startswith(PREFIX)}
    asked = {variable(field): info for field, info in model.model_fields.items()}
    required = {name for name, info in asked.items() if info.is_required()}

    assert required <= given
    assert given <= set(asked)


def test_another_prompt_is_asked_beside_only_where_the_configuration_says_so(
    sample: Synthesized, synthesized: dict[str, Synthesized]
) -> None:
    name = variable("shadow_prompt_version")

    assert name not in sample.function("match_worker")["Environment"]["Variables"]
    beside = synthesized["spot"].function("match_worker")["Environment"]["Variables"]
    assert beside[name] == "v1"
