"""What is attacked: the service as a process of its own, and behind it the AWS in memory."""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import boto3

from photo_processor.dynamodb_photos import DynamodbPhotos
from tests.attacks.people import ADMIN_SUBJECTS
from tests.benchmarks.population import Population
from tests.benchmarks.system_under_load import Service, in_memory_aws, service
from tests.in_memory_aws.settings import REGION

LASTING: Final = ("members", "invitations", "candidates", "recommendations", "matches", "photos")
"""Tables that a refused request must leave as they are."""

RECOMMENDATIONS_A_DAY: Final = 30
"""Of one maker."""

RECENT_BYTES: Final = 256 * 1024
"""Of the log: where the reason of an answer that has just come is looked for."""

_BEARER = re.compile(rb"eyJ[\w-]{10,}\.[\w-]{10,}")

Rows = dict[str, dict[str, Any]]


class Tables:
    """The tables behind the service's back."""

    def __init__(self, aws_port: int) -> None:
        self._dynamodb = boto3.resource(
            "dynamodb",
            endpoint_url=f"http://127.0.0.1:{aws_port}",
            region_name=REGION,
            aws_access_key_id="attack",
            aws_secret_access_key="attack",
        )

    def rows(self, table: str) -> Sequence[Mapping[str, Any]]:
        return self._dynamodb.Table(table).scan()["Items"]

    def put(self, table: str, item: Mapping[str, Any]) -> None:
        self._dynamodb.Table(table).put_item(Item=item)

    def photo_processor(self) -> DynamodbPhotos:
        """The function's side of the photos."""
        return DynamodbPhotos(self._dynamodb, "photos", lambda: datetime.now(UTC))

    def lasting(self) -> Rows:
        """Every row of LASTING, as text that two states can be compared by."""
        return {
            table: {json.dumps(row, default=str, sort_keys=True): row for row in self.rows(table)}
            for table in LASTING
        }


@dataclass(frozen=True)
class System:
    port: int
    service: Service
    tables: Tables
    log: Path

    def logged(self) -> Iterator[dict[str, Any]]:
        for line in self.log.read_text().splitlines():
            yield json.loads(line)

    def reason(self, correlation_id: str) -> str:
        """What was raised and where, in the request with that id."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - RECENT_BYTES))
            recent = file.read().decode(errors="replace").splitlines()
        for line in reversed(recent):
            if correlation_id in line and '"exception"' in line:
                told = json.loads(line)
                place = told["raised_at"][-1].rpartition("site-packages/")[2]
                return f"{told['exception']} at {place}"
        return ""

    def tokens_logged(self) -> int:
        return len(_BEARER.findall(self.log.read_bytes()))


@contextmanager
def running_system(program: str = "aiohttp") -> Iterator[System]:
    """`program` is one of tests.benchmarks.system_under_load's. Raises DidNotStart."""
    with (
        tempfile.NamedTemporaryFile("w", suffix=".log") as log,
        in_memory_aws(Population(0), 0) as aws_port,
        service(
            aws_port,
            client=program,
            log=log,
            admin_subjects=json.dumps(ADMIN_SUBJECTS),
            daily_recommendations=str(RECOMMENDATIONS_A_DAY),
        ) as running,
    ):
        yield System(running.port, running, Tables(aws_port), Path(log.name))
