"""What people answered, counted for each of them: so often wanted, so often willing."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from cufit_contracts.items import History
from cufit_service.domain.match import Match, Reply, Side


@dataclass(frozen=True, slots=True)
class Tally:
    """What an answer adds to the history of one of the two."""

    side: Side
    counts: tuple[str, ...]
    """Those of `History` that become one more."""


def tallies(match: Match, candidate_id: str, reply: Reply) -> tuple[Tally, Tally]:
    """For the one of the match who answers, and for the other, about whom it is."""
    yes = reply is Reply.ACCEPT
    (own,) = (side for side in match.sides if side.candidate_id == candidate_id)
    return (
        Tally(own, ("answered", "said_yes") if yes else ("answered",)),
        Tally(match.other_than(candidate_id), ("asked", "wanted") if yes else ("asked",)),
    )


def recounted(candidate_id: str, joined_at: datetime, matches: Iterable[Match]) -> History:
    """The history of a membership by its matches alone; what is counted must equal it."""
    counts = dict.fromkeys((one.name for one in fields(History)), 0)
    for match in matches:
        replies = [(one, Reply.ACCEPT) for one in match.accepted_by]
        if match.rejected_by is not None:
            replies.append((match.rejected_by, Reply.REJECT))
        for tally in (one for reply in replies for one in tallies(match, *reply)):
            if (tally.side.candidate_id, tally.side.joined_at) == (candidate_id, joined_at):
                for name in tally.counts:
                    counts[name] += 1
    return History(**counts)
