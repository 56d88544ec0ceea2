"""What makes a request that fits the schemas a good one: rules the document tells in words alone.

schemathesis expects every request that fits the schemas to be accepted. Each line here is a rule it
cannot read, beside the sentence of the document that states it; where the document is silent,
nothing is mended.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from schemathesis import Case

from cufit_contracts.characters import character_faults, composed
from tests.unit.service import test_permission_matrix as matrix
from tests.unit.service.http_world import PROFILE_BODY, UPLOAD_PATH

PHOTO: Final = {
    "contentType": "image/jpeg",
    "contentLength": 1000,
    "sha256": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
}
CURSOR: Final = "MjAyNi0xMS0yMlQwOTowMDowMC4wMDBafHJlY18wMUpE"
"""Of a page that was there."""

_VERSION: Final = re.compile(r'\*|"v[0-9]{1,18}"')

_FITTING: Final[Mapping[str, Callable[[str], str]]] = {
    "line": lambda text: _seen(text, lines=False),
    "lines": lambda text: _seen(text, lines=True) if text else text,
}


class Sensible:
    """Mends requests that fit the schemas; every other one of an operation is about what exists."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._bodies = document["components"]["schemas"]
        self._asked: Counter[str] = Counter()

    def mend(self, case: Case[Any]) -> None:
        label = case.operation.label
        self._asked[label] += 1
        if self._asked[label] % 2 and label in matrix.ROUTES:
            self._about_what_exists(case, matrix.ROUTES[label])
        # The coverage phase of schemathesis 4.32 forgets this header's pattern.
        if case.headers and not _VERSION.fullmatch(case.headers.get("If-Match", "*")):
            case.headers["If-Match"] = '"v3"'
        if isinstance(case.query, dict):
            if "cursor" in case.query:  # "`next` of the page before, as it was given"
                case.query["cursor"] = CURSOR
            if label == "GET /v1/matches":  # "Needed by makers"
                case.query["candidateId"] = matrix.HER
        if label == f"POST {UPLOAD_PATH}":  # "There is a limit", "Base64 of the … SHA-256"
            sent: Any = case.body
            case.body = sent | PHOTO | {"contentType": sent["contentType"]}
        if label == "PUT /v1/candidates/me":
            profile: Any = case.body
            self._mend_profile(profile)

    def _about_what_exists(self, case: Case[Any], route: matrix.Route) -> None:
        template = re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", case.operation.path)
        if found := re.fullmatch(template, route.path.partition("?")[0]):
            case.path_parameters = found.groupdict()
        if route.body is not None:
            case.body = dict(route.body)

    def _mend_profile(self, body: dict[str, Any]) -> None:
        self._mend_texts(body, "ProfileBody")
        body["phone"] = PROFILE_BODY["phone"]  # "Korean mobile number"
        body["birthYear"] = 1940 + body["birthYear"] % 60  # "19 or older this year"
        if "hobbies" in body:  # "names nothing twice", once composed
            body["hobbies"] = [*dict.fromkeys(_seen(one, lines=False) for one in body["hobbies"])]
        ideal = body["idealType"] = dict(body["idealType"])
        self._mend_texts(ideal, "IdealTypeBody")
        for name in ("ageRange", "heightRange"):
            if ideal.get(name):  # "min must not exceed max"
                low, high = sorted((ideal[name]["min"], ideal[name]["max"]))
                ideal[name] = {"min": low, "max": high}
        if ideal.get("ageRange"):  # "Either … or … has to be given, not both"
            ideal.pop("agePreference", None)
        elif not ideal.get("agePreference"):
            ideal["agePreference"] = "SAME"

    def _mend_texts(self, body: dict[str, Any], model: str) -> None:
        for name, schema in self._bodies[model]["properties"].items():
            if name in body and (mend := _FITTING.get(schema.get("format"))):
                body[name] = mend(body[name])


def _seen(text: str, *, lines: bool) -> str:
    """Without what the document's description says no text may have."""
    kept = "".join(one for one in composed(text) if not [*character_faults(f"a{one}", lines=lines)])
    kept = composed(kept)
    return kept if kept and not [*character_faults(kept, lines=lines)] else "글"
