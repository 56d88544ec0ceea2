"""Ranking with a model's judgement: ask, read, check; correct the model once."""

from dataclasses import dataclass

from cufit_contracts.alias import alias_of
from cufit_contracts.results import MatchmakerName, TokenUsage
from match_worker.errors import MatchingError, ModelUnreachable, NothingRetrieved, UnusableAnswer
from match_worker.model.answer import read_answer
from match_worker.model.prompt import Prompt
from match_worker.model.token_usage import total
from match_worker.ports import Correction, LanguageModel, ModelReply, Ranking, Search
from match_worker.question_time import has_time
from match_worker.scoring.ranking import Referee, ranked
from match_worker.scoring.reason import UNJUDGED

_CORRECTIONS = {
    "ANSWER_CUT_SHORT": (
        "방금 답은 길어서 중간에 끊겼습니다. reason을 30자 이하로 줄여 JSON 객체를 끝까지 적으세요."
    ),
    "ANSWER_WITHOUT_CANDIDATES": (
        "방금 답에는 모양이 맞는 후보가 없었습니다. 모든 후보를 위 모양으로 적으세요."
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
            return self._ranking(search, reply, reply.usage)
        except MatchingError as first:
            first.usage = reply.usage
            if not _may_be_corrected(first) or not has_time(search):
                raise
            correction = Correction(_CORRECTIONS.get(first.code, _NOT_JSON), reply)
        return self._corrected(search, correction)

    def _corrected(self, search: Search, correction: Correction) -> Ranking:
        usage: TokenUsage | None = correction.of.usage
        try:
            reply = self.model.ask(search, correction)
            usage = total(usage, reply.usage)
            return self._ranking(search, reply, usage)
        except MatchingError as error:
            error.usage = usage
            raise

    def _ranking(self, search: Search, reply: ModelReply, usage: TokenUsage | None) -> Ranking:
        """Aliases are turned back into people of the shortlist; any other names nobody."""
        rubric = self.prompt.rubric
        ids = {alias_of(one): one for one in search.shortlisted_ids}
        try:
            found = read_answer(reply.text, rubric).judgements
        except UnusableAnswer as error:
            raise UnusableAnswer(reply.fault or error.code) from error
        except NothingRetrieved as error:
            if not reply.shown:
                raise
            raise UnusableAnswer("ANSWER_WITHOUT_CANDIDATES") from error
        judged = {ids[one.alias]: one for one in found if one.alias in ids}
        if not judged:
            raise UnusableAnswer("CANDIDATES_NOT_ADMITTED")
        # The model took its time: who left or paused meanwhile is not shown.
        people = self.referee.admitted(search, search.shortlisted_ids)
        candidates = ranked(people, judged, search, rubric, unjudged=UNJUDGED)
        return Ranking(candidates, usage, len(judged))


def _may_be_corrected(error: MatchingError) -> bool:
    return isinstance(error, UnusableAnswer) and error.code not in _IN_VAIN
