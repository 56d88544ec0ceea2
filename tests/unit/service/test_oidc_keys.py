"""The issuer's keys: fetched when needed, kept, and never a reason to sign everybody out."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from cufit_service.adapters.tokens import oidc_tokens
from cufit_service.adapters.tokens.oidc_tokens import (
    COOL_DOWN_SECONDS,
    FIRST_PAUSE_SECONDS,
    KEYLESS_PAUSE_SECONDS,
    KEYS_LIVE_SECONDS,
    MAX_WAITING,
    IssuerKeys,
)
from cufit_service.domain.errors import Unavailable
from tests.unit.service.issuers import DISCOVERY, KEYS_URI, Issuer
from tests.unit.service.signing import KEY_ID, jwks


def _down() -> Mapping[str, Any]:
    raise OSError("down")


async def test_keys_are_found_through_discovery() -> None:
    issuer = Issuer()
    assert await issuer.keys(None).find(KEY_ID) is not None
    assert issuer.asked == [DISCOVERY, KEYS_URI]


async def test_keys_read_beforehand_are_not_read_again() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    for _ in range(2):
        await keys.renew()
    assert await keys.find(KEY_ID) is not None
    assert issuer.asked == [KEYS_URI]


async def test_an_issuer_that_is_down_beforehand_is_asked_again() -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = jwks
    issuer.time += FIRST_PAUSE_SECONDS
    assert await keys.find(KEY_ID) is not None


async def test_keys_are_fetched_once_however_many_ask_at_once() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    found = await asyncio.gather(*(keys.find(KEY_ID) for _ in range(20)))
    assert None not in found
    assert issuer.asked == [KEYS_URI]


async def test_an_unknown_key_is_looked_for_once_a_minute() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.find(KEY_ID)
    issuer.documents[KEYS_URI] = lambda: jwks(KEY_ID, "key-2")
    for _ in range(5):
        assert await keys.find("key-2") is None
    issuer.time += COOL_DOWN_SECONDS + 1
    assert await keys.find("key-2") is not None
    assert len(issuer.asked) == 2


async def test_many_unknown_keys_are_one_question() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.find(KEY_ID)
    issuer.time += COOL_DOWN_SECONDS + 1
    found = await asyncio.gather(*(keys.find(f"forged-{number}") for number in range(1000)))
    assert set(found) == {None}
    assert len(issuer.asked) == 2


async def test_keys_are_read_again_after_an_hour_and_a_withdrawn_one_is_gone() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = lambda: jwks("key-2")
    issuer.time += KEYS_LIVE_SECONDS
    await keys.renew()
    assert keys.known(KEY_ID) is not None
    issuer.time += 1
    await keys.renew()
    assert keys.known(KEY_ID) is None
    assert keys.known("key-2") is not None


async def test_known_keys_stay_good_while_the_issuer_is_down() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = _down
    issuer.time += KEYS_LIVE_SECONDS + 1
    for _ in range(2):
        await keys.renew()
        assert await keys.find(KEY_ID) is not None
    assert len(issuer.asked) == 2


async def test_an_issuer_that_hangs_delays_only_those_whose_key_is_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oidc_tokens, "READ_SECONDS", 0.2)
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.answers.clear()
    issuer.time += KEYS_LIVE_SECONDS + 1
    renewal = asyncio.create_task(keys.renew())
    strangers = [asyncio.create_task(keys.find(f"forged-{number}")) for number in range(1000)]
    await asyncio.sleep(0.01)
    async with asyncio.timeout(0.1):
        assert await keys.find(KEY_ID) is not None
    assert sum(not stranger.done() for stranger in strangers) == MAX_WAITING
    answers = await asyncio.gather(*strangers, return_exceptions=True)
    assert answers.count(None) == 1000 - MAX_WAITING
    assert sum(isinstance(answer, Unavailable) for answer in answers) == MAX_WAITING
    await renewal
    assert len(issuer.asked) == 2


async def test_as_long_as_there_are_no_keys_everybody_waits_for_them() -> None:
    issuer = Issuer()
    issuer.answers.clear()
    keys = issuer.keys()
    members = [asyncio.create_task(keys.find(KEY_ID)) for _ in range(2 * MAX_WAITING)]
    await asyncio.sleep(0.01)
    issuer.answers.set()
    assert None not in await asyncio.gather(*members)


async def test_who_stops_waiting_does_not_end_the_reading_for_the_others() -> None:
    issuer = Issuer()
    issuer.answers.clear()
    keys = issuer.keys()
    impatient, patient = (asyncio.create_task(keys.find(KEY_ID)) for _ in range(2))
    await asyncio.sleep(0.01)
    impatient.cancel()
    await asyncio.sleep(0.01)
    issuer.answers.set()
    assert await patient is not None
    assert issuer.asked == [KEYS_URI]


async def test_without_any_key_nobody_can_be_verified_until_the_next_reading() -> None:
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    keys = issuer.keys()
    for _ in range(5):
        with pytest.raises(Unavailable):
            await keys.find(KEY_ID)
    assert len(issuer.asked) == 1
    issuer.documents[KEYS_URI] = jwks
    issuer.time += FIRST_PAUSE_SECONDS
    assert await keys.find(KEY_ID) is not None


async def test_nobody_knows_an_unknown_key_while_the_issuer_is_down() -> None:
    """It may be the issuer's newest: to refuse its token would sign a member out."""
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.documents[KEYS_URI] = _down
    issuer.time += COOL_DOWN_SECONDS
    for _ in range(2):
        with pytest.raises(Unavailable):
            await keys.find("key-2")
    assert len(issuer.asked) == 2
    issuer.documents[KEYS_URI] = lambda: jwks(KEY_ID, "key-2")
    issuer.time += FIRST_PAUSE_SECONDS
    assert await keys.find("key-2") is not None
    assert await keys.find("forged") is None


async def test_the_pauses_between_failures_grow_up_to_a_minute() -> None:
    issuer = Issuer()
    keys = issuer.keys()
    await keys.renew()
    issuer.time += KEYS_LIVE_SECONDS + 1
    issuer.documents[KEYS_URI] = _down
    assert await _tried_at(issuer, keys, 200) == [0, 1, 3, 7, 15, 31, 63, 123, 183]


async def test_an_issuer_that_is_down_from_the_start_is_asked_every_few_seconds() -> None:
    """Nobody can sign in until it answers."""
    issuer = Issuer()
    issuer.documents[KEYS_URI] = _down
    tried_at = await _tried_at(issuer, issuer.keys(), 200)
    assert tried_at[:6] == [0, 1, 3, 7, 12, 17]
    assert tried_at[-1] > 200 - KEYLESS_PAUSE_SECONDS


async def _tried_at(issuer: Issuer, keys: IssuerKeys, seconds: int) -> list[float]:
    began = issuer.time
    tried_at = []
    for _ in range(seconds):
        asked = len(issuer.asked)
        await keys.renew()
        if len(issuer.asked) > asked:
            tried_at.append(issuer.time - began)
        issuer.time += 1
    return tried_at
