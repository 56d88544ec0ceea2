"""Nothing that a role may is without use: the committed lists, against every environment."""

from collections.abc import Mapping
from typing import Any

from cufit_ops.access.standing import standings
from cufit_ops.access.used import HERE, Used
from cufit_ops.access.words import REASONS, attributes_of, done
from cufit_ops.review.permissions.objects import Objects
from tests.infra.approved import assert_approved_each
from tests.infra.simulated.design import Design
from tests.infra.simulated.used import SOURCE, sources_of, used


def test_what_was_heard_is_what_is_committed(designs: Mapping[str, Design]) -> None:
    assert_approved_each(
        "used",
        used(designs[SOURCE]),
        "The lists are what code, AWS and people were heard to do in each role's name.",
        _said,
    )


def test_each_role_may_only_what_is_used(design: Design) -> None:
    sources = sources_of(design.policies)
    objects = Objects([sources])
    told = [
        f"{one.holder} may {done(objects, [one.permission]).english}"
        f"{attributes_of(one.unused_attributes).english}: "
        f"{one.permission.action} on {one.permission.on}"
        for one in standings(sources, Used.read(HERE))
        if not one.is_used
    ]
    assert not told, "\n".join(
        [
            *told,
            "",
            "Nothing was heard to need it. Take it out of stacks/, or let a flow of tests/drills "
            "do what needs it, and then: make approve LIST=used",
        ]
    )


def test_every_use_has_its_reason() -> None:
    for holder, uses in Used.read(HERE).by_holder.items():
        for use in uses:
            assert use.by in REASONS, f"{holder}: {use}"


def _said(holder: str, before: Any, now: Any) -> list[str]:
    """Words for what is done anew, and what no longer is."""
    done, does = _uses(before), _uses(now)
    return [
        *(f"{holder} was heard anew: {one}" for one in sorted(does - done)),
        *(f"{holder} was no longer heard: {one}" for one in sorted(done - does)),
    ]


def _uses(told: Any) -> set[str]:
    return {f"{action} on {on}" for on, actions in (told or {}).items() for action in actions}
