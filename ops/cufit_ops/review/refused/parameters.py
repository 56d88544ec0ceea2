"""Stacks that read what others publish in SSM: a parameter that is read stays as it is."""

from collections.abc import Iterator

from cufit_ops.review.findings import Sentence
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.template_graph import Account

_READ = "AWS::SSM::Parameter::Value"
_PARAMETER = "AWS::SSM::Parameter"


def refusals(base: Account, head: Account) -> Iterator[Refusal]:
    """CloudFormation reads them when the stack that names them is deployed."""
    published = {str(one.get("Name")) for _, one in head.of(_PARAMETER)}
    for (stack, _), parameter in base.of(_PARAMETER):
        name = str(parameter.get("Name"))
        if name in published or stack not in head.stacks:
            continue
        if readers := [one for one in head.stacks if name in _read(head, one)]:
            yield Refusal(
                stack,
                Sentence(
                    f"{' and '.join(readers)} still read{'s' if len(readers) == 1 else ''} the "
                    f"parameter {name} that {stack} no longer writes",
                    f"{stack} 스택에서 없어진 파라미터 {name}을(를) {', '.join(readers)} 스택이 "
                    "아직 읽습니다",
                ),
            )


def _read(account: Account, stack: str) -> set[str]:
    declared = account.stacks[stack].get("Parameters", {}).values()
    return {str(one.get("Default")) for one in declared if str(one.get("Type")).startswith(_READ)}
