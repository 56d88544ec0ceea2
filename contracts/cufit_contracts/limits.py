"""Bounds of numbers that an operator sets and a function is given: held at both ends."""

from typing import Annotated

from pydantic import Field

NumberOfResults = Annotated[int, Field(ge=1, le=100)]
"""What Retrieve and RetrieveAndGenerate take (botocore's model of bedrock-agent-runtime)."""
Temperature = Annotated[float, Field(ge=0, le=1)]
MaxTokens = Annotated[int, Field(ge=100, le=4096)]
UploadTtlSeconds = Annotated[int, Field(ge=60, le=900)]
MaxUploadBytes = Annotated[int, Field(ge=100_000, le=20_000_000)]
PhotosPerCandidate = Annotated[int, Field(ge=1, le=6)]
UploadsPerDay = Annotated[int, Field(ge=1, le=100)]
MaxPixels = Annotated[int, Field(ge=1_000_000, le=100_000_000)]
