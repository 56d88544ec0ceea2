"""What each key of config/*.toml means, in both languages: the one place for these words.

A test holds them against stacks.settings: every key has words, and no word is about a key that is
gone.
"""

from dataclasses import dataclass
from typing import Final

from cufit_ops.review.findings import Sentence


@dataclass(frozen=True)
class Words:
    meaning: Sentence
    """What the key is, and what another value does; a clause after a colon."""
    unit: str = ""


KOREAN_UNITS: Final = {
    "days": "일", "tasks": "대", "people": "명", "photos": "장", "uploads": "회", "pixels": "픽셀",
    "bytes": "바이트", "s": "초", "tokens": "토큰", "/s": "건/초",
}  # fmt: skip
"""Written without a space; other units are the same in both languages."""


def _words(english: str, korean: str, unit: str = "") -> Words:
    return Words(Sentence(english, korean), unit)


TABLES: Final = {
    "office_hours": _words(
        "the hours in which tasks run, Korea's time; without them they run always",
        "서버가 켜져 있는 시간(한국 시간). 없으면 늘 켜져 있습니다",
    ),
    "budget": _words(
        "mails when the whole account nears its monthly limit; stops nothing",
        "계정 전체 비용이 월 한도에 가까워지면 메일을 보냅니다. 아무것도 멈추지는 않습니다",
    ),
    "delivery": _words("deploying from GitHub", "GitHub에서 배포하기"),
}
"""Tables that may be left out as a whole."""

KEYS: Final = {
    "region": _words("where everything runs; another one is a new, empty environment",
                     "모든 것이 실행되는 리전. 바꾸면 비어 있는 새 환경이 됩니다"),
    "account": _words("the AWS account; another one is a new, empty environment",
                      "AWS 계정. 바꾸면 비어 있는 새 환경이 됩니다"),
    "availability_zones": _words("the two data centres that the service runs in",
                                 "서비스가 실행되는 두 가용 영역"),
    "entry": _words("how requests reach the service: cloudmap loses a few during a deployment and "
                    "costs $0.50 a month, alb loses none and costs $16.43",
                    "요청이 서비스에 닿는 길. cloudmap은 월 $0.50이고 배포 중 몇 건이 실패하며, "
                    "alb는 "
                    "월 $16.43이고 실패하지 않습니다"),
    "public_url": _words("the address at which people reach the API; its name and certificate are "
                         "yours to set up first",
                         "사람들이 API에 접속하는 주소. 도메인과 인증서는 먼저 직접 준비해야 "
                         "합니다"),
    "retain_data": _words("whether tables and photos outlive their stacks and are backed up",
                          "스택을 지워도 테이블과 사진을 남기고 백업할지"),
    "log_retention_days": _words("how long logs are kept; older ones are deleted",
                                 "로그를 보관하는 기간. 더 오래된 로그는 지워집니다", "days"),
    "log_level": _words("how much is logged; DEBUG costs most", "로그를 얼마나 자세히 남길지. "
                                                                "DEBUG가 가장 "
                        "비쌉니다"),
    "fargate.cpu": _words("processor of each task of the service; 1024 are one vCPU",
                          "서버 한 대의 CPU. 1024가 1 vCPU입니다", "CPU units"),
    "fargate.memory": _words("memory of each task of the service", "서버 한 대의 메모리", "MiB"),
    "fargate.desired_count": _words("tasks of the service that run; 0 parks the environment, and "
                                    "the API answers 503",
                                    "켜 두는 서버 수. 0이면 환경이 쉬고 API는 503으로 답합니다",
                                    "tasks"),
    "fargate.spot": _words("whether tasks beyond the first run on Spot: cheaper, and taken away at "
                           "two minutes' notice",
                           "두 번째부터의 서버를 Spot으로 쓸지. 싸지만 2분 예고 후 회수될 수 "
                           "있습니다"),
    "office_hours.days": _words("the days on which tasks run", "서버가 켜져 있는 요일"),
    "office_hours.opens": _words("when tasks start, Korea's time", "서버를 켜는 시각(한국 시간)"),
    "office_hours.closes": _words("when tasks end, Korea's time", "서버를 끄는 시각(한국 시간)"),
    "auth.issuer": _words("who signs people in; under another one everybody is somebody new",
                          "로그인을 맡는 곳. 바꾸면 모든 회원이 새 사람으로 취급됩니다"),
    "auth.audiences": _words("the apps whose sign-ins are taken; users of one that is left out are "
                             "turned away",
                             "로그인을 받아 주는 앱. 빠진 앱의 사용자는 들어오지 못합니다"),
    "auth.admin_subjects": _words("who is an administrator", "관리자인 사람"),
    "web.origins": _words("pages that may call the API and upload photos from a browser",
                          "브라우저에서 API를 부르고 사진을 올릴 수 있는 페이지"),
    "matching.matchmaker": _words("who ranks the candidates: a model, or rules alone",
                                  "후보자 순위를 매기는 방법: AI 모델 또는 규칙만"),
    "matching.model_id": _words("the model that judges candidates; another one costs and judges "
                                "otherwise",
                                "후보자를 평가하는 모델. 바꾸면 비용과 평가가 달라집니다"),
    "matching.embedding_model_id": _words("the model that turns profiles into vectors; after "
                                          "another one `cufit kb sync` has to fill the index anew",
                                          "프로필을 벡터로 바꾸는 모델. 바꾸면 `cufit kb sync`로 "
                                          "인덱스를 "
                                          "다시 채워야 합니다"),
    "matching.dimension": _words("length of the vectors; with another one the index is empty until "
                                 "`cufit kb sync` has filled it",
                                 "벡터의 길이. 바꾸면 `cufit kb sync`로 채울 때까지 인덱스가 비어 "
                                 "있습니다"),
    "matching.shortlist": _words("people whom the model judges each time; about $0.00002 for each",
                                 "모델이 한 번에 평가하는 사람 수. 한 명에 약 $0.00002입니다",
                                 "people"),
    "matching.near_in_meaning": _words("of these, whom the knowledge base finds near in meaning; "
                                       "facts choose the rest",
                                       "그중 지식 베이스가 뜻이 가깝다고 찾는 사람 수. 나머지는 "
                                       "조건으로 "
                                       "고릅니다", "people"),
    "matching.temperature": _words("how much the model's answers vary; 0 for the same answer again",
                                   "모델의 답이 달라지는 정도. 0이면 같은 답을 합니다"),
    "matching.max_tokens": _words("the longest answer of the model; reserved against its quota",
                                  "모델이 답하는 최대 길이. 그만큼 할당량을 미리 씁니다", "tokens"),
    "matching.timeout_seconds": _words("the longest wait for one answer of the model",
                                       "모델의 답 하나를 기다리는 최대 시간", "s"),
    "matching.prompt_version": _words("the prompt and rubric by which candidates are judged",
                                      "후보자를 평가하는 프롬프트와 채점 기준"),
    "matching.learn_from_answers": _words("whether people's answers count for whom they are "
                                          "recommended to",
                                          "사람들의 응답을 추천에 반영할지"),
    "matching.congestion": _words("whether who was shown often lately steps back",
                                  "최근에 많이 보인 사람을 뒤로 미룰지"),
    "matching.shadow_prompt_version": _words("a prompt that is tried beside the other for a tenth "
                                             "of the recommendations, at the price of those",
                                             "추천의 10분의 1에서 함께 시험하는 프롬프트. 그만큼 "
                                             "비용이 더 "
                                             "듭니다"),
    "matching.daily_recommendations_per_maker": _words(
        "recommendations a maker may ask for in a day, Korea's; each costs about $0.0005",
        "주선자 한 명이 하루(한국 시간)에 요청할 수 있는 추천 수. 하나에 약 $0.0005입니다"),
    "photos.upload_ttl_seconds": _words("how long an upload's address works",
                                        "사진 업로드 주소가 유효한 시간", "s"),
    "photos.max_upload_bytes": _words("the largest photo that may be uploaded",
                                      "올릴 수 있는 사진의 최대 크기", "bytes"),
    "photos.per_candidate": _words("photos a candidate may have",
                                   "후보자 한 명의 최대 사진 수", "photos"),
    "photos.uploads_per_day": _words("uploads of a candidate in a day",
                                     "후보자 한 명이 하루에 올릴 수 있는 횟수", "uploads"),
    "photos.max_pixels": _words("the largest picture, width × height",
                                "사진의 최대 픽셀 수(가로 × 세로)", "pixels"),
    "throttling.rate": _words("requests a second that the API lets through; more get 429",
                              "API가 1초에 받는 요청 수. 넘으면 429로 답합니다", "/s"),
    "throttling.burst": _words("requests at once that the API lets through",
                               "API가 한꺼번에 받는 요청 수"),
    "alarms.email": _words("who hears alarms by mail", "알람 메일을 받는 사람"),
    "alarms.webhook_parameter": _words("the SSM SecureString with the Discord or Slack webhook of "
                                       "alarms; put it there first",
                                       "알람을 보낼 Discord·Slack 웹훅이 든 SSM SecureString. "
                                       "먼저 만들어 "
                                       "두어야 합니다"),
    "alarms.level": _words("how many alarms watch; each beyond ten of the account costs $0.10 a "
                           "month",
                           "알람을 몇 개 둘지. 계정에서 10개를 넘으면 하나에 월 $0.10입니다"),
    "budget.monthly_usd": _words("what the whole account may cost a month, with VAT; above it a "
                                 "mail is sent",
                                 "계정 전체의 월 한도(부가세 포함). 넘으면 메일을 보냅니다", "USD"),
    "budget.vat_percent": _words("VAT that AWS adds", "AWS가 더하는 부가세", "%"),
    "budget.credits_usd": _words("what is left of the credits on the day of credits_from",
                                 "credits_from 날짜에 남아 있는 크레딧", "USD"),
    "budget.credits_from": _words("the day on which somebody looked how much credit is left",
                                  "남은 크레딧을 확인한 날짜"),
    "brake.daily_usd": _words("what AI may cost in 24 hours before rules alone recommend",
                              "24시간 동안 쓸 수 있는 AI 비용. 넘으면 규칙으로만 추천합니다",
                              "USD"),
    "brake.monthly_usd": _words("what the account's AI may cost in a month before rules alone "
                                "recommend",
                                "계정에서 한 달에 쓸 수 있는 AI 비용. 넘으면 규칙으로만 추천합니다",
                              "USD"),
    "delivery.github_repository": _words("the repository that may deploy", "배포할 수 있는 저장소"),
    "delivery.owner_id": _words("number of the repository's owner, by which GitHub is recognized",
                                "GitHub을 확인하는 저장소 소유자 번호"),
    "delivery.repository_id": _words("number of the repository, by which GitHub is recognized",
                                     "GitHub을 확인하는 저장소 번호"),
    "delivery.deploy_from": _words("the branches or GitHub environments that may deploy",
                                   "배포할 수 있는 브랜치나 GitHub 환경"),
    "delivery.github_provider": _words("whether this environment makes the account trust GitHub; "
                                       "one in an account does",
                                       "계정이 GitHub을 신뢰하게 만드는 환경인지. 계정에 하나만 "
                                       "있습니다"),
    "delivery.operator_roles": _words("whether the roles for people are here; once in an account",
                                      "사람이 쓰는 역할을 여기에 둘지. 계정에 한 번만 둡니다"),
    "functions.architecture": _words("the processor that functions are built for",
                                     "함수를 빌드하는 프로세서"),
    "functions.python": _words("the Python of the functions", "함수의 Python 버전"),
    "image.mode": _words("where the service's container comes from", "서비스 컨테이너를 얻는 방법"),
}  # fmt: skip
