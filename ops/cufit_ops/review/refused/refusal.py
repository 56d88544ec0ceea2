"""Why CloudFormation will not take a change."""

from dataclasses import dataclass

from cufit_ops.review.findings import Sentence


@dataclass(frozen=True)
class Refusal:
    subject: str
    """`Data/Candidates`, or a stack."""
    reason: Sentence
    """Clauses: `Service still imports …`."""
    evidence: str = ""
