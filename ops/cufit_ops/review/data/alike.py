"""Whether two versions of a value mean the same resources, whatever these are called."""

from typing import Any

from cufit_ops.template_graph import Account

_REFERENCES = ("Ref", "Fn::GetAtt", "Fn::ImportValue")


def alike(stack: str, old: Any, new: Any, base: Account, head: Account) -> bool:
    """Of a template of `stack`. A resource that only one version has, and one that only the other
    has, are taken for the same: it was renamed, which is told where it is of weight."""
    return bool(_named(stack, old, base, head) == _named(stack, new, head, base))


def _named(stack: str, value: Any, of: Account, other: Account) -> Any:
    if isinstance(value, list):
        return [_named(stack, item, of, other) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1 and next(iter(value)) in _REFERENCES and [*of.referred(stack, value)]:
        return [
            where if where[1] in other.stacks.get(where[0], {}).get("Resources", {}) else "renamed"
            for where in of.referred(stack, value)
        ]
    return {key: _named(stack, item, of, other) for key, item in value.items()}
