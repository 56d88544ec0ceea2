"""What is counted in a day: a use case relies on no more than this."""

import asyncio
from datetime import timedelta

from cufit_service.application.use_cases import Ports
from cufit_service.domain.quota import SUGGESTIONS, Place, Taken, recommendations
from tests.unit.service.world import MORNING


def _place(taken_for: str, owner: str = "m_her", days: int = 0) -> Place:
    return SUGGESTIONS.place(owner, taken_for, MORNING + timedelta(days=days))


class TestQuotas:
    async def test_a_day_has_so_many_places_and_each_is_taken_once(self, ports: Ports) -> None:
        take = ports.quotas.take
        for taken_for in ("sug_1", "sug_2", "sug_1", "sug_2"):
            assert await take(_place(taken_for), 2)
        assert not await take(_place("sug_3"), 2)
        assert await take(_place("sug_2"), 2)
        assert await take(_place("sug_3"), 3)

    async def test_a_place_is_new_to_one_of_many(self, ports: Ports) -> None:
        place = _place("sug_1")
        taken = await asyncio.gather(*(ports.quotas.take(place, 1) for _ in range(3)))
        assert sorted(filter(None, taken)) == [Taken.BEFORE, Taken.BEFORE, Taken.NEW]
        assert await ports.quotas.take(_place("sug_2"), 1) is None

    async def test_a_place_given_back_is_free(self, ports: Ports) -> None:
        take, give_back = ports.quotas.take, ports.quotas.give_back
        await give_back(_place("sug_1"))
        assert await take(_place("sug_1"), 1)
        await give_back(_place("sug_2"))
        assert not await take(_place("sug_2"), 1)
        for _ in range(2):
            await give_back(_place("sug_1"))
        assert await take(_place("sug_2"), 1)

    async def test_owners_days_and_kinds_are_counted_apart(self, ports: Ports) -> None:
        places = [
            _place("sug_1"),
            _place("sug_2", owner="m_him"),
            _place("sug_3", days=1),
            recommendations(1).place("m_her", "rec_1", MORNING),
        ]
        for place in places:
            assert await ports.quotas.take(place, 1)

    async def test_what_was_counted_is_forgotten_unless_more_was_since(self, ports: Ports) -> None:
        quotas = ports.quotas
        for place in (_place("sug_1"), _place("sug_2", days=-1), _place("sug_3", owner="m_him")):
            assert await quotas.take(place, 3)
        yesterday_and_today = await quotas.counted("m_her", MORNING)
        assert {one.ids for one in yesterday_and_today} == {
            frozenset({"sug_1"}),
            frozenset({"sug_2"}),
        }
        assert await quotas.take(_place("sug_4"), 3)
        for counted in yesterday_and_today:
            await quotas.forget(counted)
        (left,) = await quotas.counted("m_her", MORNING)
        assert left.ids == {"sug_1", "sug_4"}
        await quotas.give_back(_place("sug_1"))
        await quotas.give_back(_place("sug_4"))
        for counted in await quotas.counted("m_her", MORNING):
            await quotas.forget(counted)
        assert await quotas.counted("m_her", MORNING) == []
        assert len(await quotas.counted("m_him", MORNING)) == 1
