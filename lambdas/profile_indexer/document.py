"""The knowledge base's document of one candidate: only what a model judges, no way to tell who.

One profile is one document is one vector (chunking NONE). Never in it: name, nickname, phone,
photos, maker; and what code decides (age, height, MBTI, place, smoking, drinking).
"""

import json
from dataclasses import dataclass

from cufit_contracts.alias import alias_of
from cufit_contracts.items import CandidateItem, IndexedItem
from cufit_contracts.profile import DOCUMENT
from cufit_text.shown import shown

MAX_METADATA_BYTES = 1024
"""Custom metadata of one document on S3 Vectors (Bedrock user guide, knowledge base setup)."""

MetadataValue = str | int | bool


@dataclass(frozen=True, slots=True)
class Document:
    candidate_id: str
    version: int
    text: str
    """One line of compact JSON that begins with the alias, because whether metadata reaches the
    prompt is not documented. The id is not in it: a model has no use for it."""
    metadata: dict[str, MetadataValue]
    """What a retrieval can filter by. Whoever has no maker counts as paused: not to be found."""


def document_of(candidate: IndexedItem | CandidateItem) -> Document:
    fields = {
        "id": alias_of(candidate.candidate_id),
        **shown(candidate, DOCUMENT, candidate.name),
        "idealTypeText": shown(candidate.ideal_type, DOCUMENT, candidate.name)["freeText"],
    }
    metadata: dict[str, MetadataValue] = {
        "candidate_id": candidate.candidate_id,
        "gender": str(candidate.gender),
        "birth_year": candidate.birth_year,
        "paused": candidate.paused or candidate.maker_id is None,
        "version": candidate.version,
    }
    line = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return Document(candidate.candidate_id, candidate.version, line, metadata)
