"""What is counted of answers. Part of what must hold whatever happened."""

from cufit_contracts.items import History
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import instant
from cufit_service.adapters.dynamodb.matches import match_of
from cufit_service.domain.answers import recounted
from tests.drills.picture import rows
from tests.drills.world import World


def check_histories(world: World) -> None:
    """Each candidate's is what the matches of this membership say."""
    matches = [match_of(row) for row in rows(world, "matches") if "left_id" in row]
    for row in rows(world, "candidates"):
        said = recounted(row["candidate_id"], instant(row["joined_at"]), matches)
        counted = read(History, row["history"])
        assert counted == said, (
            f"{row['candidate_id']} is counted {counted}, the matches say {said}"
        )
