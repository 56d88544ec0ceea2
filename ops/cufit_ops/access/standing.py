"""What an environment's roles may, each with who needs it, or with nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from cufit_ops.access.granted import Permission, granted
from cufit_ops.access.used import Used
from cufit_ops.review.permissions.sources import Sources


@dataclass(frozen=True)
class Standing:
    """One permission of one role."""

    holder: str
    permission: Permission
    by: str | None
    """Who needs it, by the words of the lists; None: nobody."""
    unused_attributes: frozenset[str] = frozenset()
    """Of DynamoDB: allowed, and touched by nobody."""

    @property
    def is_used(self) -> bool:
        return self.by is not None and not self.unused_attributes


def standings(sources: Sources, lists: Used) -> Iterator[Standing]:
    for holder, permissions in granted(sources).items():
        for permission in permissions:
            use = lists.of(holder, permission)
            beyond = lists.attributes_beyond(holder, permission)
            yield Standing(holder, permission, use.by if use else None, beyond)
