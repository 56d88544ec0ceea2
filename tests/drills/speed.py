"""What makes a drill fast without changing what is drilled: pure work is done once.

boto3's sessions and clients hold nothing that a restart would lose, and making them takes 100 ms of
reading AWS's models. Metrics are printed for nobody, and nobody is spread by a pause.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import boto3
import pytest
from aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch import (
    AmazonCloudWatchEMFProvider,
)

import match_worker.bootstrap
from cufit_service.application import retries
from cufit_text import plain as plain_text
from embedded_aws.bedrock import korean, retrieval, simulated_model
from match_worker.adapters import bedrock_timing
from match_worker.model.prompt import load_prompt

_Session = boto3.Session
_made: dict[tuple[Any, ...], Any] = {}


@contextmanager
def quick() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("client", "resource"):
            patch.setattr(_Session, kind, _remembering(kind, getattr(_Session, kind)))
        patch.setattr(boto3, "Session", _session)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        patch.setattr(AmazonCloudWatchEMFProvider, "flush_metrics", _forgotten)
        patch.setattr(match_worker.bootstrap, "load_prompt", _prompt)
        patch.setattr(simulated_model, "similarity", _similarity)
        patch.setattr(korean, "themes", _themes)
        patch.setattr(plain_text, "plain", _plain)
        patch.setattr(retries, "PAUSES", (0.0,) * len(retries.PAUSES))
        patch.setattr(bedrock_timing, "sleep", _at_once)
        yield


@cache
def _session(**options: Any) -> boto3.Session:
    return _Session(**options)


def _remembering(kind: str, make: Callable[..., Any]) -> Callable[..., Any]:
    def remembered(session: boto3.Session, service: str, *given: Any, **options: Any) -> Any:
        config = options.get("config")
        described = config and sorted(config._user_provided_options.items(), key=lambda o: o[0])
        # A resource makes a client of its own, by this way too, and teaches it Python values.
        of_resource = "Resource" in str(getattr(config, "user_agent_extra", ""))
        key = (kind, service, session.region_name, of_resource, repr(described))
        if key not in _made:
            made = _made[key] = make(session, service, *given, **options)
            if kind == "resource":
                made.Table = cache(made.Table)  # boto3 makes a class of each
        return _made[key]

    return remembered


def _forgotten(metrics: AmazonCloudWatchEMFProvider, **_: Any) -> None:
    metrics.clear_metrics()


def _at_once(_: float) -> None:
    return


_prompt = cache(load_prompt)
_similarity = lru_cache(4096)(retrieval.similarity)
_plain = lru_cache(4096)(plain_text.plain)
_themes = lru_cache(1024)(korean.themes)
