"""Why a model's answer is missing, sorted by what can be done about it.

MatchingError
├── UnusableAnswer       the model answered something else than asked: correct it once
├── NothingRetrieved     the model was shown nobody: another question could not help
└── ModelUnavailable
    ├── ModelOverloaded      throttled or over quota: put off, by rules after the last attempt
    ├── ModelUnreachable     a passing fault: put off as well, and the circuit breaker counts it
    ├── ModelResting         the circuit breaker is open: put off as well
    └── ModelMisconfigured   denied, gone or invalid: trying again cannot help, somebody must
"""

from cufit_contracts.results import TokenUsage


class MatchingError(Exception):
    """`code` goes into the timeline and the logs; it never holds text of a profile or an answer."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.usage: TokenUsage | None = None
        """Tokens of the answers there were until this happened; None: none."""


class UnusableAnswer(MatchingError):
    pass


class NothingRetrieved(MatchingError):
    pass


class ModelUnavailable(MatchingError):
    pass


class ModelOverloaded(ModelUnavailable):
    pass


class ModelUnreachable(ModelUnavailable):
    pass


class ModelResting(ModelUnavailable):
    pass


class ModelMisconfigured(ModelUnavailable):
    pass
