"""What is held against the dates: the code that is deployed where it has a say, and baselines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from cufit_contracts.items import History
from cufit_contracts.profile import IdealType
from cufit_contracts.vocabulary import Gender, Mbti
from cufit_ops.evaluation.golden_set import NOW
from cufit_ops.evaluation.speed_dates.rows import Meeting, Person
from cufit_ops.evaluation.speed_dates.weights import fitted_on_others
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.rubric import TOTAL, Rubric

LIKED = 7
"""An interest rated so high is taken for a hobby."""
MOST_HOBBIES = 10
"""As in a profile; the highest rated, in the file's order among equals."""


@dataclass(frozen=True, slots=True)
class Points:
    """One score a date and matcher, and how `fitted` weighs the parts."""

    by_matcher: Mapping[str, Sequence[float]]
    parts: Sequence[str]
    """Names of those that `fitted` weighs."""
    fitted_weights: Mapping[int, Sequence[float]]
    """By the evening they were tried on; fitted on the others."""


def points(meetings: Sequence[Meeting], known: Sequence[History], rubric: Rubric) -> Points:
    """`known`: of the candidate, one a meeting.

    Raises:
        ValueError: there is one evening only.
    """
    by_part, rules = _deployed(meetings, known, rubric)
    shared = [_shared(one.seeker, one.candidate) for one in meetings]
    parts = {**by_part, "hobbies": shared}
    weighed = list(zip(*parts.values(), strict=True))
    weights = fitted_on_others(meetings, weighed)
    fitted = [
        sum(w * share for w, share in zip(weights[one.seeker.wave], of_it, strict=True))
        for one, of_it in zip(meetings, weighed, strict=True)
    ]
    judged = rubric.judged.get("hobbies")
    hobby_points = [round(judged.weight * share) if judged else 0 for share in shared]
    scores: dict[str, Sequence[float]] = {
        "chance": [crc32(f"{one.seeker.iid}|{one.candidate.iid}".encode()) for one in meetings],
        "age gap": [-abs(one.seeker.age - one.candidate.age) for one in meetings],
        "popularity": [(one.wanted + 2) / (one.asked + 4) for one in known],
        **{f"part {name}": shares for name, shares in parts.items()},
        "rules": rules,
        "rules and hobbies": [a + b for a, b in zip(rules, hobby_points, strict=True)],
        "fitted": fitted,
    }
    return Points(scores, list(parts), weights)


def _deployed(
    meetings: Sequence[Meeting], known: Sequence[History], rubric: Rubric
) -> tuple[dict[str, list[float]], list[float]]:
    """Age and answers, each as a share of its points, and the points of all facts. The share of
    answers is rounded to a hundredth, not to the part's whole points: weights that are fitted are
    not whole either."""
    people = {one.iid: _profile(one) for met in meetings for one in (met.seeker, met.candidate)}
    fine = _with_fine_answers(rubric)
    scorers = {
        iid: (FactScores(rubric, profile, NOW), FactScores(fine, profile, NOW))
        for iid, profile in people.items()
    }
    by_part: dict[str, list[float]] = {"age": []}
    if rubric.code.answers is not None:
        by_part["answers"] = []
    rules = []
    for met, history in zip(meetings, known, strict=True):
        as_deployed, finely = scorers[met.seeker.iid]
        candidate = replace(people[met.candidate.iid], history=history)
        rules.append(float(as_deployed.total(candidate)))
        told = {part.criterion: part.points / part.limit for part in finely.parts(candidate)}
        for name, shares in by_part.items():
            shares.append(told[name])
    return by_part, rules


def _with_fine_answers(rubric: Rubric) -> Rubric:
    answers = rubric.code.answers
    if answers is None:
        return rubric
    finer = answers.model_copy(update={"weight": TOTAL})
    return rubric.model_copy(update={"code": rubric.code.model_copy(update={"answers": finer})})


def _profile(person: Person) -> Profile:
    """Somebody of that age; what the file does not tell is alike for all."""
    return Profile(
        candidate_id=str(person.iid),
        nickname="",
        name="",
        gender=Gender.MALE if person.male else Gender.FEMALE,
        birth_year=NOW.year - person.age,
        height_cm=170,
        mbti=Mbti.ISTJ,
        city="서울특별시",
        district="종로구",
        job="학생",
        smoking=0,
        drinking=0,
        ideal_type=IdealType(),
    )


def _shared(seeker: Person, candidate: Person) -> float:
    """Share of the seeker's hobbies that the candidate has too. No code decides this part, a model
    does: this stands in for one that counts."""
    wanted = _hobbies(seeker)
    return len(wanted & _hobbies(candidate)) / len(wanted) if wanted else 0.0


def _hobbies(person: Person) -> frozenset[str]:
    liked = [one for one, rating in person.interests.items() if rating >= LIKED]
    return frozenset(sorted(liked, key=lambda one: -person.interests[one])[:MOST_HOBBIES])
