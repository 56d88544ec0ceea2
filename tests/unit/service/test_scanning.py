"""A scan leaves the most of what a table serves in a second to requests."""

from cufit_contracts.photos import PhotoState
from cufit_service.adapters.dynamodb.database import SCAN_PAGE, SCANNED_A_SECOND, DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.domain.photo import Photo
from stacks.components.table import READ_CEILING
from tests.in_memory_aws.clients import clients
from tests.unit.service.world import MORNING, World


def test_two_tasks_leave_half_of_a_table_to_requests() -> None:
    assert 2 * SCANNED_A_SECOND <= READ_CEILING / 2


async def test_it_rests_between_pages_for_what_they_took() -> None:
    world, rested = World(), list[float]()
    long_key = "x" * (4096 - 100)
    for number in range(2 * SCAN_PAGE + 1):
        state = PhotoState.REJECTED
        photo = Photo(f"pho_{number:03}", "m_her", state, MORNING, key=long_key)
        world.has_photos(photo)

    async def rest(seconds: float) -> None:
        rested.append(seconds)

    dynamodb = DynamoDb(clients(world.cloud.call).dynamodb, rest)
    found = await dynamodb.scan("photos", Attr("candidate_id").eq("m_her"))
    assert len(found) == 2 * SCAN_PAGE + 1
    expected = SCAN_PAGE * 4.1 / 4.096 / SCANNED_A_SECOND
    assert [round(seconds, 1) for seconds in rested] == [round(expected, 1)] * 2
