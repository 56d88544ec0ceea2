"""Every environment's requests, answered by one run of the simulator."""

from collections.abc import Mapping

import pytest

from tests.infra.conftest import NAMES, REWRITTEN_NAMES
from tests.infra.simulated.design import Design
from tests.infra.simulated.policies import Policies
from tests.infra.simulated.simulator import Questions
from tests.infra.synthesis import Synthesized

SIMULATED = (*NAMES, *REWRITTEN_NAMES, "sample", "alb")
"""All but those whose policies are another's: `spot` and `architecture`."""


@pytest.fixture(scope="session")
def designs(synthesized: dict[str, Synthesized]) -> Mapping[str, Design]:
    questions = Questions()
    found = {name: Design.of(Policies.of(synthesized[name]), questions) for name in SIMULATED}
    questions.ask()
    return found


@pytest.fixture(params=SIMULATED)
def design(request: pytest.FixtureRequest, designs: Mapping[str, Design]) -> Design:
    return designs[request.param]
