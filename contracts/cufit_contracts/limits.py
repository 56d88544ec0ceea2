"""Bounds of numbers that an operator sets and a function is given: held at both ends."""

from typing import Annotated

from pydantic import Field

from cufit_contracts.results import MAX_RANKED

LEAST_SHORTLIST = MAX_RANKED
"""Five are shown."""
ShortlistSize = Annotated[int, Field(ge=LEAST_SHORTLIST, le=40)]
"""Retrieve and RetrieveAndGenerate return 100 at most (botocore's model of
bedrock-agent-runtime); the answers of 40 take 4,800 tokens by prompt v1 and
3,200 by v2, of the 5,000 that max_tokens allows."""
NearInMeaning = Annotated[int, Field(ge=0, le=40)]
Temperature = Annotated[float, Field(ge=0, le=1)]
MaxTokens = Annotated[int, Field(ge=100, le=5000)]
"""Amazon Nova Lite writes no more (Nova's user guide)."""
UploadTtlSeconds = Annotated[int, Field(ge=60, le=900)]
MaxUploadBytes = Annotated[int, Field(ge=100_000, le=20_000_000)]
PhotosPerCandidate = Annotated[int, Field(ge=1, le=6)]
UploadsPerDay = Annotated[int, Field(ge=1, le=100)]
MaxPixels = Annotated[int, Field(ge=1_000_000, le=100_000_000)]
DecoderMib = Annotated[int, Field(ge=256, le=10_240)]
"""A function has at most 10,240 MiB (Lambda quotas)."""
