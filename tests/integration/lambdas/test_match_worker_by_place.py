"""What match_worker reads of the index by_place (moto)."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cufit_contracts.items import History
from cufit_contracts.places import LAST_ID, born
from cufit_contracts.vocabulary import Gender
from match_worker.adapters.dynamodb_candidates import DynamodbCandidates
from tests.integration.lambdas.items import candidate_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

YEARS = (born(1990), born(2000, LAST_ID))


def test_the_index_gives_one_gender_of_one_province_by_birth(
    dynamodb: "DynamoDBServiceResource", candidates: "Table"
) -> None:
    people: list[tuple[str, str, int, dict[str, Any]]] = [
        ("m_e", "FEMALE", 1989, {}),
        ("m_c", "FEMALE", 1990, {}),
        ("m_b", "FEMALE", 2000, {}),
        ("m_a", "FEMALE", 2000, {"city": "서울"}),
        ("m_f", "FEMALE", 2001, {}),
        ("m_d", "MALE", 1995, {}),
        ("m_g", "FEMALE", 1995, {"city": "경기도"}),
        ("m_h", "FEMALE", 1995, {"paused": True}),
        ("m_i", "FEMALE", 1995, {"maker_id": None}),
    ]
    for candidate_id, gender, year, more in people:
        item = candidate_item(candidate_id, gender=gender, birth_year=year, **more)
        candidates.put_item(Item=item)
    adapter = DynamodbCandidates(dynamodb, "candidates")
    found = adapter.living_in(Gender.FEMALE, "서울", *YEARS, 10)
    assert [one.candidate_id for one in found.people] == ["m_c", "m_a", "m_b"]
    assert (found.read, found.after) == (3, None)


def test_a_page_says_where_the_next_begins(
    dynamodb: "DynamoDBServiceResource", candidates: "Table"
) -> None:
    for n in range(5):
        candidates.put_item(Item=candidate_item(f"m_{n}") | ({"height_cm": "?"} if n == 1 else {}))
    adapter = DynamodbCandidates(dynamodb, "candidates")
    first, last = YEARS
    pages = []
    while first:
        page = adapter.living_in(Gender.FEMALE, "서울", first, last, 2)
        pages.append(([one.candidate_id for one in page.people], page.read))
        first = page.after or ""
    assert pages == [(["m_0"], 2), (["m_2", "m_3"], 2), (["m_4"], 1)]


def test_what_ends_at_its_last_key_has_no_next(
    dynamodb: "DynamoDBServiceResource", candidates: "Table"
) -> None:
    for n in range(3):
        candidates.put_item(Item=candidate_item(f"m_{n}"))
    adapter = DynamodbCandidates(dynamodb, "candidates")
    page = adapter.living_in(Gender.FEMALE, "서울", born(1996), born(1996, "m_1"), 2)
    assert (page.read, page.after) == (2, None)


def test_the_index_gives_what_points_are_computed_from_and_no_more(
    dynamodb: "DynamoDBServiceResource", candidates: "Table"
) -> None:
    history = {"asked": 4, "wanted": 3, "answered": 2, "said_yes": 1}
    item = candidate_item("m_a", history=history, attention=Decimal("2.5"))
    candidates.put_item(Item=item)
    adapter = DynamodbCandidates(dynamodb, "candidates")
    whole = adapter.get("m_a")
    assert whole is not None
    (found,) = adapter.living_in(Gender.FEMALE, "서울", *YEARS, 10).people
    untold: dict[str, Any] = {"name": "", "job": "", "hobbies": (), "self_introduction": ""}
    assert found == replace(whole, **untold)
    assert (found.history, found.attention) == (History(**history), Decimal("2.5"))
