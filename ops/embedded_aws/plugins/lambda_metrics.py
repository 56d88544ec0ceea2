"""`AWS/Lambda` metrics of every invocation, however it was started.

MiniStack records them for a direct Invoke alone, and counts an Invoke of type Event as a success at
once: a function that a queue, a rule, a schedule, a bucket, a topic or an HTTP API starts has no
metrics, and an alarm on its errors stays silent. Recorded here where every executor passes through.

As docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html says: each attempt of an
asynchronous invocation counts, a throttled request is in Throttles and in nothing else, and
Errors, Duration and Throttles have a datapoint per invocation. Only the dimension FunctionName.
Duration is milliseconds and, unlike AWS's, includes the start of a new execution environment.
"""

import time
from typing import Any

from ministack.services import cloudwatch, lambda_svc

Function = dict[str, Any]


def apply() -> None:
    dispatch = lambda_svc._execute_function_dispatch
    acquire = lambda_svc._acquire_execution_slot

    def measured(func: Function, config: Function, *invocation: Any) -> Any:
        started = time.monotonic()
        failed = throttled = True
        try:
            result = dispatch(func, config, *invocation)
            failed = bool(result.get("error"))
            throttled = bool(result.get("throttle"))
        except BaseException:
            throttled = False
            raise
        finally:
            milliseconds = (time.monotonic() - started) * 1000
            _record(config, throttled=throttled, failed=failed, milliseconds=milliseconds)
        return result

    def counted(func: Function, config: Function) -> Any:
        slot, limit = acquire(func, config)
        if slot is None:
            _record(config, throttled=True)
        return slot, limit

    lambda_svc._execute_function_dispatch = measured
    lambda_svc._acquire_execution_slot = counted
    # What counted some of the invocations, and would count them twice.
    lambda_svc._emit_lambda_metrics = lambda *_, **__: None


def _record(
    config: Function, *, throttled: bool, failed: bool = False, milliseconds: float = 0
) -> None:
    def put(metric: str, value: float, unit: str = "Count") -> None:
        dimensions = {"FunctionName": config["FunctionName"]}
        cloudwatch.record_metric("AWS/Lambda", metric, value, unit, dimensions)

    put("Throttles", float(throttled))
    if not throttled:
        put("Invocations", 1)
        put("Errors", float(failed))
        put("Duration", milliseconds, "Milliseconds")
