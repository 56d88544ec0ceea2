"""How a finding about capacity is made."""

from cufit_ops.review.findings import Finding, Rank, Sentence, Topic

SERVICE = "the service"


def told(rank: Rank, subject: str, english: str, korean: str, evidence: str = "") -> Finding:
    return Finding(Topic.CAPACITY, rank, subject, Sentence(english, korean), evidence)


def danger(subject: str, english: str, korean: str, evidence: str = "") -> Finding:
    return told(Rank.DANGER, subject, english, korean, evidence)


def notice(subject: str, english: str, korean: str, evidence: str = "") -> Finding:
    return told(Rank.NOTICE, subject, english, korean, evidence)


def detail(subject: str, english: str, korean: str, evidence: str = "") -> Finding:
    return told(Rank.DETAIL, subject, english, korean, evidence)
