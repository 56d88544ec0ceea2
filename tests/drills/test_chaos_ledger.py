"""What the process drill takes for lost: all that was answered, but for what a kill excuses."""

from tests.drills.chaos.crowd import LOST_BY_A_KILL, Answered, Ledger


def test_what_was_answered_must_be_there() -> None:
    ledger = Ledger(invitations={"a": Answered("A", 10.0), "b": Answered("B")})
    assert ledger.must_be_there(ledger.invitations.values()) == {"A"}


def test_a_kill_of_the_embedded_aws_excuses_the_last_seconds_alone() -> None:
    killed = 100.0
    at = {"long before": 50.0, "just before": killed - LOST_BY_A_KILL / 2, "after": killed + 5}
    ledger = Ledger(disk_losses=[killed])
    answers = [Answered(name, seconds) for name, seconds in at.items()]
    assert ledger.must_be_there(answers) == {"long before", "after"}


def test_a_profile_is_the_last_one_that_was_kept_or_a_later_try() -> None:
    tried = [Answered("1", 10.0), Answered("2", 20.0), Answered("3", 99.0), Answered("4")]
    ledger = Ledger(jobs={"nick": tried})
    assert ledger.possible_jobs("nick") == {"3", "4"}
    ledger.disk_losses.append(100.0)
    assert ledger.possible_jobs("nick") == {"2", "3", "4"}
