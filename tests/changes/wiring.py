"""Wired otherwise: another table, events and failures that go nowhere, nobody who answers."""

from cufit_ops.review.findings import Topic
from tests.changes.case import Templates, both, logical_id, properties, without

DATA = Topic.DATA


def _another_table(templates: Templates) -> None:
    told = properties(templates, "Matching/MatchWorkerFunction")["Environment"]["Variables"]
    told["CUFIT_CANDIDATES_TABLE"] = told["CUFIT_MATCHES_TABLE"]


def _elsewhere(templates: Templates) -> None:
    pattern = properties(templates, "Photos/Uploaded")["EventPattern"]
    pattern["detail"]["object"]["key"] = [{"prefix": "elsewhere/"}]


def _another_target(templates: Templates) -> None:
    function = logical_id(templates, "Photos/PhotoUploadUrlFunction")[1]
    target = properties(templates, "Photos/Uploaded")["Targets"][0]
    target["Arn"] = {"Fn::GetAtt": [function, "Arn"]}


def _no_queue_for_events(templates: Templates) -> None:
    del properties(templates, "Photos/Uploaded")["Targets"][0]["DeadLetterConfig"]


def _another_key(templates: Templates) -> None:
    key = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "alias/photos"}
    rule = {"ServerSideEncryptionByDefault": key}
    bucket = properties(templates, "Data/PhotoBucket")
    bucket["BucketEncryption"] = {"ServerSideEncryptionConfiguration": [rule]}


def _at_a_fixed_rate(templates: Templates) -> None:
    properties(templates, "Data/Candidates")["BillingMode"] = "PROVISIONED"


def _no_pages(templates: Templates) -> None:
    del properties(templates, "Data/PhotoBucket")["CorsConfiguration"]


def _no_alarm(templates: Templates) -> None:
    without("Observability/Dashboard")(templates)
    without("Observability/AlarmDeadLetters")(templates)


CASES = (
    *both("another table for the worker", _another_table,
          ((DATA, "match_worker uses the matches table where it used the candidates table"),),
          dangerous=True),
    *both("uploads elsewhere", _elsewhere, ((DATA, "hears other events"),)),
    *both("uploads for another function", _another_target,
          ((DATA, "photo_processor is no longer called"),), dangerous=True),
    *both("no queue for events", _no_queue_for_events, ((DATA, "Events that cannot be handed"),),
          dangerous=True),
    *both("no queue for failures", without("Photos/PhotoProcessorAsynchronous"),
          ((DATA, "What photo_processor fails at is lost"),),
          dangerous=True),
    *both("no uploads", without("Service/HttpApiPOSTv1photos"),
          ((DATA, "POST /v1/photos is not answered"),), dangerous=True),
    *both("no stage", without("Service/HttpApiStage"), ((DATA, "answers nobody"),), dangerous=True),
    *both("another key of the bucket", _another_key, ((DATA, "Encrypts the photo bucket"),)),
    *both("a table at a fixed rate", _at_a_fixed_rate, ((DATA, "at a fixed rate"),)),
    *both("no pages", _no_pages, ((DATA, "can no longer use the photo bucket"),)),
    *both("nobody hears of dead letters", _no_alarm, ((DATA, "Nobody is told any more"),)),
)  # fmt: skip
