"""What an action does, as a verb of both languages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cufit_ops.review.permissions.actions import Level, level, spelled
from cufit_ops.review.permissions.words import both, in_korean

_PLAIN = frozenset(
    ["조회", "수정", "삭제", "추가", "교체", "호출", "사용", "검색", "생성", "기록", "중지"]
)


@dataclass(frozen=True)
class Verb:
    """`korean` is a noun to which 할 수 있습니다 is added."""

    english: str
    korean: str

    @property
    def is_plain(self) -> bool:
        """Whether 을 or 를 may stand before it, and not only 에 대해."""
        return _PLAIN.issuperset(self.korean.split("·"))


_READ, _CHANGE, _DELETE = Verb("read", "조회"), Verb("change", "수정"), Verb("delete", "삭제")
_WRITE, _LIST = Verb("write or overwrite", "추가·교체"), Verb("list", "목록 조회")
_REPLACE = Verb("write, overwrite and delete", "추가·교체·삭제")
_SETTINGS = Verb("see the settings of", "설정 조회")
_SEND, _RECEIVE = Verb("send to", "메시지 전송"), Verb("take messages from", "메시지 수신")
_USE, _START, _STOP = Verb("use", "사용"), Verb("start work on", "작업 시작"), Verb("stop", "중지")
_GIVE = Verb("decide who may use", "접근 권한 변경")
_TAG, _CALL = Verb("tag", "태그 변경"), Verb("call", "호출")

ESCALATIONS = re.compile(
    r"iam:(put|attach|delete|detach)\w*policy|iam:createpolicyversion|iam:setdefaultpolicyversion"
    r"|iam:updateassumerolepolicy|iam:create(accesskey|loginprofile|user|role)"
    r"|iam:updateloginprofile|iam:addusertogroup|iam:\w*permissionsboundary|iam:\w*oidc\w*"
    r"|lambda:(updatefunctioncode|updatefunctionconfiguration|addpermission)"
    r"|ecs:(runtask|registertaskdefinition|executecommand)|ssm:(sendcommand|startsession)"
    r"|cloudformation:(createstack|updatestack|executechangeset|createchangeset)"
)
"""Actions with which one gets other powers than one's own ("Privilege escalation" of Rhino Security
Labs, 2018; and those of the services that this project uses)."""

_KNOWN: Mapping[str, Verb] = {
    "bedrock:invokemodel": Verb("ask", "호출"),
    "bedrock:invokemodelwithresponsestream": Verb("ask", "호출"),
    "bedrock:retrieve": Verb("search", "검색"),
    "bedrock:retrieveandgenerate": Verb("ask a model with documents from", "문서 검색·답변 생성"),
    "bedrock:ingestknowledgebasedocuments": Verb("put documents into", "문서 추가"),
    "bedrock:deleteknowledgebasedocuments": Verb("delete documents of", "문서 삭제"),
    "bedrock:getknowledgebasedocuments": Verb("see documents of", "문서 상태 조회"),
    "bedrock:listknowledgebasedocuments": Verb("list documents of", "문서 목록 조회"),
    "bedrock:startingestionjob": Verb("start a synchronization of", "동기화 시작"),
    "bedrock:getinferenceprofile": _SETTINGS,
    "cloudformation:createchangeset": Verb("prepare changes of", "변경 준비"),
    "cloudformation:executechangeset": Verb("deploy changes of", "변경 배포"),
    "cloudformation:gettemplate": _READ,
    "dynamodb:putitem": _WRITE,
    "dynamodb:updateitem": _CHANGE,
    "dynamodb:batchwriteitem": _REPLACE,
    "dynamodb:conditioncheckitem": Verb("check the existence of", "존재 확인"),
    "dynamodb:exporttabletopointintime": Verb("copy every row of", "전체 데이터 내보내기"),
    "dynamodb:updatetable": Verb("change the settings of", "설정 변경"),
    "ecr:batchchecklayeravailability": _READ,
    "ecr:getauthorizationtoken": Verb("sign in to pull", "내려받기 로그인"),
    "ecs:updateservice": Verb("restart or resize", "재시작·크기 변경"),
    "ecs:executecommand": Verb("open a shell in", "셸 접속"),
    "iam:passrole": Verb("hand a service the powers of", "서비스에 권한 위임"),
    "kms:decrypt": Verb("decrypt with", "복호화에 사용"),
    "lambda:invokefunction": _CALL,
    "lambda:invokefunctionurl": _CALL,
    "lambda:updatefunctioncode": Verb("replace the code of", "코드 교체"),
    "logs:createlogstream": Verb("write", "기록"),
    "logs:putlogevents": Verb("write", "기록"),
    "logs:createloggroup": Verb("create", "생성"),
    "logs:filterlogevents": _READ,
    "logs:startquery": _READ,
    "logs:getqueryresults": _READ,
    "s3:putobject": _WRITE,
    "s3:listbucket": Verb("list the files of", "파일 목록 조회"),
    "s3:putobjectacl": Verb("decide who may read", "공개 범위 변경"),
    "s3:putlifecycleconfiguration": Verb("decide when files are deleted from", "자동 삭제 설정"),
    "s3:putreplicationconfiguration": Verb("copy elsewhere every file of", "다른 곳으로 복사 설정"),
    "s3:putinventoryconfiguration": Verb(
        "send elsewhere the list of files of", "파일 목록 전송 설정"
    ),
    "s3:putbucketcors": Verb("decide which web pages may use", "웹페이지 접근 설정"),
    "s3:putbucketwebsite": Verb("make a web site of", "웹사이트로 공개"),
    "s3:putbucketversioning": Verb("keep or forget old versions of", "이전 버전 보관 설정"),
    "s3:putbucketnotification": Verb("decide who hears of new files of", "새 파일 알림 설정"),
    "s3vectors:listvectors": Verb("list the people of", "담긴 사람 목록 조회"),
    "s3vectors:putvectors": _WRITE,
    "s3vectors:queryvectors": Verb("search", "검색"),
    "secretsmanager:getsecretvalue": _READ,
    "sns:publish": _SEND,
    "sns:subscribe": Verb("get every message of", "모든 메시지 구독"),
    "sqs:sendmessage": _SEND,
    "sqs:receivemessage": _RECEIVE,
    "sqs:deletemessage": Verb("delete messages of", "메시지 삭제"),
    "sqs:purgequeue": Verb("empty", "메시지 전체 삭제"),
    "sqs:getqueueattributes": _SETTINGS,
    "sqs:startmessagemovetask": Verb("send messages again of", "메시지 재전송"),
    "sqs:cancelmessagemovetask": Verb("stop sending messages again of", "메시지 재전송 중지"),
    "sqs:listmessagemovetasks": _SETTINGS,
    "sts:getcalleridentity": Verb("see the name of", "이름 확인"),
    "sts:getfederationtoken": Verb("give others keys of", "임시 키 발급"),
    "sts:getsessiontoken": Verb("make more keys of", "임시 키 추가 발급"),
    "sts:assumerole": Verb("become", "사용"),
    "sts:assumerolewithwebidentity": Verb("become", "사용"),
    "sts:assumerolewithsaml": Verb("become", "사용"),
}
_BY_NAME: tuple[tuple[str, Verb], ...] = (
    (r"describe|get\w*(configuration|attributes|policy|acl|status|tags?|tagging)$", _SETTINGS),
    (r"list", _LIST),
    (r"get|batchget|query|scan|search|read|download|select|partiqlselect|retrieve|lookup", _READ),
    (r"delete|batchdelete|remove|purge|terminate|deregister|abort|partiqldelete|destroy", _DELETE),
    (r"put|create|add|insert|import|register|upload|partiqlinsert|write|batchwrite", _WRITE),
    (r"invoke|call|execute", _CALL),
    (r"send|publish", _SEND),
    (r"receive", _RECEIVE),
    (r"start|run", _START),
    (r"stop|cancel", _STOP),
)  # fmt: skip
_BY_LEVEL = {
    Level.LIST: _LIST,
    Level.READ: _READ,
    Level.TAGGING: _TAG,
    Level.WRITE: _CHANGE,
    Level.PERMISSIONS: _GIVE,
    Level.UNKNOWN: Verb("do something not described here with", "알려지지 않은 작업"),
}
MANY = 7
"""Verbs; with more of them one may do anything."""

SERVICES = 20


def verb(action: str) -> Verb:
    """Of one action, in small letters."""
    if action in _KNOWN:
        return _KNOWN[action]
    rank = level(action)
    if rank in (Level.PERMISSIONS, Level.TAGGING, Level.UNKNOWN):
        return _BY_LEVEL[rank]
    name = action.partition(":")[2]
    for pattern, found in _BY_NAME:
        if re.match(pattern, name):
            return found
    return _BY_LEVEL[rank]


def spans_account(actions: Iterable[str]) -> bool:
    """Whether they are of so many services that naming each tells nobody anything."""
    return len({one.partition(":")[0] for one in actions}) > SERVICES


def is_described(action: str) -> bool:
    """Whether the sentence is our own, and not a general one that wants the action's name."""
    return action in _KNOWN or action in {
        "dynamodb:getitem", "dynamodb:batchgetitem", "dynamodb:query", "dynamodb:scan",
        "dynamodb:deleteitem", "s3:getobject", "s3:deleteobject", "ssm:getparameter",
        "ssm:getparameters", "ssm:putparameter",
    }  # fmt: skip


def verbs(actions: Iterable[str]) -> tuple[Verb, Verb]:
    """Of all of them: `read, change and delete`, and in brackets the names of those whose verb is
    a general one."""
    sorted_actions = sorted(actions, key=lambda one: (list(Level).index(level(one)), one))
    said = list(dict.fromkeys(verb(one) for one in sorted_actions))
    if _REPLACE in said:
        said = [one for one in said if one not in (_WRITE, _DELETE)]
    if len(said) > MANY:
        return Verb("do anything with", "모든 작업"), Verb("", "")
    unknown = [spelled(one) for one in sorted_actions if not is_described(one)]
    names = ", ".join(unknown[:3]) + (f" and {len(unknown) - 3} more" if len(unknown) > 3 else "")
    names_korean = ", ".join(unknown[:3]) + (
        f" 외 {len(unknown) - 3}개" if len(unknown) > 3 else ""
    )
    done = Verb(both(one.english for one in said), in_korean(one.korean for one in said))
    if not unknown:
        return done, Verb("", "")
    return done, Verb(f" ({names})", f"({names_korean})")


# Lists of an identity store and of vectors tell of people.
_METADATA = re.compile(
    r"cloudwatch:(get|list|describe)\w+|(?!identitystore:)\w+:describe\w+|sqs:(getqueueattributes|list\w+)"
    r"|(?!s3:|identitystore:|s3vectors:listvectors)\w+:list\w+|ecr:(batchchecklayeravailability|getauthorizationtoken)"
    r"|sts:getcalleridentity|bedrock:getinferenceprofile|s3vectors:getindex"
)


def is_harmless(action: str) -> bool:
    """Whether it tells settings and figures only: nothing of people, nothing changes."""
    return level(action) in (Level.LIST, Level.READ) and bool(_METADATA.fullmatch(action))
