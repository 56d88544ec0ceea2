"""Values that nobody takes, and values that change what answers, starts or is handled."""

from collections.abc import Callable
from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Case, Templates, of_type, properties, resource

REFUSED, DATA, CAPACITY = Topic.REFUSED, Topic.DATA, Topic.CAPACITY
CONFIGURATION = Topic.CONFIGURATION


def _set(name: str, **values: Any) -> Callable[[Templates], None]:
    return lambda templates: properties(templates, name).update(values)


def _without(name: str, *keys: str) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        for key in keys:
            del properties(templates, name)[key]

    return edit


def _after_nothing(templates: Templates) -> None:
    resource(templates, "Matching/MatchWorkerFunction")["DependsOn"] = ["Nowhere"]


def _told(name: str, value: str) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        for one in properties(templates, "Service/FargateTask")["ContainerDefinitions"][0][
            "Environment"
        ]:
            if one["Name"] == name:
                one["Value"] = value

    return edit


def _more_tokens(templates: Templates) -> None:
    told = properties(templates, WORKER)["Environment"]["Variables"]
    told["CUFIT_MAX_TOKENS"] = "100000"


def _no_brake(templates: Templates) -> None:
    del properties(templates, WORKER)["Environment"]["Variables"]["CUFIT_BRAKE_PARAMETER"]


def _another_mail(templates: Templates) -> None:
    for _, _, one in of_type(templates, "AWS::SNS::Subscription"):
        if one["Properties"]["Protocol"] == "email":
            one["Properties"]["Endpoint"] = "new@cufit.example"


def _uploads_to_the_service(templates: Templates) -> None:
    other = properties(templates, "Service/HttpApiPOSTproxy")["Target"]
    properties(templates, "Service/HttpApiPOSTv1photos")["Target"] = other


def _other_port(templates: Templates) -> None:
    properties(templates, "Service/FargateService")["ServiceRegistries"][0]["ContainerPort"] = 9090


def _container(**values: Any) -> Callable[[Templates], None]:
    def edit(templates: Templates) -> None:
        held = properties(templates, "Service/FargateTask")["ContainerDefinitions"][0]
        for key, value in values.items():
            held.pop(key) if value is None else held.update({key: value})

    return edit


def _other_costs(templates: Templates) -> None:
    properties(templates, "Budget/AiBudget")["Budget"]["CostFilters"] = {"Service": ["Amazon S3"]}


WORKER = "Matching/MatchWorkerFunction"

CASES = (
    Case("no size of Fargate", "prod", _set("Service/FargateTask", Cpu="512", Memory="8192"),
         ((REFUSED, "512 CPU units with 8192 MiB is not a Fargate size"),), True),
    Case("too little memory", "dev", _set(WORKER, MemorySize=64),
         ((REFUSED, "MemorySize 64 of match_worker .*128 to"),), True),
    Case("messages hidden for ever", "prod",
         _set("Matching/MatchRequestsQueue", VisibilityTimeout=99_999),
         ((REFUSED, "VisibilityTimeout 99999 .*0 to 43200"),), True),
    Case("logs for 15 days", "dev", _set("Matching/MatchWorkerLogs", RetentionInDays=15),
         ((REFUSED, "RetentionInDays 15 .*one of 1, 3, 5"),), True),
    Case("many messages at once", "prod", _set("Matching/MatchWorkerMessages", BatchSize=50),
         ((REFUSED, "BatchSize 50"),), True),
    Case("a property of nobody", "dev", _set(WORKER, Memory=1024),
         ((REFUSED, "no such property"),), True),
    Case("a function without a role", "prod", _without(WORKER, "Role"),
         ((REFUSED, "match_worker of Matching needs Role"),), True),
    Case("an alarm for nobody", "prod",
         _set("Observability/AlarmDeadLetters", AlarmActions=[{"Ref": "Nobody"}]),
         ((REFUSED, "refers to Nobody, which is not in"),), True),
    Case("after nothing", "dev", _after_nothing, ((REFUSED, "refers to Nowhere"),), True),
    Case("failures for handled", "prod",
         _without("Matching/ProfileIndexerMessages", "FunctionResponseTypes"),
         ((DATA, "deleted as if they were handled"),), True),
    Case("a path under another name", "prod",
         _set("Service/HttpApiPOSTproxy", RouteKey="POST /v2/{proxy+}"),
         ((DATA, r"POST /{proxy\+} is not answered"),), True),
    Case("uploads to the service", "dev", _uploads_to_the_service,
         ((DATA, "POST /v1/photos is answered by another part"),)),
    Case("another port of the tasks", "prod", _other_port,
         ((DATA, "sent to another port than"),), True),
    Case("another port of the service", "dev", _told("CUFIT_PORT", "9090"),
         ((DATA, "sent to another port than"),), True),
    Case("another issuer of the service", "prod", _told("CUFIT_OIDC_ISSUER", "https://a.example"),
         ((DATA, "trusts sign-ins of https://a.example instead of"),), True),
    Case("more recommendations a day", "prod", _told("CUFIT_DAILY_RECOMMENDATIONS", "3000"),
         ((CONFIGURATION, "CUFIT_DAILY_RECOMMENDATIONS 30 → 3000"),)),
    Case("more tokens", "prod", _more_tokens,
         ((CONFIGURATION, "match_worker is told otherwise: CUFIT_MAX_TOKENS"),)),
    Case("a worker without a brake", "dev", _no_brake,
         ((DATA, "match_worker is no longer told the brake"),), True),
    Case("another mail, no file beside", "prod", _another_mail,
         ((DATA, "^new@cufit.example hears nothing of .* until the link"),)),
    Case("another handler", "prod", _set("Photos/PhotoProcessorFunction", Handler="photo.run"),
         ((CAPACITY, "photo_processor starts at photo.run"),)),
    Case("another Python", "dev", _set(WORKER, Runtime="python3.12"),
         ((CAPACITY, "match_worker runs on python3.12"),)),
    Case("a worker in a network", "prod",
         _set(WORKER, VpcConfig={"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}),
         ((CAPACITY, "match_worker moves into a network"),), True),
    Case("another command", "dev", _container(Command=["python", "-m", "other"]),
         ((CAPACITY, "Starts with another command"),)),
    Case("no logs of the service", "prod", _container(LogConfiguration=None),
         ((DATA, "What the service logs is no longer kept"),)),
    Case("photos tried once", "prod",
         _set("Photos/PhotoProcessorAsynchronous", MaximumRetryAttempts=0),
         ((DATA, "tried again 0 times"),)),
    Case("an impatient API", "dev", _set("Service/HttpApiGEThealthService", TimeoutInMillis=50),
         ((DATA, "waits 50 ms"),)),
    Case("a budget of other costs", "prod", _other_costs, ((DATA, "counts other costs"),)),
)  # fmt: skip
