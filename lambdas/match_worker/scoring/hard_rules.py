"""Rules no score can outweigh. Retrieval filters may fail open,
so every candidate passes here with what DynamoDB says now."""

from collections.abc import Callable
from datetime import datetime

from cufit_contracts.results import FailureCode
from cufit_contracts.vocabulary import ADULT_AGE, KST, birth_years
from match_worker.profile import Profile


def seeker_obstacle(seeker: Profile, now: datetime) -> FailureCode | None:
    """Code of the reason why nobody may be recommended to `seeker`, or None."""
    if seeker.paused:
        return FailureCode.SEEKER_PAUSED
    if seeker.birth_year > _youngest_adult_birth_year(now):
        return FailureCode.SEEKER_UNDER_AGE
    return None


def eligibility(seeker: Profile, now: datetime) -> Callable[[Profile], bool]:
    """Test of one candidate for `seeker` at `now`; past pairs are checked apart (ports.Pairs)."""
    wanted = seeker.gender.other
    oldest, youngest = acceptable_birth_years(seeker, now)
    seeker_id = seeker.candidate_id

    def eligible(candidate: Profile) -> bool:
        return (
            candidate.gender is wanted
            and not candidate.paused
            and candidate.maker_id is not None
            and oldest <= candidate.birth_year <= youngest
            and candidate.candidate_id != seeker_id
        )

    return eligible


def acceptable_birth_years(seeker: Profile, now: datetime) -> tuple[int, int]:
    """First and last year of birth inside the seeker's age range and of adults; may be empty
    (first > last)."""
    wish = seeker.ideal_type.ages(seeker.birth_year, now)
    first, last = birth_years(wish.min, wish.max, now)
    return first, min(last, _youngest_adult_birth_year(now))


def _youngest_adult_birth_year(now: datetime) -> int:
    return now.astimezone(KST).year - ADULT_AGE
