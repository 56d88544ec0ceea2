"""`python -m cufit_service`"""

import gc
import os
import sys

from pydantic import BaseModel

from cufit_contracts.environment import ConfigurationError, load_settings
from cufit_service.settings import Settings

EX_CONFIG = 78
"""sysexits.h: something is wrong with the configuration."""


def main() -> int:
    # Nothing made while importing is garbage; looking for some takes a tenth of the start.
    gc.disable()
    try:
        settings = load_settings(Settings, os.environ)
        # Imported once the settings are known to be good: a wrong one is told ten times sooner.
        _import_framework()
        from cufit_service.entrypoints.process import run  # noqa: PLC0415

        return run(settings, os.environ)
    except ConfigurationError as error:
        print(f"cufit_service cannot start: {error}", file=sys.stderr)  # noqa: T201 - no log yet
        return EX_CONFIG


def _import_framework() -> None:
    """FastAPI, whose own models pydantic builds when they are first used.

    They describe OpenAPI documents, so /openapi.json uses them; building them takes a twelfth of
    the start's instructions.
    """
    BaseModel.model_config["defer_build"] = True
    try:
        import fastapi.openapi.models  # noqa: F401, PLC0415
    finally:
        del BaseModel.model_config["defer_build"]


if __name__ == "__main__":
    sys.exit(main())
