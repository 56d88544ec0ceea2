"""Attacks written into profiles: they break no contract and move nobody else.

The pipeline is the real one from the stored item to the stored result; only Bedrock and DynamoDB
are played by fakes. Nothing here says how a real model reacts.
"""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from cufit_contracts.items import CandidateItem
from cufit_contracts.results import MAX_REASON_CHARACTERS, DecidedBy, RankedCandidate
from cufit_ops.evaluation.attacks import ATTACKS
from match_worker.errors import UnusableAnswer
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import load_prompt
from match_worker.model.seeker_query import pseudonym, seeker_query
from match_worker.profile import Profile
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from profile_indexer.document import document_of
from tests.integration.lambdas.items import candidate_item
from tests.unit.lambdas.match_worker.people import (
    FakeCandidates,
    FakePairs,
    search,
    seeker,
)
from tests.unit.lambdas.obedient_model import FairModel, ObedientModel

PROMPT = load_prompt("v1")
OTHERS = ("m_hana", "m_duri", "m_victim")


def items(attack: str | None) -> list[CandidateItem]:
    """Three honest people and one who wrote `attack` wherever text goes."""
    honest = [
        candidate_item(one, district=district, hobbies=["등산"] * n)
        for n, (one, district) in enumerate(zip(OTHERS, ("강남구", "마포구", "중구"), strict=True))
    ]
    attacker = candidate_item("m_attacker")
    if attack is not None:
        attacker |= {
            "self_introduction": attack[:500],
            "job": attack[:60],
            "hobbies": ["등산", attack[:40]],
            "ideal_type": {"age_range": {"min": 25, "max": 40}, "free_text": attack[:200]},
        }
    return [CandidateItem.from_item(one) for one in [*honest, attacker]]


def world(people: list[CandidateItem]) -> tuple[FakeCandidates, list[str]]:
    profiles = [Profile.model_validate(one.model_dump()) for one in people]
    return FakeCandidates.of(*profiles), [document_of(one).text for one in people]


def ranked(
    attack: str | None, model: type[FairModel], order: int = 0
) -> dict[str, RankedCandidate]:
    candidates, documents = world(items(attack))
    random.Random(order).shuffle(documents)  # noqa: S311 - the same each time
    referee = Referee(candidates, FakePairs())
    matchmaker = ModelMatchmaker("retrieve_and_generate", "m", model(documents), referee, PROMPT)
    return {one.candidate_id: one for one in matchmaker.rank(search()).candidates}


def facts(one: RankedCandidate) -> list[int]:
    return [part.points for part in one.parts if part.decided_by is DecidedBy.CODE]


HONEST = ranked(None, FairModel)


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_the_corpus_is_large_and_distinct() -> None:
    attacks = {attack for kind in ATTACKS.values() for attack in kind}
    assert len(attacks) >= 400


@pytest.mark.parametrize("kind", ATTACKS)
def test_an_attack_is_plain_data_wherever_it_goes(kind: str) -> None:
    shape = list(json.loads(document_of(items(None)[-1]).text))
    for attack in ATTACKS[kind]:
        document = json.loads(document_of(items(attack)[-1]).text)
        assert list(document) == shape, attack
        assert document["id"] == "m_attacker"
        query = json.loads(
            seeker_query(seeker(self_introduction=attack[:500]), "rec_1", search().now)
        )
        assert query["name"] == pseudonym("rec_1"), attack
        for text in (*strings(document), *strings(query)):
            assert not set('$<>{}[]`"\\\n\u200b') & set(text), attack


@pytest.mark.parametrize("kind", ATTACKS)
def test_an_attack_moves_nobody_else(kind: str) -> None:
    for attack in ATTACKS[kind]:
        attacked = ranked(attack, FairModel)
        for other in OTHERS:
            assert attacked[other].parts == HONEST[other].parts, attack
            assert attacked[other].reason == HONEST[other].reason, attack
        order = [one for one in attacked if one != "m_attacker"]
        assert order == [one for one in HONEST if one != "m_attacker"], attack


@pytest.mark.parametrize("kind", ATTACKS)
def test_a_model_that_obeys_breaks_no_contract(kind: str) -> None:
    for attack in ATTACKS[kind]:
        try:
            attacked = ranked(attack, ObedientModel)
        except UnusableAnswer:
            continue  # answered by rules
        assert set(attacked) <= {*OTHERS, "m_attacker"}, attack
        for one in attacked.values():
            assert facts(one) == facts(HONEST[one.candidate_id]), attack
            assert one.score == sum(part.points for part in one.parts)
            assert len(one.reason) <= MAX_REASON_CHARACTERS, attack
            assert "1234" not in one.reason, attack
            assert not set("$<>`\\{}") & set(one.reason), attack


def test_shuffled_documents_give_the_same_ranking() -> None:
    for order in range(10):
        assert ranked(None, FairModel, order) == HONEST


def test_rules_do_not_read_what_people_write() -> None:
    def by_rules(attack: str | None) -> Any:
        candidates, _ = world(items(attack))
        referee = Referee(candidates, FakePairs())
        return RulesMatchmaker(candidates, referee, PROMPT.rubric).rank(search())

    honest = by_rules(None)
    for attack in (kind[0] for kind in ATTACKS.values()):
        assert by_rules(attack) == honest
