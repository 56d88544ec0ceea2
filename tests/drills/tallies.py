"""What is counted of answers. Part of what must hold whatever happened."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cufit_contracts.items import History
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import instant
from cufit_service.adapters.dynamodb.matches import match_of
from cufit_service.domain.answers import recounted

Rows = Iterable[Mapping[str, Any]]


def miscounted(candidates: Rows, pairs: Rows) -> Iterator[str]:
    """Candidates whose history is not what the matches of this membership say."""
    matches = [match_of(dict(row)) for row in pairs if "left_id" in row]
    for row in candidates:
        said = recounted(row["candidate_id"], instant(row["joined_at"]), matches)
        counted = read(History, row["history"])
        if counted != said:
            yield f"{row['candidate_id']} has {counted}, the matches say {said}"
