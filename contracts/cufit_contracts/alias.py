"""The short name by which a model knows a candidate: it stands in the knowledge base's document and
in the model's answer, where an id would take four times the tokens."""

import hashlib
import string

LENGTH = 6
"""36^6 names: two of a shortlist of 40 share one in about 1 of 2.8 million shortlists."""

_ALPHABET = string.digits + string.ascii_lowercase


def alias_of(candidate_id: str) -> str:
    """Always the same for an id, so that it can be written into a document once. Not a secret: who
    knows an id knows its alias."""
    number = int.from_bytes(hashlib.sha256(candidate_id.encode()).digest())
    letters = []
    for _ in range(LENGTH):
        number, letter = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return "".join(letters)
