"""ARNs of one environment in words that every environment has."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cufit_ops.review.names import stem
from cufit_ops.review.permissions.resolved import ACCOUNT, Names

_BY_ATTRIBUTE = re.compile(r"arn:.*/\{(\w+/\w+)\.\w+\}(.*)")
"""An ARN made with an id that AWS gives: `arn:…:knowledge-base/{Knowledge/KnowledgeBase.Id}`."""
_CHOSEN = "_PARAMETER"
"""How a function's variable ends that names a parameter of the configuration's choice."""
_BOOTSTRAPPED = re.compile(r"cdk-(?:bootstrap/)?(cufit[a-z0-9]*)(?=[-/])")
_MODEL = re.compile(r"(foundation-model|inference-profile)/([^*\s]+)")


@dataclass(frozen=True)
class Portable:
    names: Names

    def text(self, arn: str) -> str:
        """`Data/Candidates/index/by_place` for what a template makes; of anything else service and
        resource, with the region and the account where they are not the environment's own."""
        for known, name in self._made.items():
            if arn == known or arn.startswith((f"{known}/", f"{known}:")):
                return name + arn.removeprefix(known).removesuffix(":*")
        if found := _BY_ATTRIBUTE.fullmatch(arn):
            return found[1] + found[2]
        return self._elsewhere(arn)

    @cached_property
    def _made(self) -> dict[str, str]:
        """ARN → stack and logical id, of every resource of the templates."""
        names, found = self.names, dict[str, str]()
        for stack, template in names.account.stacks.items():
            for logical_id in template.get("Resources", {}):
                where, plain = names.renamed.get((stack, logical_id), (stack, logical_id))
                arn = names.arn((stack, logical_id)).removesuffix(":*")
                found[arn] = f"{where}/{stem(plain)}"
        return dict(sorted(found.items(), key=lambda one: -len(one[0])))

    def _elsewhere(self, arn: str) -> str:
        for name, value in self._variables.items():
            if name.endswith(_CHOSEN) and isinstance(value, str):
                chosen = name.removeprefix("CUFIT_").lower()
                arn = arn.replace(f":parameter{value}", f":parameter/{{{chosen}}}")
        parts = arn.split(":", 5)
        if parts[0] == "arn" and len(parts) == 6:
            _, _, service, region, owner, rest = parts
            where = "" if region in ("", self.names.region) or _MODEL.search(rest) else f"@{region}"
            whose = "" if owner in ("", ACCOUNT) else f"({owner})"
            arn = f"{service}{where}{whose}:{rest}"
        arn = _BOOTSTRAPPED.sub(lambda found: found[0].replace(found[1], "{qualifier}"), arn)
        arn = arn.replace(f"stack/cufit-{self.names.environment}-", "stack/cufit-{environment}-")
        arn = arn.replace(ACCOUNT, "{account}").replace(self.names.region, "{region}")
        return _MODEL.sub(self._model, arn)

    def _model(self, found: re.Match[str]) -> str:
        """One that this environment names: which one is a matter of its configuration."""
        return f"{found[1]}/{{model}}" if found[2] in self._models else found[0]

    @cached_property
    def _variables(self) -> dict[str, Any]:
        return {
            name: value
            for _, properties in self.names.account.of("AWS::Lambda::Function")
            for name, value in properties.get("Environment", {}).get("Variables", {}).items()
        }

    @cached_property
    def _models(self) -> str:
        bases = [
            properties.get("KnowledgeBaseConfiguration")
            for _, properties in self.names.account.of("AWS::Bedrock::KnowledgeBase")
        ]
        return str([self._variables, bases])
