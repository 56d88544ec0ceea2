"""Whatever is sent, it is the sender's mistake or it is answered: never a 500."""

import asyncio
import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cufit_service.domain.member import Role
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld, operations
from tests.unit.service.world import candidate_of

OPERATIONS = [*operations()]
SUBJECTS = ("maker", "candidate", "nobody")

# Surrogates cannot be sent in an address.
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
seen = st.sampled_from(["m_own", "maker|m_own", "2026-11-22T09:00:00Z|m_own", "3", '"v1"', "*"])
values = seen | text
leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
any_json = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(text, inner))
changed_profile = st.builds(
    lambda name, changed: PROFILE_BODY | {name: changed}, st.sampled_from([*PROFILE_BODY]), any_json
)


@st.composite
def requests(draw: st.DrawFn, path: str, method: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = [(one["in"], one["name"]) for one in operation.get("parameters", [])]
    parts = {
        name: quote(draw(values.filter(bool)), safe="")
        for place, name in parameters
        if place == "path"
    }
    known = [name for place, name in parameters if place == "query"]
    query = draw(st.dictionaries(st.sampled_from(known), values)) if known else {}
    raw = draw(
        st.binary(max_size=40)
        | (any_json | changed_profile).map(lambda body: json.dumps(body).encode())
    )
    ascii_text = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
    names = ["Idempotency-Key", "If-Match", "X-Correlation-Id"]
    headers = draw(st.dictionaries(st.sampled_from(names), seen.filter(str.isascii) | ascii_text))
    return {
        "method": method.upper(),
        "url": f"{path.format(**parts)}?{urlencode(query)}",
        "content": raw if "requestBody" in operation else b"",
        "headers": {"Content-Type": "application/json", **headers},
    }


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one[2]["operationId"])
@settings(max_examples=10, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(data=st.data())
def test_the_answer_is_one_the_document_names(
    operation: tuple[str, str, dict[str, Any]], data: st.DataObject
) -> None:
    request = data.draw(requests(*operation))
    subject = data.draw(st.sampled_from(SUBJECTS))

    async def ask() -> int:
        http = HttpWorld(shares_app=True)
        maker = http.person("maker", Role.MAKER, "admin")
        http.person("candidate", Role.CANDIDATE, "maker")
        http.world.has(candidate_of(maker.member_id, "m_own"))
        async with http.client(subject) as client:
            return (await client.request(**request)).status_code

    status = asyncio.run(ask())
    assert str(status) in operation[2]["responses"], request
    assert status < 500
