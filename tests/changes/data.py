"""What people stored is lost, left behind, moved, less protected, or nobody handles it."""

from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import (
    Case,
    Templates,
    both,
    logical_id,
    properties,
    renamed,
    resource,
    without,
)

DATA = Topic.DATA


def _renamed(name: str, stem: str) -> Any:
    return lambda templates: renamed(templates, name, stem)


def _set(name: str, **changes: Any) -> Any:
    """Properties of a resource; None takes one away."""

    def edit(templates: Templates) -> None:
        held = properties(templates, name)
        held |= {key: value for key, value in changes.items() if value is not None}
        for key, value in changes.items():
            if value is None:
                held.pop(key, None)

    return edit


def _moved_to(name: str, stack: str) -> Any:
    def edit(templates: Templates) -> None:
        home, found = logical_id(templates, name)
        whole = templates[home]["Resources"].pop(found)
        templates[stack]["Resources"]["Elsewhere0A1B2C3D"] = whole

    return edit


def _unprotected(templates: Templates) -> None:
    for replica in properties(templates, "Data/Members")["Replicas"]:
        replica["DeletionProtectionEnabled"] = False


def _without_backups(templates: Templates) -> None:
    for replica in properties(templates, "Data/Matches")["Replicas"]:
        replica["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": False}


def _let_go(templates: Templates) -> None:
    table = resource(templates, "Data/Candidates")
    del table["DeletionPolicy"], table["UpdateReplacePolicy"]


def _deleted_when_replaced(templates: Templates) -> None:
    resource(templates, "Data/PhotoBucket")["UpdateReplacePolicy"] = "Delete"


def _all_let_go(templates: Templates) -> None:
    for template in templates.values():
        for found in template["Resources"].values():
            for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
                if found.get(policy) == "Retain":
                    found[policy] = "Delete"


def _one_index_less(templates: Templates) -> None:
    table = properties(templates, "Data/Candidates")
    table["GlobalSecondaryIndexes"] = [
        index for index in table["GlobalSecondaryIndexes"] if index["IndexName"] != "by_maker"
    ]


def _photos_for_a_week(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    rules.append({"Id": "tidy", "Prefix": "photos/", "ExpirationInDays": 7, "Status": "Enabled"})


def _every_object_for_a_day(templates: Templates) -> None:
    (rule,) = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    del rule["Prefix"]


def _archived(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    step = {"StorageClass": "GLACIER", "TransitionInDays": 30}
    rules.append({"Id": "cheaper", "Prefix": "", "Transitions": [step], "Status": "Enabled"})


def _versions_kept(templates: Templates) -> None:
    properties(templates, "Data/PhotoBucket")["VersioningConfiguration"] = {"Status": "Enabled"}


def _silent_bucket(templates: Templates) -> None:
    del properties(templates, "Data/PhotoBucket")["NotificationConfiguration"]


def _without_dead_letters(templates: Templates) -> None:
    del properties(templates, "Matching/MatchRequestsQueue")["RedrivePolicy"]


def _another_key(templates: Templates) -> None:
    table = properties(templates, "Data/Members")
    table["KeySchema"] = [{"AttributeName": "subject", "KeyType": "HASH"}]
    table["AttributeDefinitions"] = [{"AttributeName": "subject", "AttributeType": "S"}]


def _without_a_stack(name: str) -> Any:
    def edit(templates: Templates) -> None:
        del templates[name]

    return edit


def _another_issuer(templates: Templates) -> None:
    held = properties(templates, "Service/HttpApiJwt")["JwtConfiguration"]
    held["Issuer"] = "https://accounts.one.example"


def _new_api(templates: Templates) -> None:
    renamed(templates, "Service/HttpApi", "FrontDoor")


def _a_function_with_its_logs(templates: Templates) -> None:
    held = templates["Observability"]["Resources"]
    for found in [one for one in held if one.startswith(("AlarmNotifier", "Dashboard"))]:
        del held[found]


DIMENSION = {"Dimension": 512}
EMPTY = "people would see an empty candidates table"

CASES = (
    Case("candidates table renamed (prod)", "prod", _renamed("Data/Candidates", "People"),
         ((DATA, "Renames the candidates table to People"), (DATA, EMPTY), (DATA, "stays outside")),
         dangerous=True),
    Case("candidates table renamed (dev)", "dev", _renamed("Data/Candidates", "People"),
         ((DATA, "Renames the candidates table"), (DATA, "old one is deleted with everything")),
         dangerous=True),
    *both("matches table deleted", without("Data/Matches"),
          ((DATA, "people would see no match"),), dangerous=True),
    *both("photo bucket deleted", without("Data/PhotoBucket"),
          ((DATA, "photo bucket.*people would see no photos"),), dangerous=True),
    *both("photo bucket with a name of its own",
          _set("Data/PhotoBucket", BucketName="cufit-photos-of-ours"),
          ((DATA, r"Replaces the photo bucket \(BucketName\)"),), dangerous=True),
    *both("photo bucket renamed", _renamed("Data/PhotoBucket", "Pictures"),
          ((DATA, "Renames the photo bucket to Pictures"),), dangerous=True),
    *both("members table with a name", _set("Data/Members", TableName="members"),
          ((DATA, r"Replaces the members table .*stranger"),), dangerous=True),
    *both("another key of members", _another_key,
          ((DATA, r"Replaces the members table \(KeySchema\)"),), dangerous=True),
    *both("photos table moved to another stack", _moved_to("Data/Photos", "Photos"),
          ((DATA, "Moves the photos table to the stack Photos"),), dangerous=True),
    *both("vectors of another dimension", _set("Knowledge/VectorIndex", **DIMENSION),
          ((DATA, r"Replaces the vector index \(Dimension\).*cufit kb sync"),
           (DATA, "Replaces the knowledge base")), dangerous=True),
    *both("knowledge base renamed", _renamed("Knowledge/KnowledgeBase", "Meanings"),
          ((DATA, "Renames the knowledge base to Meanings"),), dangerous=True),
    *both("vector bucket deleted", without("Knowledge/VectorBucket"),
          ((DATA, "Deletes the vector bucket"),), dangerous=True),
    *both("data source cut otherwise", _set("Knowledge/DataSource", VectorIngestionConfiguration={
              "ChunkingConfiguration": {"ChunkingStrategy": "FIXED_SIZE"}}),
          ((DATA, "Replaces the knowledge base's data source"),), dangerous=True),
    *both("match requests in a new queue", _renamed("Matching/MatchRequestsQueue", "Asked"),
          ((DATA, "match-requests queue.*never made"),), dangerous=True),
    *both("dead letters deleted", without("Matching/DeadLetters"),
          ((DATA, "Deletes the dead-letter queue"),), dangerous=True),
    *both("first in, first out", _set("Matching/ProfileChangesQueue", FifoQueue=True),
          ((DATA, r"Replaces the profile-changes queue \(FifoQueue\)"),), dangerous=True),
    *both("messages for a minute", _set("Matching/MatchRequestsQueue", MessageRetentionPeriod=60),
          ((DATA, "deleted after 1 minute instead of 4 days"),), dangerous=True),
    *both("no dead letters", _without_dead_letters,
          ((DATA, "match-requests queue that cannot be handled are lost"),), dangerous=True),
    *both("brake elsewhere", _set("Matching/Brake", Name="/cufit/other/brake"),
          ((DATA, "the brake is off again"),), dangerous=True),
    *both("brake set", _set("Matching/Brake", Value="rules"),
          ((DATA, "Sets the brake to rules, whatever"),)),
    Case("deletion protection off", "prod", _unprotected,
         ((DATA, "members table.*deletion protection is taken away"),), dangerous=True),
    Case("backups end", "prod", _without_backups,
         ((DATA, "Ends the backups of the matches table"),), dangerous=True),
    Case("a table let go", "prod", _let_go,
         ((DATA, "Takes away what keeps the candidates table"),), dangerous=True),
    Case("the bucket's replacement lets go", "prod", _deleted_when_replaced,
         ((DATA, "photo bucket: if it is replaced"),), dangerous=True),
    Case("retain_data off", "prod", _all_let_go,
         ((DATA, "keeps the members table"), (DATA, "keeps the photo bucket")), dangerous=True),
    *both("an index less that is asked", _one_index_less,
          ((DATA, "Removes the index by_maker of the candidates table"),), dangerous=True),
    *both("candidates end by themselves", _set("Data/Candidates", TimeToLiveSpecification={
              "AttributeName": "updated_at", "Enabled": True}),
          ((DATA, "Deletes rows of the candidates table by themselves"),), dangerous=True),
    *both("invitations end at another time", _set("Data/Invitations", TimeToLiveSpecification={
              "AttributeName": "created_at_epoch", "Enabled": True}),
          ((DATA, "created_at_epoch is over, no longer by expires_at_epoch"),), dangerous=True),
    *both("idempotency never ends", _set("Data/Idempotency", TimeToLiveSpecification=None),
          ((DATA, "no longer end by themselves"),)),
    *both("photos for a week", _photos_for_a_week,
          ((DATA, r"Deletes photos/.* 7 days after"),), dangerous=True),
    *both("every object for a day", _every_object_for_a_day,
          ((DATA, "Deletes everything, every photo included"),), dangerous=True),
    *both("photos archived", _archived, ((DATA, "nobody can see it until"),), dangerous=True),
    *both("no versions any more", _versions_kept, ((DATA, "no earlier versions any more"),),
          dangerous=True, flipped=True),
    *both("a bucket that tells nobody", _silent_bucket,
          ((DATA, "Uploaded photos are never checked"),), dangerous=True),
    *both("no rule for uploads", without("Photos/Uploaded"),
          ((DATA, "photo_processor is no longer called"),), dangerous=True),
    *both("another issuer", _another_issuer, ((DATA, "is somebody new there"),), dangerous=True),
    *both("another API", _new_api, ((DATA, "The API gets another address"),), dangerous=True),
    *both("Data leaves the app", _without_a_stack("Data"),
          ((DATA, "stack Data with the candidates table out of the app"),), dangerous=True),
    Case("logs for a week", "prod", _set("Matching/MatchWorkerLogs", RetentionInDays=7),
         ((DATA, "Deletes the logs of match_worker older than 7 days"),)),
    Case("a function and its logs go", "prod", _a_function_with_its_logs,
         ((DATA, "Deletes the logs of alarm_notifier"),)),
)  # fmt: skip
