"""What is said about variables that cannot be used: key, value, and what would be legal."""

from typing import Any, Self

import pytest
from pydantic import model_validator

from cufit_contracts.environment import (
    ConfigurationError,
    FromEnvironment,
    load_settings,
    variable,
)
from cufit_service.settings import Settings as ServiceSettings
from match_worker.settings import Settings as WorkerSettings
from tests.in_memory_aws.settings import SETTINGS
from tests.unit.lambdas.match_worker.test_settings_and_brake import FIELDS


class OnlyTogether(FromEnvironment):
    left: str
    right: str

    @model_validator(mode="after")
    def _are_alike(self) -> Self:
        if self.left != self.right:
            raise ValueError("left and right must be alike")
        return self


def _fault(model: type[FromEnvironment], fields: dict[str, Any]) -> str:
    environ = {variable(name): str(value) for name, value in fields.items()}
    with pytest.raises(ConfigurationError) as error:
        load_settings(model, environ)
    return str(error.value)


def test_the_stand_in_outside_of_local_is_named_with_its_variable() -> None:
    assert _fault(WorkerSettings, FIELDS | {"model_id": "cufit.simulated-v1"}).endswith(
        "CUFIT_MODEL_ID = 'cufit.simulated-v1': the stand-in of local answers nothing in dev; "
        "a Bedrock model or inference profile is needed"
    )


def test_a_rule_between_variables_names_those_its_message_does() -> None:
    assert _fault(OnlyTogether, {"env": "dev", "left": "a", "right": "b"}).endswith(
        "CUFIT_LEFT = 'a', CUFIT_RIGHT = 'b': left and right must be alike"
    )


def test_every_fault_is_told_at_once_with_its_value() -> None:
    told = _fault(
        ServiceSettings,
        {name: value for name, value in SETTINGS if name != "photo_bucket" and value is not None}
        | {"admin_subjects": '["", "kim"]', "port": 70000},
    )
    assert "CUFIT_PHOTO_BUCKET: Field required" in told
    assert "CUFIT_ADMIN_SUBJECTS.0 = '': String should have at least 1 character" in told
    assert "CUFIT_PORT = '70000': Input should be less than or equal to 65535" in told
