"""The prompt and rubric by which candidates are judged, and what the evaluation says of the change.

Both versions' prompts and baselines lie beside their assemblies; a model is never asked.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cufit_ops.evaluation.prompt_diff import Difference, Weight, difference
from cufit_ops.review.change import Change, Side
from cufit_ops.review.configuration.variables import variables
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.template_graph import Account
from match_worker.model.prompt import InvalidPrompt

_WORKER = "match_worker"
_BASELINE = "ops/cufit_ops/evaluation/golden/baseline.json"
_FIGURES = {
    "ndcg_at_5": Sentence("nDCG@5", "nDCG@5"),
    "success_at_5": Sentence("somebody suitable among five", "다섯 명 중 맞는 사람이 있을 비율"),
    "kendall_tau": Sentence("order (Kendall's tau)", "순서 일치(Kendall tau)"),
    "strict": Sentence("answers in the right shape", "형식에 맞는 답의 비율"),
    "usd_per_match": Sentence("USD for a recommendation", "추천 한 번의 비용(USD)"),
}


def findings(change: Change) -> Iterator[Finding]:
    base, head = change.base, change.head
    if base is None or head is None:
        return
    old, new = _version(base.account), _version(head.account)
    if old is None or new is None or base.folder is None or head.folder is None:
        return
    roots = [side.folder.parent / "prompts" for side in (base, head) if side.folder]
    if not all((root / "match").is_dir() for root in roots):
        return
    try:
        changed = difference(old, new, root=roots[1], old_root=roots[0])
    except InvalidPrompt as error:
        yield _unread(old, new, str(error))
        return
    if changed.lines or old != new:
        yield _finding(old, new, changed)
        yield _evaluation(base, head, old, new)


def _version(account: Account) -> str | None:
    return _variable(account, "CUFIT_PROMPT_VERSION")


def _variable(account: Account, name: str) -> str | None:
    """Of the worker, where its function is told it."""
    for _, function in account.of("AWS::Lambda::Function"):
        if str(function.get("Handler", "")).startswith(f"{_WORKER}."):
            value = variables(function).get(name)
            return str(value) if value else None
    return None


def _finding(old: str, new: str, changed: Difference) -> Finding:
    moved = [weight for weight in changed.weights if weight.change]
    lines = changed.lines.splitlines()
    added = sum(line.startswith("+") and not line.startswith("+++") for line in lines)
    removed = sum(line.startswith("-") and not line.startswith("---") for line in lines)
    done = (
        Sentence(f"Candidates are judged by prompt {new} instead of {old}",
                 f"후보자를 프롬프트 {old} 대신 {new}(으)로 평가합니다")
        if old != new
        else Sentence(f"The prompt {new} changes (+{added} −{removed} lines)",
                      f"프롬프트 {new}이(가) 바뀝니다(+{added} −{removed}줄)")
    )  # fmt: skip
    points = ", ".join(map(_points, moved))

    sentence = Sentence(
        done.english + (f"; of the 100 points: {points}" if moved else "; every point stays"),
        done.korean + (f". 100점 중 {points}" if moved else ". 배점은 그대로입니다"),
    )
    return Finding(Topic.PROMPT, Rank.NOTICE, f"prompts/match/{new}", sentence, changed.lines)


def _points(weight: Weight) -> str:
    return f"{weight.criterion} {weight.old or 0} → {weight.new or 0}"


def _evaluation(base: Side, head: Side, old: str, new: str) -> Finding:
    """Of the matchmaker that the environment uses."""
    before = _figures(base, old)
    after = _figures(head, new)
    subject = f"evaluation of {new}"
    if not before or not after:
        missing = new if not after else old
        return Finding(
            Topic.PROMPT, Rank.NOTICE, subject,
            Sentence(
                f"No evaluation of {missing} is committed: `cufit eval --write-baseline` makes it",
                f"{missing}의 평가 결과가 저장소에 없습니다. `cufit eval --write-baseline`으로 "
                "만드세요",
            ),
        )  # fmt: skip
    differing = [name for name in _FIGURES if before.get(name) != after.get(name)]
    evidence = json.dumps({"before": before, "after": after}, ensure_ascii=False)
    if not differing:
        return Finding(
            Topic.PROMPT, Rank.NOTICE, subject,
            Sentence(
                "The committed evaluation says the same as before; if it was not renewed, "
                "`cufit eval --write-baseline` does it",
                "저장소의 평가 결과는 전과 같습니다. 다시 평가하지 않았다면 "
                "`cufit eval --write-baseline`을 실행하세요",
            ),
            evidence,
        )  # fmt: skip
    said = [
        Sentence(f"{words.english} {before[name]:g} → {after[name]:g}",
                 f"{words.korean} {before[name]:g} → {after[name]:g}")
        for name, words in _FIGURES.items()
        if name in differing and name in before and name in after
    ]  # fmt: skip
    return Finding(
        Topic.PROMPT, Rank.NOTICE, subject,
        Sentence(
            "The evaluation says: " + ", ".join(one.english for one in said),
            "평가 결과: " + ", ".join(one.korean for one in said),
        ),
        evidence,
    )  # fmt: skip


def _figures(side: Side, version: str) -> Mapping[str, float]:
    """Of the committed baseline; empty when it has none of the version."""
    matchmaker = _variable(side.account, "CUFIT_MATCHMAKER")
    if side.folder is None:
        return {}
    trials = _trials(side.folder.parent / _BASELINE)
    found: Mapping[str, float] = trials.get(f"{matchmaker} {version}", {})
    return found


def _trials(file: Path) -> dict[str, Any]:
    try:
        held = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    trials: dict[str, Any] = held.get("trials", {})
    return trials


def _unread(old: str, new: str, reason: str) -> Finding:
    return Finding(
        Topic.PROMPT, Rank.NOTICE, f"prompts/match/{new}",
        Sentence(
            f"Prompt {old} and {new} could not be compared: {reason}",
            f"프롬프트 {old}와(과) {new}을(를) 비교하지 못했습니다: {reason}",
        ),
    )  # fmt: skip
