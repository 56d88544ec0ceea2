"""What people answered, counted for each of them: so often wanted, so often willing."""

from dataclasses import dataclass

from cufit_service.domain.match import Match, Reply, Side


@dataclass(frozen=True, slots=True)
class Tally:
    """What an answer adds to the history of one of the two."""

    side: Side
    counts: tuple[str, ...]
    """Those of `cufit_contracts.items.History` that become one more."""


def tallies(match: Match, candidate_id: str, reply: Reply) -> tuple[Tally, Tally]:
    """For the one of the match who answers, and for the other, about whom it is."""
    yes = reply is Reply.ACCEPT
    (own,) = (side for side in match.sides if side.candidate_id == candidate_id)
    return (
        Tally(own, ("answered", "said_yes") if yes else ("answered",)),
        Tally(match.other_than(candidate_id), ("asked", "wanted") if yes else ("asked",)),
    )
