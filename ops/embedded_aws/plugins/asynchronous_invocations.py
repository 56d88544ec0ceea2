"""What a topic or a rule hands to a function is tried again, and then goes where failures go.

MiniStack does so for buckets and for Invoke of type Event, but starts a function once for a topic
or a rule and forgets it: a function's EventInvokeConfig has no effect there, and no event is ever
lost or kept. On AWS both invoke asynchronously
(docs.aws.amazon.com/lambda/latest/dg/invocation-async.html): Lambda tries twice more unless told
otherwise, here a second apart instead of a minute, and sends the event to its destination after
the last.
"""

import json
from typing import Any

from ministack.services import eventbridge, lambda_svc, sns


def apply() -> None:
    sns._lambda_svc = _Asynchronous()
    eventbridge._dispatch_to_lambda = _dispatch_to_lambda


class _Asynchronous:
    """Lambda as SNS knows it, which never waits for a function's answer."""

    def __getattr__(self, name: str) -> Any:
        return getattr(lambda_svc, name)

    @staticmethod
    def _execute_function_with_config_scope(function: dict[str, Any], event: Any) -> None:
        lambda_svc.invoke_async_with_retry(function, event)


def _dispatch_to_lambda(arn: str, payload: str) -> None:
    function, config, _name = lambda_svc._get_func_record_for_ref(arn)
    if function and config:
        record = lambda_svc._execution_record_for_config(function, config)
        lambda_svc.invoke_async_with_retry(record, json.loads(payload))
