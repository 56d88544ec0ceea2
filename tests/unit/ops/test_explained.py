"""A result computed again: what agrees, what was tampered with, what cannot be computed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import pytest

from cufit_contracts.items import History
from cufit_contracts.results import MatchmakerName, MatchResult, RankedCandidate
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import instant
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.stand_ins import Careless, StandIn, honest
from cufit_ops.explanation.explained import Explanation, explained
from cufit_ops.explanation.today import Today
from match_worker.profile import Profile
from tests.unit.evaluation import small

Made = tuple[str, MatchResult, Mapping[str, Profile | None]]
"""Seeker's id, result, people."""


def made(
    matcher: MatchmakerName = "retrieve_and_generate",
    version: str = "v2",
    stand_in: StandIn = honest,
    **switches: bool,
) -> list[Made]:
    """Of some seekers, each asking three times: people have a history, and were shown before."""
    setup = small.setup(matcher, version).switched(**switches)
    bench = Bench.offline(small.golden(), small.index(), setup, stand_in)
    for n, one in enumerate(small.golden().items):
        counts = History(asked=9, wanted=n % 10, answered=7, said_yes=n % 8)
        bench.candidates.change(one, history=counts)
    bench.remember()
    results: list[Made] = []
    for run in [run for _ in range(3) for run in bench.all_seekers()]:
        if run.result:
            people = {one: bench.candidates.get(one) for one in small.golden().items}
            stored = read(MatchResult, written(run.result))
            results.append((run.seeker.profile.candidate_id, stored, people))
    return results


@cache
def judged() -> Made:
    return made()[-1]


def again(made: Made) -> Explanation:
    seeker_id, result, people = made
    return explained(seeker_id, result, Today.of(result.made_by, people))


def faults(explanation: Explanation) -> list[str]:
    return [*explanation.faults, *(f for one in explanation.candidates for f in one.faults)]


def with_first(made: Made, **changes: Any) -> Made:
    first, *others = made[1].candidates
    changed: RankedCandidate = replace(first, **changes)
    return made[0], replace(made[1], candidates=(changed, *others)), made[2]


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("matcher", ["retrieve_and_generate", "retrieve_and_converse", "rules"])
def test_what_the_evaluation_makes_explains_itself(matcher: MatchmakerName, version: str) -> None:
    every = made(matcher, version)
    assert len(every) >= 2 * small.SEEKERS
    for one in every:
        explanation = again(one)
        assert (faults(explanation), explanation.cannot, explanation.seeker) == ([], (), None)
        for candidate in explanation.candidates:
            assert candidate.stepped_back.recomputed is not None
            assert all(part.points.recomputed is not None for part in candidate.parts)


def test_a_careless_model_explains_itself_too() -> None:
    every = [again(one) for seed in range(2) for one in made(stand_in=Careless(seed))]
    assert [fault for one in every for fault in faults(one)] == []
    parts = [part for e in every for one in e.candidates for part in one.parts]
    assert any(part.raw is not None and part.raw != part.points.kept for part in parts)
    assert any("not judged" in (part.points.why or "") for part in parts)


def test_what_was_switched_off_explains_itself() -> None:
    for one in (*made(learn_from_answers=False), *made(congestion=False)):
        assert faults(again(one)) == []


def test_somebody_steps_back_and_it_is_computed_again() -> None:
    steps = [one.stepped_back for e in map(again, made()) for one in e.candidates]
    assert any(step.kept for step in steps)
    assert all(step.recomputed == step.kept for step in steps)


@pytest.mark.parametrize("criterion", ["age", "distance", "answers", "hobbies", "introduction"])
def test_a_changed_part_is_found(criterion: str) -> None:
    first = judged()[1].candidates[0]
    step = {one.criterion: 1 if one.points < one.limit else -1 for one in first.parts}[criterion]
    parts = tuple(
        replace(one, points=one.points + step) if one.criterion == criterion else one
        for one in first.parts
    )
    # With the score that goes with it, so that the sum tells nothing.
    found = again(with_first(judged(), parts=parts, score=first.score + step))
    assert not found.agrees
    assert any(fault.startswith(f"{criterion}: ") for fault in faults(found))


def _other_limit(one: RankedCandidate) -> dict[str, Any]:
    age, *others = one.parts
    return {"parts": (replace(age, limit=age.limit + 1), *others)}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (lambda one: {"score": one.score + 1}, "score: "),
        (lambda one: {"raw_points": {**one.raw_points, "hobbies": 1}}, "hobbies: "),
        (lambda _: {"raw_points": None}, "judged, or not"),
        (lambda _: {"judged": False}, "one without the other"),
        (lambda one: {"history": {**one.history, "wanted": 0, "asked": 99}}, "answers: "),
        (lambda _: {"history": {"asked": 1, "wanted": 2}}, "history: "),
        (lambda one: {"stepped_back": one.stepped_back + 1}, "stepped back: "),
        (lambda one: {"parts": one.parts[1:]}, "the rubric's"),
        (_other_limit, "parts are "),
        (lambda _: {"rank": 2}, "ranks are "),
        (lambda _: {"score": 0}, "not the best first"),
    ],
)  # fmt: skip
def test_whatever_else_is_changed_is_found(changes: Any, said: str) -> None:
    first = judged()[1].candidates[0]
    found = again(with_first(judged(), **changes(first)))
    assert not found.agrees
    assert any(said in fault for fault in faults(found)), faults(found)


def kept(explanation: Explanation) -> list[set[str]]:
    """By candidate: the criteria that could not be computed again."""
    return [
        {part.criterion for part in one.parts if part.points.recomputed is None}
        for one in explanation.candidates
    ]


FACTS = {"age", "height", "mbti", "distance", "smoking", "drinking"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p, _: replace(p, version=p.version + 1, height_cm=131), "profile changed since"),
        (lambda p, then: replace(p, joined_at=then + timedelta(days=1)), "came back as somebody"),
        (lambda _p, _: None, "out of shape"),
        ("gone", "left"),
    ],
)
@pytest.mark.parametrize("who", ["seeker", "candidate"])
def test_who_is_not_as_they_were_is_said_and_no_fault(who: str, change: Any, said: str) -> None:
    seeker_id, result, people = judged()
    changed = seeker_id if who == "seeker" else result.candidates[0].candidate_id
    now = dict(people)
    then = instant(result.made_at)
    if change == "gone":
        del now[changed]
    else:
        now[changed] = change(now[changed], then)
    found = again((seeker_id, result, now))
    assert found.agrees
    if who == "seeker":
        assert said in (found.seeker or "")
        assert kept(found) == [FACTS] * len(result.candidates)
    else:
        assert said in (found.candidates[0].parts[0].points.why or "")
        assert kept(found) == [FACTS, *[set()] * (len(result.candidates) - 1)]


def test_other_code_and_another_prompt_are_said_and_the_sums_still_checked() -> None:
    seeker_id, result, people = judged()
    by = result.made_by
    for made_by, said in (
        (replace(by, scoring_hash="0123456789ab"), "made by other code (0123456789ab → "),
        (replace(by, prompt_hash="0123456789ab"), "text of prompt v2 (0123456789ab → "),
        (replace(by, prompt_version="v99"), "no prompt v99"),
    ):
        other = replace(result, made_by=made_by)
        found = again((seeker_id, other, people))
        assert found.agrees
        assert said in found.cannot[0]
        assert kept(found) == [{*FACTS, "answers"}] * len(result.candidates)
        wrong = with_first((seeker_id, other, people), score=1)
        assert any(fault.startswith("score: ") for fault in faults(again(wrong)))


def test_a_result_of_before_is_readable() -> None:
    seeker_id, result, people = judged()
    stored = written(result)
    del stored["made_by"]["scoring_hash"], stored["seeker_version"]
    del stored["shortlisted"], stored["judged"], stored["usual_attention"]
    for one in stored["candidates"]:
        for name in ("version", "judged", "raw_points", "history", "attention", "stepped_back"):
            one.pop(name, None)
    found = again((seeker_id, read(MatchResult, stored), people))
    assert found.agrees
    assert found.cannot == ("made before results named their code",)
    assert kept(found) == [{part.criterion for part in result.candidates[0].parts}] * 5
