"""What the worker tells CloudWatch about an ending: one line of its log, in the embedded metric
format, so that no call is made and no permission needed."""

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from cufit_contracts.metrics import ENVIRONMENT_DIMENSION, Metric
from cufit_contracts.vocabulary import RecommendationStatus
from match_worker.answer_recommendation import RULES_CONFIGURED, Ending
from match_worker.errors import ModelMisconfigured

metrics = Metrics()


def begin(environment: str) -> None:
    """Name the environment in everything reported from here on."""
    metrics.set_default_dimensions(**{ENVIRONMENT_DIMENSION: environment})


def report(ending: Ending) -> None:
    if ending.status in (RecommendationStatus.READY, RecommendationStatus.DEGRADED):
        _add(Metric.DEGRADED, ending.status is RecommendationStatus.DEGRADED)
    if isinstance(ending.error, ModelMisconfigured):
        _add(Metric.MODEL_MISCONFIGURED, 1)
    elif ending.status is RecommendationStatus.READY and ending.code != RULES_CONFIGURED:
        _add(Metric.MODEL_MISCONFIGURED, 0)
    if metrics.metric_set:  # of an ending that says nothing Powertools would warn
        metrics.flush_metrics()


def _add(metric: Metric, value: float) -> None:
    metrics.add_metric(name=metric, unit=MetricUnit.Count, value=value)
