"""Synthesized versions as they lie in a folder, of a few resources each."""

import json
from pathlib import Path
from typing import Any

from cufit_ops.review.synthesis import Outcome, Synthesis

TABLE = {
    "Type": "AWS::DynamoDB::GlobalTable",
    "DeletionPolicy": "Retain",
    "Properties": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
}

Stacks = dict[str, dict[str, Any]]
"""Stack → its resources."""


def version(folder: Path, **environments: Stacks) -> Path:
    """A version that synthesized, of these environments."""
    folder.mkdir()
    (folder / "manifest.json").write_text('{"artifacts": {}}')
    for environment, stacks in environments.items():
        stage = folder / f"assembly-cufit-{environment}"
        stage.mkdir()
        artifacts = {}
        for name, resources in stacks.items():
            (stage / f"{name}.template.json").write_text(json.dumps({"Resources": resources}))
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "displayName": f"cufit-{environment}/{name} (cufit-{environment}-{name})",
                "properties": {"templateFile": f"{name}.template.json"},
            }
        (stage / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    return folder


def failed(folder: Path, outcome: Outcome, *reasons: str, detail: str = "") -> Path:
    Synthesis(outcome, reasons, detail).write(folder)
    return folder
