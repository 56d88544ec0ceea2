"""Code that changed, as files and versions instead of hashes.

The sources and locks of each function, of the contracts and of the service lie beside the assembly.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cufit_ops.review.change import Change
from cufit_ops.review.code.packages import Versions, changed_versions
from cufit_ops.review.code.sources import Files, compared
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.names import listed
from cufit_ops.template_graph import Account

_SHARED = "contracts"
_CARRIED = {"match_worker": ("prompts",)}
"""Folders besides its own and the contracts (stacks/components/bundle.py); the prompts are told
by their own analyser."""


@dataclass(frozen=True)
class _Part:
    """Something that is deployed with code of its own."""

    name: Sentence
    folder: str
    """In the checkout: `lambdas/match_worker`, `service`."""
    digest: str
    """Of its asset, as the template names it."""


def findings(change: Change) -> Iterator[Finding]:
    base, head = change.base, change.head
    if base is None or head is None:
        return
    old, new = _parts(base.account), _parts(head.account)
    for folder in sorted(old.keys() ^ new.keys()):
        yield _appears(new[folder]) if folder in new else _vanishes(old[folder])
    if base.folder is None or head.folder is None:
        return
    before, after = base.folder.parent, head.folder.parent
    if not all((root / _SHARED).is_dir() for root in (before, after)):
        return  # nothing but templates was kept
    anew = [
        new[one] for one in sorted(old.keys() & new.keys()) if old[one].digest != new[one].digest
    ]
    shared = compared(before / _SHARED, after / _SHARED) if anew else Files()
    if shared:
        yield _files(_SHARED, listed([part.name for part in anew]), shared, carried=True)
    for part in anew:
        files = compared(before / part.folder, after / part.folder)
        versions = changed_versions(before / part.folder, after / part.folder)
        if files:
            yield _files(part.folder, part.name, files)
        if versions:
            yield _versions(part, versions)
        carried = [*_carried(part, before, after)]
        yield from carried
        if not (files or versions or shared or carried):
            yield _same(part)


def _parts(account: Account) -> dict[str, _Part]:
    """By folder."""
    found = {}
    for _, function in account.of("AWS::Lambda::Function"):
        name = str(function.get("Handler", "")).partition(".")[0]
        digest = str(function.get("Code", {}).get("S3Key", ""))
        if name and digest:
            folder = f"lambdas/{name}"
            found[folder] = _Part(Sentence(name, name), folder, digest)
    for _, task in account.of("AWS::ECS::TaskDefinition"):
        for container in task.get("ContainerDefinitions", []):
            service = Sentence("the service", "서비스")
            found["service"] = _Part(service, "service", _image(container))
    return found


def _image(container: Mapping[str, Any]) -> str:
    image = container.get("Image")
    said = image.get("Fn::Sub", image) if isinstance(image, dict) else image
    return str(said).rpartition(":")[2]


def _carried(part: _Part, before: Path, after: Path) -> Iterator[Finding]:
    """A detail: what matters of a prompt in use is told by its own analyser."""
    for folder in _CARRIED.get(part.folder.rpartition("/")[2], ()):
        if files := compared(before / folder, after / folder):
            sentence = Sentence(
                f"{part.name.english} carries other {folder}: {files.counted.english}",
                f"{part.name.korean}에 들어가는 {folder}/ 파일이 바뀝니다: {files.counted.korean}",
            )
            yield Finding(Topic.CODE, Rank.DETAIL, folder, sentence, files.listed(folder))


def _files(folder: str, name: Sentence, files: Files, *, carried: bool = False) -> Finding:
    english = f"Code of {name.english} changes: {files.counted.english}"
    korean = f"{name.korean}의 코드가 바뀝니다: {files.counted.korean}"
    if carried:
        english = f"Code that {name.english} share changes ({folder}/): {files.counted.english}"
        korean = f"{name.korean}에 함께 들어가는 코드({folder}/)가 바뀝니다: {files.counted.korean}"
    return Finding(Topic.CODE, Rank.NOTICE, folder, Sentence(english, korean), files.listed(folder))


def _versions(part: _Part, versions: Versions) -> Finding:
    return Finding(
        Topic.CODE, Rank.NOTICE, f"{part.folder}/requirements.txt",
        Sentence(
            f"Packages of {part.name.english} change: {versions.said.english}",
            f"{part.name.korean}의 패키지가 바뀝니다: {versions.said.korean}",
        ),
        "\n".join(versions.lines),
    )  # fmt: skip


def _same(part: _Part) -> Finding:
    return Finding(
        Topic.CODE, Rank.DETAIL, part.folder,
        Sentence(
            f"{part.name.english} is built anew of the same files and packages: nothing changes",
            f"{part.name.korean}의 파일과 패키지는 그대로이고 다시 빌드될 뿐입니다",
        ),
        part.digest,
    )  # fmt: skip


def _appears(part: _Part) -> Finding:
    return Finding(
        Topic.CODE, Rank.NOTICE, part.folder,
        Sentence(f"{part.name.english} is new", f"{part.name.korean}이(가) 새로 생깁니다"),
    )  # fmt: skip


def _vanishes(part: _Part) -> Finding:
    return Finding(
        Topic.CODE, Rank.NOTICE, part.folder,
        Sentence(f"{part.name.english} is taken away", f"{part.name.korean}이(가) 없어집니다"),
    )  # fmt: skip
