"""The prompt a model sees: a template with its placeholders filled in.

AWS's rules (docs.aws.amazon.com/bedrock/latest/userguide/kb-test-config.html): `$search_results$`
is required; without `$output_format_instructions$` the model's text is returned as it is and
carries no references; with it anywhere but at the end the answer is a refusal.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from embedded_aws.bedrock.errors import ValidationError

SEARCH_RESULTS = "$search_results$"
QUERY = "$query$"
OUTPUT_FORMAT = "$output_format_instructions$"
CURRENT_TIME = "$current_time$"
_PLACEHOLDER = re.compile(
    "|".join(map(re.escape, (SEARCH_RESULTS, QUERY, OUTPUT_FORMAT, CURRENT_TIME)))
)

DEFAULT_TEMPLATE = f"{QUERY}\n{SEARCH_RESULTS}\n{OUTPUT_FORMAT}"
REFUSAL = "Sorry, I am unable to assist you with this request."


@dataclass(frozen=True)
class Prompt:
    text: str
    query: str | None
    """None when the template does not show it, so that the model cannot know it."""
    passages: tuple[str, ...]
    cites: bool
    refused: bool


def rendered(template: str | None, query: str, passages: Sequence[str]) -> Prompt:
    """Fill in `template` (None: AWS's own, which shows everything).

    Raises:
        ValidationError: `$search_results$` is missing.
    """
    template = DEFAULT_TEMPLATE if template is None else template
    if SEARCH_RESULTS not in template:
        raise ValidationError(
            f"The prompt template must contain the required placeholder {SEARCH_RESULTS}"
        )
    cites = OUTPUT_FORMAT in template
    values = {
        SEARCH_RESULTS: "\n".join(f"Passage {n}: {text}" for n, text in enumerate(passages, 1)),
        QUERY: query,
        OUTPUT_FORMAT: "",
        CURRENT_TIME: datetime.now(UTC).isoformat(timespec="seconds"),
    }
    return Prompt(
        # In one pass, so that a placeholder inside a document stays text.
        text=_PLACEHOLDER.sub(lambda placeholder: values[placeholder[0]], template),
        query=query if QUERY in template else None,
        passages=tuple(passages),
        cites=cites,
        refused=cites and not template.rstrip().endswith(OUTPUT_FORMAT),
    )
