"""Policies, simulated: all that the design needs is allowed, and nothing beside it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from tests.infra.simulated import notifiers
from tests.infra.simulated.design import Design
from tests.infra.simulated.policies import ADMINISTRATOR, Statement, actions_of
from tests.infra.simulated.recording import SERVICE, recorded
from tests.infra.simulated.requests import Request, covers
from tests.infra.synthesis import Synthesized, as_list, plain

LEAST = 300
"""Requests of an environment."""


def _assert_none(requests: Iterable[Request]) -> None:
    found = [str(one) for one in requests]
    assert not found, "\n".join(found)


def test_what_the_design_needs_is_allowed(design: Design) -> None:
    is_allowed = design.questions.is_allowed
    _assert_none(one for number, one in design.wanted.items() if not is_allowed(number))


def test_nothing_beside_it_is_allowed(design: Design) -> None:
    is_allowed = design.questions.is_allowed
    _assert_none(one for number, one in design.unwanted.items() if is_allowed(number))


def test_each_request_is_refused_once_its_statement_is_gone(design: Design) -> None:
    owed = {number for number, _ in design.owed()}
    _assert_none(one for number, one in design.wanted.items() if number not in owed)


def test_nothing_can_be_dropped(design: Design) -> None:
    """Each action of each statement on each resource: without it, something that is needed would be
    refused."""
    refused: dict[int, list[Request]] = defaultdict(list)
    for number, statement in design.owed():
        refused[id(statement)].append(design.wanted[number])
    left = [
        f"{plain(place[1])} needs no {action} on {resource}: "
        "take it out of stacks/, or let a flow of tests/drills do what needs it"
        for place, statements in design.policies.held.items()
        if place[1] != ADMINISTRATOR
        for statement in statements
        if statement["Effect"] == "Allow"
        for action, resource in _parts(statement)
        if not any(_is_by_this_alone(statement, resource, one)
                   for one in refused[id(statement)] if one.action == action)
    ]  # fmt: skip
    assert not left, "\n".join(left)


def _parts(statement: Statement) -> Iterator[tuple[str, str]]:
    for action in actions_of(statement):
        for resource in as_list(statement.get("Resource", "*")):
            yield action, resource


def _is_by_this_alone(statement: Statement, resource: str, request: Request) -> bool:
    """Whether the statement speaks of the request by that resource and by no other."""
    speaking = [
        one
        for one in as_list(statement.get("Resource", "*"))
        if covers({"Action": request.action, "Resource": one}, request)
    ]
    return speaking == [resource]


def test_what_a_deny_refuses_is_allowed_without_it(design: Design) -> None:
    _assert_none(design.still_refused())


def test_there_are_enough_of_both(
    design: Design, record_property: Callable[[str, object], None]
) -> None:
    wanted, unwanted = len(design.wanted), len(design.unwanted)
    record_property("allowed", wanted)
    record_property("refused", unwanted)
    assert min(wanted, unwanted) > LEAST // 3
    assert wanted + unwanted >= LEAST


def test_every_function_is_heard(sample: Synthesized) -> None:
    functions = {properties["Handler"].partition(".")[0] for properties in sample.functions}
    assert functions == {*recorded(), *notifiers.NAMES} - {SERVICE}


def test_an_intruder_with_push_access_takes_no_role(design: Design) -> None:
    """Branches, tags, forks, pull requests, other workflows, environments and repositories."""
    takes = "sts:AssumeRoleWithWebIdentity"
    jobs = [one for one in design.wanted.values() if one.action == takes]
    intruders = {number: one for number, one in design.unwanted.items() if one.action == takes}
    assert bool(jobs) == (design.policies.environment.settings.delivery is not None)
    assert len(intruders) >= 20 * len(jobs)
    is_allowed = design.questions.is_allowed
    _assert_none(one for number, one in intruders.items() if is_allowed(number))
