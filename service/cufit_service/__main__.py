"""`python -m cufit_service`"""

# ruff: noqa: E402 - see below
import gc

# Nothing made while importing is garbage; see docs/adr/0020.
gc.disable()

import os
import sys

from cufit_contracts.environment import ConfigurationError, load_settings
from cufit_service.settings import Settings

EX_CONFIG = 78
"""sysexits.h: something is wrong with the configuration."""


def main() -> int:
    try:
        settings = load_settings(Settings, os.environ)
        # Imported once the settings are known to be good: a wrong one is told at once.
        from cufit_service.entrypoints.process import run  # noqa: PLC0415

        return run(settings, os.environ)
    except ConfigurationError as error:
        print(f"cufit_service cannot start: {error}", file=sys.stderr)  # noqa: T201 - no log yet
        return EX_CONFIG


if __name__ == "__main__":
    sys.exit(main())
