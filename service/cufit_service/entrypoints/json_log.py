"""One JSON object per line on standard output, with the keys the functions' logs have.

Only the fields named here are ever written, and of an exception its type and where it was raised
but not its message: a message may quote what a person entered.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from cufit_contracts.vocabulary import timestamp

SERVICE = "service"

FIELDS = ("method", "route", "status", "ms", "member_id", "code", "reason", "count")

correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
"""Correlation id of the request under way."""


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "level": record.levelname,
            "location": f"{record.name}:{record.lineno}",
            "message": record.getMessage(),
            "timestamp": timestamp(datetime.fromtimestamp(record.created, UTC)),
            "service": SERVICE,
        }
        correlation_id = getattr(record, "correlation_id", None) or correlation.get()
        if correlation_id is not None:
            line["correlation_id"] = correlation_id
        line.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["raised_at"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, ensure_ascii=False)


def log_to_stdout(level: str) -> None:
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("botocore", "boto3", "urllib3", "uvicorn.error"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
