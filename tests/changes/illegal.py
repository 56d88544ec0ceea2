"""Values that nobody takes, and what answers, starts or is handled otherwise."""

from collections.abc import Callable
from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Case, Templates, properties, resource

REFUSED, DATA, CAPACITY = Topic.REFUSED, Topic.DATA, Topic.CAPACITY


def _set(name: str, **values: Any) -> Callable[[Templates], None]:
    return lambda templates: properties(templates, name).update(values)


def _without(name: str, *keys: str) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        for key in keys:
            del properties(templates, name)[key]

    return edit


def _after_nothing(templates: Templates) -> None:
    resource(templates, "Matching/MatchWorkerFunction")["DependsOn"] = ["Nowhere"]


WORKER = "Matching/MatchWorkerFunction"

CASES = (
    Case("no size of Fargate", "prod", _set("Service/FargateTask", Cpu="512", Memory="8192"),
         ((REFUSED, "512 CPU units with 8192 MiB is not a Fargate size"),), True),
    Case("too little memory", "dev", _set(WORKER, MemorySize=64),
         ((REFUSED, "MemorySize 64 of match_worker .*128 to"),), True),
    Case("messages hidden for ever", "prod",
         _set("Matching/MatchRequestsQueue", VisibilityTimeout=99_999),
         ((REFUSED, "VisibilityTimeout 99999 .*0 to 43200"),), True),
    Case("logs for 15 days", "dev", _set("Matching/MatchWorkerLogs", RetentionInDays=15),
         ((REFUSED, "RetentionInDays 15 .*one of 1, 3, 5"),), True),
    Case("many messages at once", "prod", _set("Matching/MatchWorkerMessages", BatchSize=50),
         ((REFUSED, "BatchSize 50"),), True),
    Case("a property of nobody", "dev", _set(WORKER, Memory=1024),
         ((REFUSED, "no such property"),), True),
    Case("a function without a role", "prod", _without(WORKER, "Role"),
         ((REFUSED, "match_worker of Matching needs Role"),), True),
    Case("an alarm for nobody", "prod",
         _set("Observability/AlarmDeadLetters", AlarmActions=[{"Ref": "Nobody"}]),
         ((REFUSED, "refers to Nobody, which is not in"),), True),
    Case("after nothing", "dev", _after_nothing, ((REFUSED, "refers to Nowhere"),), True),
)  # fmt: skip
