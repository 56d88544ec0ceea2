"""Times as the tables and messages write them (cufit_contracts.vocabulary.timestamp), read back."""

from datetime import datetime


def instant(text: str) -> datetime:
    """Timezone-aware; milliseconds."""
    return datetime.fromisoformat(text)
