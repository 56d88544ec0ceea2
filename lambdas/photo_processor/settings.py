"""What the function needs from its environment."""

from cufit_contracts.environment import FromEnvironment
from cufit_contracts.limits import DecoderMib, MaxPixels


class Settings(FromEnvironment):
    photos_table: str
    photo_bucket: str
    max_pixels: MaxPixels
    """Width × height; what each takes of the memory stands in stacks/photo_rules.py."""
    decoder_mib: DecoderMib
