"""What `cufit doctor` takes for granted about the stacks."""

import json

from cufit_ops.doctor.account import BOOTSTRAP_VERSION, FUNCTIONS_AT_ONCE
from cufit_ops.doctor.subject import STACKS
from tests.infra.synthesis import Synthesized


def test_the_bootstrap_that_is_asked_for_is_the_one_needed(sample: Synthesized) -> None:
    manifest = json.loads((sample.folder / "manifest.json").read_text())
    stacks = [
        artifact["properties"]
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    ]
    assert {one["requiresBootstrapStackVersion"] for one in stacks} == {BOOTSTRAP_VERSION}
    assert {one["bootstrapStackVersionSsmParameter"] for one in stacks} == {
        "/cdk-bootstrap/cufitsampl/version"
    }


def test_functions_at_once_are_counted(sample: Synthesized) -> None:
    mapped = sample.properties("AWS::Lambda::EventSourceMapping")
    at_once = sum(one["ScalingConfig"]["MaximumConcurrency"] for one in mapped)
    assert at_once + len(sample.functions) - len(mapped) <= FUNCTIONS_AT_ONCE


def test_every_stack_is_looked_at(synthesized: dict[str, Synthesized]) -> None:
    for one in synthesized.values():
        assert set(one.templates) <= set(STACKS), one.settings.name


def test_smoke_finds_the_outputs_it_asks_for(deployed: Synthesized) -> None:
    outputs = {
        (stack, key)
        for stack, template in deployed.templates.items()
        for key in template.get("Outputs", {})
    }
    asked = {
        *(("Service", "ApiUrl"), ("Photos", "UploadUrlFunctionName")),
        *(("Knowledge", "KnowledgeBaseId"), ("Knowledge", "DataSourceId")),
    }
    assert asked <= outputs
