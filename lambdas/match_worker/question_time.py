"""How much of the function's time a question to a model needs, and leaves. Seconds."""

from match_worker.ports import Search

RESERVE_SECONDS = 8.0
"""Left by a question, for ranking by rules and the final write."""

LEAST_SECONDS = 5.0
"""That a question is worth asking with; the default model writes about 1,000 tokens in it."""


def has_time(search: Search) -> bool:
    """Whether a question asked now may bring an answer."""
    return search.seconds_left() >= LEAST_SECONDS + RESERVE_SECONDS
