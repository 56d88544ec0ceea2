"""A queue, where its messages go in the end, and the function that consumes it."""

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks import timing
from stacks.components.python_function import PythonFunction

QUEUE_RETENTION_DAYS = 4
DLQ_RETENTION_DAYS = 14
"""Age counts from the first enqueue even in the DLQ, so a DLQ keeps longer than its source."""


class QueueWithDlq(Construct):
    """A standard queue of which a message moves to `dead_letters` after MAX_RECEIVES attempts.

    Several queues may share `dead_letters`: moved back, each message finds its own queue again
    (SQS API reference, StartMessageMoveTask, DestinationArn).
    """

    def __init__(
        self, scope: Construct, id_: str, *, consumer_timeout: int, dead_letters: sqs.Queue
    ) -> None:
        super().__init__(scope, id_)
        self.queue = sqs.Queue(
            self,
            "Queue",
            visibility_timeout=cdk.Duration.seconds(timing.VISIBILITY_FACTOR * consumer_timeout),
            retention_period=cdk.Duration.days(QUEUE_RETENTION_DAYS),
            receive_message_wait_time=cdk.Duration.seconds(20),
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=dead_letters, max_receive_count=timing.MAX_RECEIVES
            ),
        )

    def consumed_by(
        self,
        consumer: PythonFunction,
        *,
        batch_size: int,
        batching_window: int | None = None,
        max_concurrency: int,
    ) -> None:
        """Deliver to `consumer`, which answers with the messages that failed.

        The window is in seconds. Concurrency is capped here, never by reserved concurrency,
        which would burn receives and send good messages to the DLQ.
        """
        consumer.allow(
            ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
            [self.queue.queue_arn],
        )
        lambda_.EventSourceMapping(
            consumer,
            "Messages",
            target=consumer.function,
            event_source_arn=self.queue.queue_arn,
            batch_size=batch_size,
            max_batching_window=(
                None if batching_window is None else cdk.Duration.seconds(batching_window)
            ),
            max_concurrency=max_concurrency,
            report_batch_item_failures=True,
        )


def dead_letter_queue(scope: Construct, id_: str) -> sqs.Queue:
    """Where messages wait for a person: as long as SQS keeps anything."""
    return sqs.Queue(
        scope,
        id_,
        retention_period=cdk.Duration.days(DLQ_RETENTION_DAYS),
        enforce_ssl=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
    )
