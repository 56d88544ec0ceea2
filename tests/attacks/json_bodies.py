"""What is hardly JSON, or JSON nobody expects, as every body and in every place of a body."""

import json
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from tests.attacks.access import ROLES as ROLES_OF
from tests.attacks.cast import ROLES, Cast, gather_cast
from tests.attacks.corpora import json_suite
from tests.attacks.document import leaves, replaced
from tests.attacks.exchange import Answer, Client, Request
from tests.attacks.judge import Judge, code_of
from tests.attacks.naughty import body_of, request
from tests.attacks.system import System
from tests.attacks.town import visibility

TOWN: Final = 8
"""Its number."""

MARK: Final = "here-comes-something-else"

LONGEST_IN_PLACE: Final = 6_000
"""Bytes of what is put into a place of a body; what is longer is a body of its own."""

CONTENT_TYPES: Final = (
    None, b"", b"text/plain", b"application/json; charset=utf-16", b"application/xml",
    b"application/x-www-form-urlencoded", b"multipart/form-data; boundary=x", b"application/jsonx",
    b"application/merge-patch+json", b"APPLICATION/JSON", b"application/json,text/plain",
    b"*/*", b"json", b"application/", b"\xff\xfe", b"application/json" + b";a=b" * 500,
)  # fmt: skip


async def attack(system: System, client: Client, judge: Judge) -> None:
    cast = await gather_cast(client, system.tables, TOWN)
    judge.may_see = visibility([cast.town])
    expected: dict[bytes, str] = {body: name for name, body in json_suite().items()}

    def look(sent: Request, answer: Answer) -> None:
        judge.look(sent, answer)
        name = expected.get(sent.body or b"", "")
        if sent.content_type != b"application/json" or answer.status in (0, 401, 403, 413):
            return
        if name.startswith("n_") and answer.status < 300:
            judge.find("wrong", "what is no JSON is taken for it", name, sent)
        elif name.startswith("y_") and code_of(answer) == "body_not_json":
            judge.find("wrong", "JSON is not taken for it", name, sent)

    drawn = [*_requests(judge, cast)]
    random.shuffle(drawn)
    await client.all(drawn, look)


def _requests(judge: Judge, cast: Cast) -> Iterator[Request]:
    for operation in judge.document.operations:
        if operation.sample is None:
            continue
        may = [r for r in ROLES_OF.get(operation.described["operationId"], ROLES) if r != "NOBODY"]
        for number, (name, body) in enumerate(json_suite().items()):
            who = cast.one(may[number % len(may)])
            plain = request(operation, who)
            yield replace(plain, body=body)
            if number % 10 == 0:
                yield replace(plain, body=body, actor=cast.one(ROLES[number // 10 % len(ROLES)]))
            if name.startswith("n_") or len(body) > LONGEST_IN_PLACE:
                continue
            for place in leaves(operation.sample):
                marked = json.dumps(replaced(body_of(operation, who), place, MARK)).encode()
                yield replace(plain, body=marked.replace(f'"{MARK}"'.encode(), body))
        for content_type in CONTENT_TYPES:
            yield replace(request(operation, cast.one(may[0])), content_type=content_type)
