"""cufit's own metrics, between the functions that report them and the alarms that watch them.

Each is billed for every environment that reports it: $0.30 a month beyond the ten that are free in
an account (CloudWatch's price list, 2026-10). So there are few, each with the same dimensions, and
a share is one metric of zeros and ones: its average is the share, its sample count the whole.
"""

from enum import StrEnum

NAMESPACE = "cufit"
ENVIRONMENT_DIMENSION = "environment"
"""Beside `service`, the function's name, which Powertools adds."""


class Metric(StrEnum):
    DEGRADED = "RecommendationsDegraded"
    """For each recommendation with a result: 1 ranked by rules alone, 0 with a model."""
    MODEL_MISCONFIGURED = "ModelMisconfigured"
    """For each question to the model: 1 refused in a way that no repeating mends, 0 answered.
    Nothing when it was throttled or out of reach."""
    AI_SPEND = "AiSpend"
    """US dollars that answers of models cost by the worker's price table, before VAT."""
