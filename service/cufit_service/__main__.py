"""`python -m cufit_service`"""

# ruff: noqa: E402 - see below
import gc

# Nothing made while importing is garbage; looking for some takes a tenth of the start.
gc.disable()

import os
import sys

from pydantic import BaseModel

from cufit_contracts.environment import ConfigurationError, load_settings
from cufit_service.settings import Settings

EX_CONFIG = 78
"""sysexits.h: something is wrong with the configuration."""


def main() -> int:
    try:
        settings = load_settings(Settings, os.environ)
        _import_framework()
        # Imported once the settings are known to be good: a wrong one is told ten times sooner.
        from cufit_service.entrypoints.process import run  # noqa: PLC0415

        return run(settings, os.environ)
    except ConfigurationError as error:
        print(f"cufit_service cannot start: {error}", file=sys.stderr)  # noqa: T201 - no log yet
        return EX_CONFIG


def _import_framework() -> None:
    """FastAPI, whose own models are built when they are first used.

    They describe OpenAPI documents: most tasks never use them, and building them takes a twelfth of
    the start. Not the service's own: a mistake in one is to stop the start.
    """
    BaseModel.model_config["defer_build"] = True
    try:
        import fastapi.openapi.models  # noqa: F401, PLC0415
    finally:
        del BaseModel.model_config["defer_build"]


if __name__ == "__main__":
    sys.exit(main())
