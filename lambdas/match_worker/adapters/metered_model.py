"""A LanguageModel whose every answer, usable or not, is told to CloudWatch by what it cost."""

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from cufit_contracts.metrics import Metric
from match_worker.model.model_prices import spent_usd
from match_worker.ports import Correction, LanguageModel, ModelReply, Search

metrics = Metrics()


class MeteredModel:
    def __init__(self, model: LanguageModel, model_id: str) -> None:
        self._model = model
        self._model_id = model_id

    def ask(self, search: Search, correction: Correction | None) -> ModelReply:
        reply = self._model.ask(search, correction)
        usd = spent_usd(reply.usage, self._model_id)
        metrics.add_metric(name=Metric.AI_SPEND, unit=MetricUnit.Count, value=float(usd))
        return reply
