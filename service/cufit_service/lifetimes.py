"""How long the process takes to stop and to be noticed, in one place.

The stacks hold stopTimeout above LAME_DUCK_SECONDS + DRAIN_SECONDS (tests/infra compares them).
"""

KEEP_ALIVE_SECONDS = 65
"""Idle connections are kept longer than an ALB's 60 s, so that the ALB closes them, not us."""

HEAD_SECONDS = 5.0
"""From the first byte of a request to the end of its headers. API Gateway has all of a request
before it sends any of it."""

BODY_SECONDS = 5.0
"""From there to the end of the body, of 64 KiB at most."""

TAKE_SECONDS = 10.0
"""How long an answer waits for whoever does not read it; below REQUEST_SECONDS, at which it would
be called the service's failure."""

LINGER_SECONDS = 5.0
"""From closing a connection to dropping what nobody took."""

LAME_DUCK_SECONDS = 75.0
"""From SIGTERM to the end of accepting: API Gateway goes on sending for a while after Cloud Map
forgot a task (aws/containers-roadmap #1639). For how long is documented nowhere; 60 s are assumed,
and nothing is lost then (docs/adr/0038). Fargate takes 120 s for all of the end."""

LOCAL_LAME_DUCK_SECONDS = 1.0
"""The local front door is told by its runner which task is in service."""

REQUEST_SECONDS = 12.0
"""After this a request is answered 503: API Gateway would give up on it at 15 s and tell nobody why
(stacks/components/entry.py, INTEGRATION_TIMEOUT)."""

DRAIN_SECONDS = 20
"""For answers under way once nothing new is accepted."""

WARM_UP_AFTER_SECONDS = 1.0
"""Once the first health check has been answered; until then it would only delay that answer."""

SWEEP_EVERY_SECONDS = 15.0
RECONCILE_EVERY_SECONDS = 300.0

LOOK_AT_KEYS_EVERY_SECONDS = 60.0
"""How often it is looked whether the issuer's keys are to be read again."""
