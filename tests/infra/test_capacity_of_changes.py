"""What the capacity of a change is told of, and of what nothing is told."""

from collections.abc import Mapping

import pytest

from cufit_ops.review.capacity import findings
from cufit_ops.review.change import Change, Side
from cufit_ops.review.comparison import compare
from cufit_ops.review.findings import Rank
from tests.changes import capacity as sizes
from tests.changes import harmless
from tests.changes.case import Case, Templates, of_type, properties
from tests.infra.synthesis import Synthesized

QUIET = [case for case in sizes.CASES if case.name.startswith("a tag")] + [
    case for case in harmless.CASES if case.name.startswith(("another description", "a new tag"))
]
CHANGED = [case for case in sizes.CASES if case.name in ("a new version (prod)", "prod a quarter")]


def changes(cases: list[Case], samples: Mapping[str, Synthesized]) -> list[Change]:
    return compare([case.pair(samples[case.environment].templates, {}) for case in cases])


def test_of_tags_and_descriptions_nothing_is_told(samples: Mapping[str, Synthesized]) -> None:
    assert len(QUIET) > 4
    for case, change in zip(QUIET, changes(QUIET, samples), strict=True):
        assert not [*findings(change)], case.name


def test_a_deployment_is_told_once_with_each_part_of_its_time(
    samples: Mapping[str, Synthesized],
) -> None:
    for case, change in zip(CHANGED, changes(CHANGED, samples), strict=True):
        (told,) = (
            found for found in findings(change) if "New tasks replace" in found.sentence.english
        )
        assert told.rank is Rank.NOTICE, case.name
        for part in ("change set", "launch", "pull", "ready", "stop", "deprovision", "steady"):
            assert f"{part}: " in told.evidence


@pytest.mark.parametrize("name", ["dev", "prod"])
def test_a_new_or_vanished_environment_is_no_fault(
    name: str, samples: Mapping[str, Synthesized]
) -> None:
    side = Side(samples[name].account)
    new, gone = Change(name, None, side, []), Change(name, side, None, [])
    (only,) = findings(new)
    assert only.sentence.english.startswith("Carries about")
    assert not [*findings(gone)]


def test_templates_of_another_shape_are_no_fault(samples: Mapping[str, Synthesized]) -> None:
    """Numbers that come from parameters, no tasks at all, a service without its task definition."""
    for pair in changes([Case("odd", "prod", _odd), Case("none", "prod", _no_service)], samples):
        for found in findings(pair):
            assert found.sentence.english


def _odd(templates: Templates) -> None:
    task = properties(templates, sizes.TASK)
    task.update(Cpu={"Ref": "Size"}, Memory={"Ref": "Size"}, ContainerDefinitions=[])
    properties(templates, sizes.SERVICE).update(
        DesiredCount={"Ref": "Count"}, DeploymentConfiguration={"MaximumPercent": {"Ref": "Most"}}
    )
    for _, _, mapping in of_type(templates, "AWS::Lambda::EventSourceMapping"):
        mapping["Properties"]["ScalingConfig"] = {"MaximumConcurrency": {"Ref": "Many"}}
    for _, _, function in of_type(templates, "AWS::Lambda::Function"):
        function["Properties"].update(MemorySize={"Ref": "Size"}, Timeout={"Ref": "Time"})


def _no_service(templates: Templates) -> None:
    for stack, id_, _ in [*of_type(templates, "AWS::ECS::Service")]:
        del templates[stack]["Resources"][id_]
