"""A stand-in that knows the labels: what the same pipeline reaches when the judgement is right.

It shows what shortlist and code leave to be won, and is no forecast: part of the appeal it judges
by is in no profile."""

import json

from cufit_contracts.results import MAX_RANKED
from cufit_ops.evaluation.golden_set import NOW, GoldenSet
from cufit_ops.evaluation.stand_ins import Shown, points_by_criterion, without, written
from match_worker.model.seeker_query import seeker_query

REASON = "서로 잘 맞을 것 같아요."


class Perfect:
    """Gives the most appealing of those shown full marks, those after them evenly less and the
    sixth none: so the five best are told apart, and from the rest."""

    def __init__(self, golden: GoldenSet) -> None:
        self._appeal = {
            without("name", json.loads(seeker_query(one.profile, "rec_golden", NOW))): one.appeal
            for one in golden.seekers
        }
        self._ids = {
            without("id", json.loads(document.text)): one
            for one, document in golden.documents.items()
        }

    def __call__(self, shown: Shown) -> str:
        appeal = self._appeal[without("name", shown.query)]
        ids = {str(one["id"]): self._ids[without("id", one)] for one in shown.passages}
        order = sorted(ids, key=lambda alias: (-appeal.get(ids[alias], 0.0), ids[alias]))
        limits = points_by_criterion(shown.text)
        return written(
            [
                {
                    "id": alias,
                    "parts": {name: round(most * _share(place)) for name, most in limits.items()},
                    "reason": REASON,
                }
                for place, alias in enumerate(order)
            ]
        )


def _share(place: int) -> float:
    return max(0.0, 1 - place / (MAX_RANKED + 1))
