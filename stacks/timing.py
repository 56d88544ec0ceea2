"""Times that both the stacks and what loads no CDK must know: configuration rules and drills.

Seconds. Every other number stands beside what it decides. What must hold between them is asserted
over the templates (tests/infra).
"""

MATCH_WORKER_TIMEOUT = 60
WORKER_RESERVE = 10
"""Of the worker's timeout: reading tables, the rule-based fallback, writing the result."""
PROFILE_INDEXER_TIMEOUT = 25
"""Five attempts, six timeouts apart, end in the dead letters after 750 s: what says that somebody
who left is still found has 150 s to do so within 15 minutes."""
PHOTO_UPLOAD_URL_TIMEOUT = 10
PHOTO_PROCESSOR_TIMEOUT = 60

VISIBILITY_FACTOR = 6
"""Visibility is this many function timeouts (AWS Lambda developer guide, SQS event source)."""
MAX_RECEIVES = 5
"""Attempts before the DLQ; Lambda's guide asks for 5 when concurrency is limited."""
