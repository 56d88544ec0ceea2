"""Synthesized versions as they lie in a folder, of a few resources each, and findings of them."""

import json
from pathlib import Path
from typing import Any

from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.report import Report, review
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


DATA: Stacks = {"Data": {"Candidates": TABLE}}
RENAMED: Stacks = {"Data": {"People": TABLE}}


def report(folder: Path, *labels: str, head: Stacks = RENAMED) -> Report:
    """On DATA and another version of it, in dev, prod and on the laptop."""
    base = version(folder / "base", dev=DATA, prod=DATA, local=DATA)
    after = version(folder / "head", dev=head, prod=head, local=head)
    return review(base, after, labels=set(labels))


def told(
    topic: Topic, rank: Rank, english: str, evidence: str = "", gate: Gate | None = None
) -> Finding:
    return Finding(topic, rank, "a subject", Sentence(english, f"한국어 {english}"), evidence, gate)


LOST = told(
    Topic.DATA, Rank.DANGER, "people would see an empty table", "Candidates", Gate.DATA_LOSS
)
WIDER = told(
    Topic.PERMISSIONS, Rank.DANGER, "`worker` may delete", '{"Action": "*"}', Gate.WIDER_PERMISSION
)
DETAIL = told(Topic.CONFIGURATION, Rank.DETAIL, "log_retention_days: 7 → 14")
