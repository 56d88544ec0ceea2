"""Ranking with a model's judgement: ask, read, check; correct the model once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cufit_contracts.results import MatchmakerName, RankedCandidate, TokenUsage
from match_worker.errors import MatchingError, ModelUnreachable, UnusableAnswer
from match_worker.model.answer import Judgement, read_answer
from match_worker.model.prompt import Prompt
from match_worker.model.token_usage import total
from match_worker.ports import Correction, LanguageModel, ModelReply, Ranking, Search
from match_worker.question_time import has_time
from match_worker.scoring.ranking import Referee, ranked_by_judgement

_CORRECTIONS = {
    "ANSWER_CUT_SHORT": (
        "방금 답은 길어서 중간에 끊겼습니다. reason을 30자 이하로 줄여 JSON 객체를 끝까지 적으세요."
    ),
    "ANSWER_WITHOUT_CANDIDATES": (
        "방금 답에는 모양이 맞는 후보가 없었습니다. 모든 후보를 id, parts, reason으로 적으세요."
    ),
    "CANDIDATES_NOT_ADMITTED": (
        "방금 답의 id는 목록에 없는 것이었습니다. <후보들>에 있는 id를 글자 그대로 옮기세요."
    ),
}
"""By the code of UnusableAnswer."""

_NOT_JSON = (
    "방금 답은 JSON 객체 하나가 아니었습니다. 설명 없이 위 모양의 JSON 객체 하나만 답하세요."
)
"""For any other code."""

_IN_VAIN = frozenset(
    {
        "GUARDRAIL_INTERVENED",
        "CONTENT_FILTERED",
        "REFUSAL",
        "MODEL_CONTEXT_WINDOW_EXCEEDED",
    }
)
"""What the texts themselves bring about: shown again, they would again."""


@dataclass(frozen=True, slots=True)
class ModelMatchmaker:
    """A Matchmaker over any LanguageModel."""

    name: MatchmakerName
    model_id: str
    model: LanguageModel
    referee: Referee
    prompt: Prompt

    def rank(self, search: Search) -> Ranking:
        if not has_time(search):
            raise ModelUnreachable("NO_TIME_LEFT")
        reply = self.model.ask(search, None)
        try:
            return Ranking(self._ranked(search, reply), reply.usage)
        except UnusableAnswer as first:
            first.usage = reply.usage
            if first.code in _IN_VAIN or not has_time(search):
                raise
            correction = Correction(_CORRECTIONS.get(first.code, _NOT_JSON), reply)
        return self._corrected(search, correction)

    def _corrected(self, search: Search, correction: Correction) -> Ranking:
        usage: TokenUsage | None = correction.of.usage
        try:
            reply = self.model.ask(search, correction)
            usage = total(usage, reply.usage)
            return Ranking(self._ranked(search, reply), usage)
        except MatchingError as error:
            error.usage = usage
            raise

    def _ranked(self, search: Search, reply: ModelReply) -> list[RankedCandidate]:
        rubric = self.prompt.rubric
        try:
            answer = read_answer(reply.text, rubric)
        except UnusableAnswer as error:
            raise UnusableAnswer(reply.fault or error.code) from error
        judged = _by_id(answer.judgements, reply.ids)
        admitted = self.referee.admitted(search, [j.candidate_id for j in judged])
        if not admitted:
            raise UnusableAnswer("CANDIDATES_NOT_ADMITTED")
        return ranked_by_judgement(judged, admitted, search, rubric)


def _by_id(judged: list[Judgement], ids: Mapping[str, str] | None) -> list[Judgement]:
    """Aliases turned back into ids; one that was never shown names nobody."""
    if ids is None:
        return judged
    return [
        replace(one, candidate_id=ids[one.candidate_id])
        for one in judged
        if one.candidate_id in ids
    ]
