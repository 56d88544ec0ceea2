"""Who uses what changed, from the graph of the templates."""

from collections.abc import Iterator

from cufit_ops.review.change import Change, Impact, ResourceDifference
from cufit_ops.review.data.holdings import holds_data
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.names import address, listed, name_of, named
from cufit_ops.review.replacement import REPLACED_BY_DESIGN
from cufit_ops.template_graph import Account, Address

_WORKERS = ("AWS::Lambda::Function", "AWS::ECS::Service", "AWS::Bedrock::KnowledgeBase")
"""What people know by name; everything else that refers to something belongs to one of them."""

_PASSED_ON = {
    "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::ECS::TaskDefinition", "AWS::IAM::ManagedPolicy",
    "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig",
}  # fmt: skip
"""What a worker uses through one of these it uses itself."""

_OWN = {*_PASSED_ON, *_WORKERS, "AWS::Lambda::Permission", "AWS::Logs::LogGroup"}
"""A change of one of these is about a worker itself."""


def findings(change: Change) -> Iterator[Finding]:
    if change.base is None or change.head is None:
        return
    graphs = [_Graph(change.base.account), _Graph(change.head.account)]
    for difference in change.differences:
        if difference.impact is Impact.CREATE or difference.kind in (*_OWN, *REPLACED_BY_DESIGN):
            continue
        where = (difference.stack, difference.logical_id)
        used = dict.fromkeys(name for graph in graphs for name in graph.workers(where))
        if used:
            yield _finding(difference, list(used))


def _finding(difference: ResourceDifference, users: list[Sentence]) -> Finding:
    resource = difference.old or difference.new or {}
    name = named(resource, difference.logical_id)
    by = listed(sorted(users, key=lambda user: user.english))
    moved = difference.impact not in (Impact.UPDATE, Impact.IMPORT) and holds_data(resource)
    return Finding(
        Topic.DEPENDENTS,
        Rank.NOTICE if moved else Rank.DETAIL,
        address(difference.stack, difference.logical_id),
        Sentence(
            f"{name.english[0].upper()}{name.english[1:]} is used by {by.english}",
            f"{name.korean}: {by.korean}에서 씁니다",
        ),
        f"{difference.stack}/{difference.logical_id}: {difference.impact}",
    )


class _Graph:
    """Who refers to what, over all stacks of one environment."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._users: dict[Address, set[Address]] = {}
        self._kinds: dict[Address, str] = {}
        for stack, template in account.stacks.items():
            for logical_id, resource in template.get("Resources", {}).items():
                user = (stack, logical_id)
                self._kinds[user] = resource["Type"]
                for used in account.referred(stack, resource.get("Properties", {})):
                    self._users.setdefault(used, set()).add(user)
        self._reads = self._mappings()

    def workers(self, where: Address) -> list[Sentence]:
        """Names of what runs and uses the resource at `where`, directly or by its role."""
        seen, waiting = {where}, [where]
        found: list[Address] = []
        while waiting:
            at = waiting.pop()
            for user in self._users.get(at, set()) | self._reads.get(at, set()):
                if user in seen:
                    continue
                seen.add(user)
                kind = self._kinds[user]
                if kind in _WORKERS:
                    found.append(user)
                elif kind in _PASSED_ON:
                    waiting.append(user)
                    waiting += self._owners(user)
        return [name_of(self._account, one) for one in dict.fromkeys(found)]

    def _owners(self, policy: Address) -> list[Address]:
        """The roles that a policy is attached to: it refers to them, not they to it."""
        if self._kinds[policy] not in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
            return []
        attached = self._account.properties(policy).get("Roles", [])
        return [*self._account.referred(policy[0], attached)]

    def _mappings(self) -> dict[Address, set[Address]]:
        """Queue → the functions that Lambda hands its messages."""
        found: dict[Address, set[Address]] = {}
        for (stack, _), mapping in self._account.of("AWS::Lambda::EventSourceMapping"):
            functions = {*self._account.referred(stack, mapping.get("FunctionName"))}
            for queue in self._account.referred(stack, mapping.get("EventSourceArn")):
                found.setdefault(queue, set()).update(functions)
        return found
