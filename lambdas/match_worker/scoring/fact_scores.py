"""Points that facts decide, for one seeker. Pure, and quick enough for every candidate there is:
each fact has few values, so its points are computed once and looked up afterwards."""

from datetime import datetime
from functools import cache, partial

from cufit_contracts.results import DecidedBy, ScorePart
from cufit_contracts.vocabulary import Mbti, age_in_korea
from match_worker.profile import Profile
from match_worker.scoring.answers import answers_points
from match_worker.scoring.mbti import affinity
from match_worker.scoring.regions import distance, nearest
from match_worker.scoring.rubric import Rubric, ToleranceRule


class FactScores:
    def __init__(self, rubric: Rubric, seeker: Profile, now: datetime) -> None:
        self._rules = rubric.code
        self._limits = [(name, rule.weight) for name, rule in rubric.code.listed.items()]
        self._seeker = seeker
        self._seeker_age = age_in_korea(seeker.birth_year, now)
        self._now = now
        ideal, answers = seeker.ideal_type, rubric.code.answers
        placed = self._rules.age.weight + self._rules.distance.weight
        self._others_at_most = sum(limit for _, limit in self._limits) - placed
        # One cache per seeker, dropped with it: bound methods would keep every seeker alive.
        self._age = cache(self._age_points)
        self._height = cache(self._height_points)
        self._mbti = cache(self._mbti_points)
        self._distance = cache(self._distance_points)
        self._smoking = cache(partial(_tolerated, self._rules.smoking, ideal.smoking_max))
        self._drinking = cache(partial(_tolerated, self._rules.drinking, ideal.drinking_max))
        self._answers = cache(partial(answers_points, answers)) if answers else None

    def points(self, candidate: Profile) -> tuple[int, ...]:
        """Points in the order of `CodeRules.listed`."""
        wish = candidate.ideal_type.ages(candidate.birth_year, self._now)
        mutual = wish.min <= self._seeker_age <= wish.max
        facts = (
            self._age(candidate.birth_year, mutual),
            self._height(candidate.height_cm),
            self._mbti(candidate.mbti),
            self._distance(candidate.city, candidate.district),
            self._smoking(candidate.smoking),
            self._drinking(candidate.drinking),
        )
        return facts if self._answers is None else (*facts, self._answers(candidate.history))

    def total(self, candidate: Profile) -> int:
        return sum(self.points(candidate))

    def at_most(self, listed: str, birth_year: int) -> int:
        """Points nobody goes beyond who was born in that year and lives in that province (a listed
        one: cufit_contracts.places)."""
        near = self._rules.distance.for_distance(nearest(self._seeker.city, listed))
        return self._age(birth_year, True) + near + self._others_at_most

    def parts(self, candidate: Profile) -> list[ScorePart]:
        return [
            ScorePart(criterion=name, points=points, limit=limit, decided_by=DecidedBy.CODE)
            for (name, limit), points in zip(self._limits, self.points(candidate), strict=True)
        ]

    def age_gap(self, candidate: Profile) -> int:
        """Years between the two."""
        return abs(age_in_korea(candidate.birth_year, self._now) - self._seeker_age)

    def _age_points(self, birth_year: int, mutual: bool) -> int:
        rule = self._rules.age
        gap = abs(age_in_korea(birth_year, self._now) - self._seeker_age)
        points = rule.weight - rule.per_year * max(0, gap - rule.full_gap)
        if not mutual:
            points -= rule.one_sided
        return max(rule.least, points)

    def _height_points(self, height_cm: int) -> int:
        rule, wish = self._rules.height, self._seeker.ideal_type.height_range
        if wish is None:
            return rule.weight
        outside = max(wish.min - height_cm, height_cm - wish.max, 0)
        return max(0, rule.weight - rule.per_cm * outside)

    def _mbti_points(self, mbti: Mbti) -> int:
        rule, wishes = self._rules.mbti, self._seeker.ideal_type.mbti
        if wishes:
            return rule.weight if mbti in wishes else rule.unwished
        return rule.for_affinity(affinity(self._seeker.mbti, mbti))

    def _distance_points(self, city: str, district: str) -> int:
        home = (self._seeker.city, self._seeker.district)
        return self._rules.distance.for_distance(distance(home, (city, district)))


def _tolerated(rule: ToleranceRule, tolerance: int, level: int) -> int:
    return max(0, rule.weight - rule.per_level * max(0, level - tolerance))
