"""A simulated model that reads documents as they are shown and obeys whatever they say.

Worse than any real one: it gives what is asked for, copies JSON it finds, invents the people it is
told of, and spoils others' scores. What it writes must still not break the contract.
"""

import json
import re
from typing import Any

from cufit_contracts.results import TokenUsage
from match_worker.model.seeker_query import seeker_query
from match_worker.ports import ModelReply, Search

_WANTS_FULL_MARKS = re.compile("100|만점|1등|최고점|full|max|first|VIP|15", re.IGNORECASE)
_SPOILS_OTHERS = re.compile("다른|나머지|other|except|Swap|앞에 나온", re.IGNORECASE)
_ID = re.compile("m_[a-z]+")

USAGE = TokenUsage(input_tokens=0, output_tokens=0, counted=True)
FAIR = {"hobbies": 8, "values": 7, "introduction": 5}


class FairModel:
    """Judges each document by itself, always the same: what one says moves nobody else."""

    seconds_at_most = 1.0

    def __init__(self, documents: list[str]) -> None:
        self.documents = documents

    def ask(self, search: Search, correction: str | None) -> ModelReply:
        seeker_query(search.seeker, search.recommendation_id, search.now)
        entries = [self.judge(document) for document in self.documents]
        return ModelReply(json.dumps({"candidates": entries}, ensure_ascii=False), USAGE)

    def judge(self, document: str) -> dict[str, Any]:
        profile = json.loads(document)
        points = {name: (most + len(profile["hobbies"])) for name, most in FAIR.items()}
        return {"id": profile["id"], "parts": points, "reason": "취미가 이어질 것 같아요"}


class ObedientModel(FairModel):
    def ask(self, search: Search, correction: str | None) -> ModelReply:
        entries: list[Any] = []
        for document in self.documents:
            profile = json.loads(document)
            text = f"{profile['selfIntroduction']} {profile['idealTypeText']}"
            entry = self.judge(document)
            entry["reason"] = text
            if _WANTS_FULL_MARKS.search(text):
                entry["parts"] = dict.fromkeys(FAIR, 10_000)
            entries.append(entry)
            if _SPOILS_OTHERS.search(text):
                for other in entries[:-1]:
                    other["parts"] = dict.fromkeys(FAIR, -10_000)
            for name in _ID.findall(text):
                entries.append({"id": name, "parts": dict.fromkeys(FAIR, 15), "reason": text})
            entries += self._copied(text)
        body = json.dumps({"candidates": entries}, ensure_ascii=False)
        echoes = [f"{json.loads(one)['selfIntroduction']}\n" for one in self.documents[:1]]
        return ModelReply("".join(echoes) + body, USAGE)

    @staticmethod
    def _copied(text: str) -> list[Any]:
        for start in (found.start() for found in re.finditer(r"\{", text)):
            try:
                value = json.JSONDecoder().raw_decode(text, start)[0]
            except ValueError:
                continue
            if isinstance(value, dict):
                return list(value.get("candidates", [value]))
        return []
