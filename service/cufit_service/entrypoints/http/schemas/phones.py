"""A phone number as people type it, kept as its ASCII digits."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

from cufit_service.domain.profile import phone_faults
from cufit_service.entrypoints.http.schemas.common import refuse

_FULL_WIDTH: Final = str.maketrans("０１２３４５６７８９－", "0123456789-")
"""What a Korean keyboard writes in its wide mode. Digits of other scripts are refused: nobody here
means them."""


def _digits(value: object) -> object:
    return re.sub(r"[\s\-]", "", value.translate(_FULL_WIDTH)) if isinstance(value, str) else value


def _of_a_mobile(phone: str) -> str:
    refuse(phone_faults(phone))
    return phone


Phone = Annotated[str, BeforeValidator(_digits), AfterValidator(_of_a_mobile)]
