"""The log of a drill."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Unlogged(logging.Handler):
    """Nobody reads the log of a million faults; what a request broke on is kept."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.failure: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        self.failure = record.exc_info[1] if record.exc_info else None

    @contextmanager
    def replacing_the_log(self, loggers: list[logging.Logger]) -> Iterator[None]:
        loud = logging.getLogger("cufit_service.request")
        silent = [logging.getLogger("cufit_service"), *loggers]
        before = [(logger, logger.level, logger.propagate) for logger in (*silent, loud)]
        for logger in silent:
            logger.setLevel(logging.CRITICAL)
        loud.setLevel(logging.ERROR)
        loud.propagate = False
        loud.addHandler(self)
        try:
            yield
        finally:
            loud.removeHandler(self)
            for logger, level, propagate in before:
                logger.setLevel(level)
                logger.propagate = propagate
