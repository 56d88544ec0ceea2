"""How long things may take, in one place, because they only make sense together (seconds).

What must hold between them is asserted over the templates (tests/infra).
"""

from cufit_service import lifetimes

# --- a task's end ---------------------------------------------------------------------------
# How the service stops is the service's (cufit_service/lifetimes.py); what surrounds it follows.
LAME_DUCK = int(lifetimes.LAME_DUCK_SECONDS)
DRAIN = int(lifetimes.DRAIN_SECONDS)
INTEGRATION_TIMEOUT = 15
"""API Gateway gives up on the service after this; 30 is its hard limit (HTTP API quotas)."""
STOP_TIMEOUT = LAME_DUCK + DRAIN + 10
"""ECS sends SIGKILL after this; Fargate's limit is 120 (AWS::ECS::TaskDefinition schema)."""

# --- a task's beginning ---------------------------------------------------------------------
# Without a container health check ECS waits 40 s after RUNNING before it counts a task as healthy.
CONTAINER_HEALTH_INTERVAL = 5
CONTAINER_HEALTH_TIMEOUT = 3
CONTAINER_HEALTH_RETRIES = 3
CONTAINER_HEALTH_START_PERIOD = 20

# --- the load balancer of entry = "alb" -----------------------------------------------------
ALB_HEALTH_INTERVAL = 5
ALB_HEALTH_TIMEOUT = 3
ALB_HEALTH_COUNT = 2
ALB_DEREGISTRATION_DELAY = 5

# --- functions and their queues -------------------------------------------------------------
MATCH_WORKER_TIMEOUT = 60
PROFILE_INDEXER_TIMEOUT = 30
PHOTO_UPLOAD_URL_TIMEOUT = 10
PHOTO_PROCESSOR_TIMEOUT = 60
SMALL_FUNCTION_TIMEOUT = 15
VISIBILITY_FACTOR = 6
"""Visibility is this many function timeouts (AWS Lambda developer guide, SQS event source)."""
MAX_RECEIVES = 5
"""Attempts before the DLQ; Lambda's guide asks for 5 when concurrency is limited."""
QUEUE_RETENTION_DAYS = 4
DLQ_RETENTION_DAYS = 14
"""Age counts from the first enqueue even in the DLQ, so a DLQ keeps longer than its source."""

BEDROCK_ATTEMPTS = 2
BEDROCK_CONNECT = 2
BEDROCK_BACKOFF = 2
"""match_worker's way of asking Bedrock; its own constants are compared with these."""
WORKER_RESERVE = 10
"""Of the worker's timeout: reading tables, the rule-based fallback, writing the result."""
HEARTBEAT_MINUTES = 5
