"""The commands of docs/deploy.md, and what of them an embedded AWS can and cannot show."""

import re
from pathlib import Path

from cufit_ops.workspace import ROOT

AS_SHIPPED = [ROOT / f"tests/fixtures/config/{name}.toml" for name in ("dev", "prod")]
"""Of config/, where a team writes its own values."""

PAGE, KOREAN_PAGE = ROOT / "docs/deploy.md", ROOT / "docs/deploy.ko.md"

COMMIT = "COMMIT"
"""Stands for one in the page."""

NO_DOOR = "the embedded AWS has no public address of dev or prod; tests/integration/ops/test_smoke"
NOT_HERE = {
    "export AWS_PROFILE=cufit": "credentials are the embedded AWS's, of no profile",
    "git clone https://github.com/OWNER/NAME cufit && cd cufit": "GitHub; a copy of this checkout",
    'export PATH="$PWD/.venv/bin:$PATH"': "of one shell; every command here runs with it",
    'ID_TOKEN="eyJ…"': "of one shell; the command after it gets a made-up token",
    "cufit smoke --env dev": NO_DOOR,
    "cufit smoke --env prod": NO_DOOR,
}
"""Command → why it is not run. What stands in neither list is run, and has to end with 0."""

TYPED = {
    "cufit webhook --env prod": "https://hooks.people.internal/services/one\n",
    "cufit rollback --env dev --to COMMIT": "y\n",
    "cufit teardown --env prod": "prod\n",
    "cufit teardown --env prod --with-data": "prod\n",
    "cufit teardown --env dev": "dev\n",
}
ONLY_THE_MODEL = (1, ["✗ answer", "Only cufit.simulated-v1 exists", "✗ 1   ? 0"])
EXPECTED: dict[str, tuple[int, list[str]]] = {
    "cufit doctor --env dev --no-spend": (1, ["make bootstrap ENV=dev"]),
    "cufit doctor --env dev": ONLY_THE_MODEL,
    "cufit doctor --env prod": ONLY_THE_MODEL,
    "make bootstrap ENV=dev": (
        0,
        ["✅  Environment aws://123456789012/ap-northeast-2 bootstrapped"],
    ),
    "make deploy ENV=dev": (
        0,
        ["✅  cufit-dev/Data (cufit-dev-Data)", ".DeployRoleArn = ", ".ApiUrl = "],
    ),
    "cufit brake status --env dev": (0, ["rules"]),
    "cufit teardown --env prod": (0, ["left: photo bucket"]),
    "cufit teardown --env prod --with-data": (0, ["nothing is left"]),
    "cufit teardown --env dev": (0, ["nothing is left"]),
}
"""Exit code, and what is said; else 0 and anything."""

ID_TOKEN = "e30.eyJzdWIiOiAiNDI0MiJ9.x"
"""Of sub 4242."""

OURS = {
    "kakao-rest-api-key": "0123456789abcdef" * 2,
    "kakao-native-app-key": "fedcba9876543210" * 2,
    "cufit/cufit": "student/intro",
    "https://cufit.example": "https://cufit.internal",
    "@cufit.example": "@cufit.internal",
}
"""What is made up in config/ → what somebody would put there."""


def commands(page: Path = PAGE) -> list[str]:
    """What stands in its `sh` fences, in order, a line each, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.strip()]
    return [re.sub(r"\s+# .*", "", line).strip() for line in lines]


def filled_in(config: str) -> str:
    for theirs, ours in OURS.items():
        config = config.replace(theirs, ours)
    return config
