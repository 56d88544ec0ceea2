"""What is counted of answers. Part of what must hold whatever happened."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cufit_contracts.items import History
from cufit_contracts.stored import read

Rows = Iterable[Mapping[str, Any]]


def miscounted(candidates: Rows, pairs: Rows) -> Iterator[str]:
    """Candidates whose history is not what the matches of this membership say."""
    pairs = list(pairs)
    for row in candidates:
        said = recounted(row["candidate_id"], row["joined_at"], pairs)
        counted = read(History, row["history"])
        if counted != said:
            yield f"{row['candidate_id']} has {counted}, the matches say {said}"


def recounted(candidate_id: str, joined_at: str, pairs: Rows) -> History:
    """The history of a membership by the stored matches alone; what is counted must equal it."""
    counts: Counter[str] = Counter()
    for row in pairs:
        joined = {row.get(f"{side}_id"): row.get(f"{side}_joined_at") for side in ("left", "right")}
        if joined.get(candidate_id) != joined_at:
            continue
        answers = [(one, True) for one in row["accepted_by"]]
        answers += [(row["rejected_by"], False)] if row.get("rejected_by") else []
        for who, is_yes in answers:
            own = who == candidate_id
            counts["answered" if own else "asked"] += 1
            counts["said_yes" if own else "wanted"] += is_yes
    return History(**counts)
