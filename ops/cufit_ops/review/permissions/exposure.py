"""What is open to the internet, or was closed by a property that is no policy."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import with_particle
from cufit_ops.review.permissions.statements import is_true, listed, mappings
from cufit_ops.review.permissions.words import Words

_BLOCKS = {
    "BlockPublicAcls": Words(
        "new files may be made public one by one", "파일을 하나씩 공개할 수 있게 됩니다"
    ),
    "IgnorePublicAcls": Words(
        "files marked public are public", "공개로 표시된 파일이 실제로 공개됩니다"
    ),
    "BlockPublicPolicy": Words(
        "a policy may open it to everyone", "정책으로 모두에게 공개할 수 있게 됩니다"
    ),
    "RestrictPublicBuckets": Words("a public policy takes effect", "공개 정책이 실제로 적용됩니다"),
}
"""Parts of a bucket's public access block, and what is possible without each (S3 user guide)."""

_BUCKET = re.compile(r"arn:aws:s3:::[\w.-]+|(?<=Account': ')\d{12}|(?<=AccountId': ')\d{12}")
"""Where a copy goes: a bucket, and whose."""
_PRIVATE = "Private"
"""The access list of a bucket that names none (CloudFormation's documentation)."""
_PUBLIC_ACLS = {"PublicRead", "PublicReadWrite", "AuthenticatedRead"}


def wider(subject: str, english: str, korean: str, evidence: str = "") -> Finding:
    said = Sentence(english, korean)
    return Finding(Topic.PERMISSIONS, Rank.DANGER, subject, said, evidence, Gate.WIDER_PERMISSION)


def detail(subject: str, english: str, korean: str, evidence: str = "") -> Finding:
    return Finding(
        Topic.PERMISSIONS, Rank.DETAIL, subject, Sentence(english, korean), evidence, None
    )


def incomparable(subject: str, what: Words, name: str | None, was: Any, now: Any) -> Finding:
    """Of a property, or of the resource as a whole."""
    english, korean = f"{what.english} ({subject})", f"{what.korean}({subject})"
    if name:
        english, korean = f"{name} of {english}", f"{korean}의 {name} 값"
    return wider(
        subject,
        f"{english} changes; what that allows could not be compared",
        f"{with_particle(korean, '이/가')} 바뀝니다. 이로써 무엇이 허용되는지는 비교할 수 없습니다",
        f"{name or subject}: {was} → {now}",
    )


Properties = Mapping[str, Any]


def of_bucket(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    before = _blocks(old, new) if old is not None else set(_BLOCKS)
    after = _blocks(new, old)
    if gone := sorted(before - after):
        count = "a lock" if len(gone) == 1 else f"{len(gone)} locks"
        yield wider(
            subject,
            f"{what.english} loses {count} against publishing: "
            f"{'; '.join(_BLOCKS[name].english for name in gone)}",
            f"{what.korean}의 공개 차단이 {len(gone)}개 풀립니다: "
            f"{', '.join(_BLOCKS[name].korean for name in gone)}",
            "\n".join(f"{name}: true → false" for name in gone),
        )
    if old is not None and after - before:
        yield detail(
            subject,
            f"{what.english} gets a lock against publishing",
            f"{what.korean}에 공개 차단이 추가됩니다",
            ", ".join(sorted(after - before)),
        )
    acl, was = str(new.get("AccessControl", _PRIVATE)), (old or {}).get("AccessControl", _PRIVATE)
    if acl != was and acl in _PUBLIC_ACLS:
        more = ("and overwrite ", "·교체") if acl == "PublicReadWrite" else ("", "")
        yield wider(
            subject,
            f"anyone on the internet may now read {more[0]}{what.english} (ACL {acl})",
            f"인터넷의 누구나 이제 {what.object} 조회{more[1]}할 수 있습니다 (ACL {acl})",
            f"AccessControl: {was} → {acl}",
        )
    elif acl not in (was, _PRIVATE):
        yield wider(
            subject,
            f"the access list of {what.english} becomes {acl}",
            f"{what.korean}의 접근 목록(ACL)이 {acl}(으)로 바뀝니다",
            f"AccessControl: {was} → {acl}",
        )
    yield from _ownership(subject, what, old, new)
    yield from _copies(subject, what, old or {}, new)
    yield from _origins(subject, what, _of_bucket_cors(old), _of_bucket_cors(new))


def _blocks(properties: Properties, other: Properties | None) -> set[str]:
    """What is locked. A bucket that says nothing has all four since April 2023 (S3 user guide),
    but an update that takes the property away takes the locks away."""
    given = properties.get("PublicAccessBlockConfiguration")
    if given is None:
        return set() if (other or {}).get("PublicAccessBlockConfiguration") else set(_BLOCKS)
    if not isinstance(given, Mapping):
        return set()
    return {name for name in _BLOCKS if is_true(given.get(name))}


def _ownership(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    was, now = _owner(old or {}), _owner(new)
    if now not in (was, "BucketOwnerEnforced"):
        yield wider(
            subject,
            f"whoever uploads to {what.english} may now decide who reads the file (ACLs are on)",
            f"{what.korean}에 올리는 쪽이 파일의 공개 범위를 정할 수 있게 됩니다 (ACL 사용)",
            f"ObjectOwnership: {was} → {now}",
        )


def _owner(properties: Properties) -> str:
    rules = mappings((properties.get("OwnershipControls") or {}).get("Rules"))
    return str(rules[0].get("ObjectOwnership")) if rules else "BucketOwnerEnforced"


def _copies(subject: str, what: Words, old: Properties, new: Properties) -> Iterator[Finding]:
    for part, english, korean in (
        ("ReplicationConfiguration", "is copied to another bucket", "다른 버킷으로 복사됩니다"),
        ("WebsiteConfiguration", "becomes a web site", "웹사이트로 공개됩니다"),
        (
            "InventoryConfigurations",
            "sends a list of its files elsewhere",
            "파일 목록을 다른 곳으로 보냅니다",
        ),
    ):
        if new.get(part) and new.get(part) != old.get(part):
            to = ", ".join(sorted(set(_BUCKET.findall(str(new[part])))))
            yield wider(
                subject,
                f"{what.english} {english}" + (f" ({to})" if to else ""),
                f"{what.subject} {korean}" + (f" ({to})" if to else ""),
                f"{part}: {new[part]}",
            )


def _of_bucket_cors(properties: Properties | None) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"origins": set(), "methods": set(), "headers": set()}
    rules = ((properties or {}).get("CorsConfiguration") or {}).get("CorsRules")
    for rule in mappings(rules):
        found["origins"] |= {str(one) for one in listed(rule.get("AllowedOrigins"))}
        found["methods"] |= {str(one) for one in listed(rule.get("AllowedMethods"))}
    return found


def cors_of_api(properties: Properties | None) -> dict[str, set[str]]:
    """Of an HTTP API or a function's URL."""
    given = (properties or {}).get("CorsConfiguration") or (properties or {}).get("Cors") or {}
    credentials = is_true(given.get("AllowCredentials"))
    return {
        "origins": {str(one) for one in listed(given.get("AllowOrigins"))},
        "methods": {str(one) for one in listed(given.get("AllowMethods"))},
        "credentials": {"cookies"} if credentials else set(),
    }


def _origins(
    subject: str, what: Words, old: dict[str, set[str]], new: dict[str, set[str]]
) -> Iterator[Finding]:
    """Web pages that a browser lets call it."""
    more = new["origins"] - old["origins"]
    if more and "*" not in old["origins"]:
        anyone = any("*" in one for one in more)
        names = ", ".join(sorted(more))
        yield wider(
            subject,
            f"{'any web page' if anyone else f'pages of {names}'} may now call {what.english} "
            "from a visitor's browser",
            f"{'모든 웹페이지' if anyone else names + ' 웹페이지'}에서 이제 방문자의 브라우저로 "
            f"{what.object} 호출할 수 있습니다",
            f"origins: {sorted(old['origins'])} → {sorted(new['origins'])}",
        )
    for part, english, korean in (
        ("methods", "with the methods", "메서드"),
        ("credentials", "with its visitor's", "인증 정보"),
    ):
        added = new.get(part, set()) - old.get(part, set())
        if added and old["origins"] and "*" not in old.get(part, set()):
            names = ", ".join(sorted(added))
            yield wider(
                subject,
                f"web pages may now call {what.english} {english} {names} too",
                f"웹페이지에서 이제 {what.object} {korean} {names}까지 써서 호출할 수 있습니다",
                f"{part}: {sorted(old.get(part, set()))} → {sorted(new.get(part, set()))}",
            )
    gone = old["origins"] - new["origins"]
    if gone and not more:
        names = ", ".join(sorted(gone))
        yield detail(
            subject,
            f"pages of {names} may no longer call {what.english} from a browser",
            f"{names} 웹페이지에서는 이제 {what.object} 호출할 수 없습니다",
        )


def of_cors(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    yield from _origins(subject, what, cors_of_api(old), cors_of_api(new))


def of_url(subject: str, what: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    """A function's own address."""
    was, now = (old or {}).get("AuthType"), new.get("AuthType")
    if was != now and now == "NONE":
        yield wider(
            subject,
            f"anyone on the internet may now call {what.english} by an address "
            "of its own, without signing in",
            f"인터넷의 누구나 이제 로그인 없이 전용 주소로 {what.object} 호출할 수 있습니다",
            f"AuthType: {was} → {now}",
        )
    elif was is None:
        yield wider(
            subject,
            f"{what.english} gets an address on the internet, for signed requests",
            f"{what.korean}에 서명된 요청만 받는 인터넷 주소가 생깁니다",
            f"AuthType: {now}",
        )
