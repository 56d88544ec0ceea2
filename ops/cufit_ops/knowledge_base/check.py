"""Whether searching finds whom it should, and nothing that must not be found.

The knowledge base gives a document's text back by Retrieve alone. People of one gender and year of
birth are asked for together, which reads a base of thousands in some dozen queries.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from cufit_contracts.items import IndexedItem
from cufit_ops.knowledge_base.pace import Paced, Rate
from cufit_text.plain import plain, without_contacts
from profile_indexer.document import document_of

RESULTS = 100
"""The most Retrieve returns (botocore 1.44.5, numberOfResults)."""

RETRIEVALS_A_SECOND = 10.0
"""Half the quota of an account and region (Service Quotas: 20 a second); people need the rest."""

_BEDROCKS_OWN = ("x-amz-bedrock-", "AMAZON_BEDROCK_")
"""How keys begin that Bedrock adds to a document's metadata."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    candidate_id: str
    text: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leak:
    """Something of a person in their document that has no place there."""

    candidate_id: str
    what: str
    """Never the thing itself."""


@dataclass(frozen=True, slots=True)
class Findings:
    canary: str | None
    """The known candidate whose document was searched for; None without any in step."""
    canary_found: bool
    documents_read: int
    leaks: Sequence[Leak]
    outdated: Sequence[str]
    """Whose document is of another version than the table believes."""

    @property
    def fine(self) -> bool:
        return (self.canary is None or self.canary_found) and not (self.leaks or self.outdated)


class Search(Protocol):
    def __call__(self, text: str, gender: str, birth_year: int) -> Sequence[Retrieved]:
        """At most RESULTS documents of that gender and year, likest first."""


class RetrieveSearch:
    def __init__(self, runtime: Any, knowledge_base_id: str) -> None:
        self._runtime = runtime
        self._knowledge_base_id = knowledge_base_id
        self._paced = Paced(Rate(RETRIEVALS_A_SECOND))

    def __call__(self, text: str, gender: str, birth_year: int) -> Sequence[Retrieved]:
        same = [
            {"equals": {"key": "gender", "value": gender}},
            {"equals": {"key": "birth_year", "value": birth_year}},
        ]
        search = {"numberOfResults": RESULTS, "filter": {"andAll": same}}
        answer = self._paced(
            lambda: self._runtime.retrieve(
                knowledgeBaseId=self._knowledge_base_id,
                retrievalQuery={"text": text},
                retrievalConfiguration={"vectorSearchConfiguration": search},
            )
        )
        return [
            Retrieved(
                found["location"]["customDocumentLocation"]["id"],
                found["content"]["text"],
                found.get("metadata", {}),
            )
            for found in answer["retrievalResults"]
        ]


def check(
    profiles: Sequence[IndexedItem],
    in_step: Sequence[str],
    search: Search,
    on_query: Callable[[int, int], None] = lambda _done, _total: None,
) -> Findings:
    """Search for one known candidate, then read back every document that can be.

    `in_step` are ids of candidates whose document is said to be current. `on_query` hears how many
    of the queries are done.
    """
    by_id = {profile.candidate_id: profile for profile in profiles}
    known = next((by_id[one] for one in in_step if one in by_id), None)
    found = known is not None and any(
        hit.candidate_id == known.candidate_id
        for hit in search(document_of(known).text, str(known.gender), known.birth_year)
    )
    read = _read_back(by_id, search, on_query)
    current = set(in_step)
    return Findings(
        canary=known.candidate_id if known else None,
        canary_found=found,
        documents_read=len(read),
        leaks=[leak for one, hit in sorted(read.items()) for leak in leaks(hit, by_id[one])],
        outdated=sorted(
            one
            for one, hit in read.items()
            if one in current and hit.metadata.get("version") != by_id[one].version
        ),
    )


def _read_back(
    by_id: Mapping[str, IndexedItem], search: Search, on_query: Callable[[int, int], None]
) -> dict[str, Retrieved]:
    groups = sorted({(str(one.gender), one.birth_year) for one in by_id.values()})
    read: dict[str, Retrieved] = {}
    for done, (gender, birth_year) in enumerate(groups, start=1):
        hits = search("소개", gender, birth_year)
        read |= {hit.candidate_id: hit for hit in hits if hit.candidate_id in by_id}
        on_query(done, len(groups))
    return read


def leaks(document: Retrieved, person: IndexedItem) -> Iterator[Leak]:
    """What `document` tells of `person` that must not be in it: their name, a way to reach anybody,
    unknown fields. The phone itself is not read: no number of that length has a place there."""
    expected = document_of(person)
    own = {key for key in document.metadata if not key.startswith(_BEDROCKS_OWN)}
    for key in sorted(own - expected.metadata.keys()):
        yield Leak(person.candidate_id, f"metadata {key}")
    try:
        fields: Any = json.loads(document.text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        yield Leak(person.candidate_id, "text that is no document of ours")
        fields = {"": document.text}
    else:
        for key in sorted(fields.keys() - json.loads(expected.text).keys()):
            yield Leak(person.candidate_id, f"field {key}")
    name = plain(person.name)
    for key, value in fields.items():
        text = plain(" ".join(value) if isinstance(value, list) else str(value))
        if len(name) >= 2 and name in text:
            yield Leak(person.candidate_id, f"the name in {key or 'the text'}")
        if key != "id" and without_contacts(text) != text:
            yield Leak(person.candidate_id, f"contact data in {key or 'the text'}")
