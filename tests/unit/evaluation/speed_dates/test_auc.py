"""Within-person AUC against cases counted by hand."""

import pytest

from cufit_ops.evaluation.speed_dates.auc import PersonAuc, within_person
from cufit_ops.evaluation.speed_dates.rows import INTERESTS, Meeting, Person


def met(iid: int, *matches: int) -> list[Meeting]:
    def person(number: int) -> Person:
        return Person(number, 1, False, 25, dict.fromkeys(INTERESTS, 5.0))

    return [Meeting(person(iid), person(900 + n), bool(one)) for n, one in enumerate(matches)]


@pytest.mark.parametrize(
    ("matches", "scores", "auc"),
    [
        ((1, 0, 0), (3, 2, 1), 1.0),
        ((1, 0, 0), (1, 2, 3), 0.0),
        ((1, 0, 0), (2, 3, 1), 0.5),
        ((1, 1, 0, 0), (4, 2, 3, 1), 0.75),
        ((1, 0), (7, 7), 0.5),
        ((1, 0, 0), (2, 2, 1), 0.75),
        ((1, 1, 0), (5, 1, 1), 0.75),
    ],
)
def test_it_is_the_share_of_pairs_in_order_and_half_of_the_equal(
    matches: tuple[int, ...], scores: tuple[float, ...], auc: float
) -> None:
    (person,) = within_person(met(1, *matches), scores)
    assert person.auc == auc


def test_people_are_never_compared_with_each_other() -> None:
    meetings = met(1, 1, 0) + met(2, 1, 0, 0)
    scores = [10, 9, 2, 1, 3]  # whoever met 1 has more than whoever met 2
    assert within_person(meetings, scores) == [PersonAuc(1, 1.0, 1), PersonAuc(2, 0.5, 2)]


def test_who_had_one_outcome_only_says_nothing() -> None:
    assert within_person(met(1, 0, 0) + met(2, 1, 1), [1, 2, 3, 4]) == []
