"""Changes by which code, calls or data of somebody else get in or out, and no policy says so."""

from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Templates, both, logical_id, properties
from tests.changes.policies import Edit, dangerous

STRANGER = "444455556666"
_BUS = f"arn:aws:events:ap-northeast-2:{STRANGER}:event-bus/theirs"

_DESTINATION = f"arn:aws:logs:ap-northeast-2:{STRANGER}:destination:theirs"


def _resource(stack: str, kind: str, **given: Any) -> Edit:
    """A new resource of that type."""

    def edit(templates: Templates) -> None:
        templates[stack]["Resources"]["New"] = {"Type": kind, "Properties": given}

    return edit


def _foreign_image(templates: Templates) -> None:
    containers = properties(templates, "Service/FargateTask")["ContainerDefinitions"]
    containers[0]["Image"] = "docker.io/somebody/service:latest"


def _foreign_code(templates: Templates) -> None:
    code = {"S3Bucket": "somebody", "S3Key": "code.zip"}
    properties(templates, "Photos/PhotoProcessorFunction")["Code"] = code


def _foreign_target(templates: Templates) -> None:
    properties(templates, "Photos/Uploaded")["Targets"].append({"Arn": _BUS, "Id": "theirs"})


def _lock_and_copy(templates: Templates) -> None:
    """More is said of the bucket than that."""
    bucket = properties(templates, "Data/PhotoBucket")
    bucket["CorsConfiguration"]["CorsRules"] = []
    queue = f"arn:aws:sqs:ap-northeast-2:{STRANGER}:theirs"
    bucket["NotificationConfiguration"] = {
        "QueueConfigurations": [{"Event": "s3:ObjectCreated:*", "Queue": queue}]
    }


def _subscription(templates: Templates) -> None:
    _, topic = logical_id(templates, "Observability/Alarms")
    given = {
        "Protocol": "https",
        "Endpoint": "https://somebody.example",
        "TopicArn": {"Ref": topic},
    }
    _resource("Observability", "AWS::SNS::Subscription", **given)(templates)


def _sometimes(templates: Templates) -> None:
    """A policy that is there under a condition alone; the case is flipped."""
    stack, policy = logical_id(templates, "Matching/MatchWorkerRoleDefaultPolicy")
    templates[stack]["Conditions"] = {"Never": {"Fn::Equals": ["a", "b"]}}
    templates[stack]["Resources"][policy]["Condition"] = "Never"


def _macro(templates: Templates) -> None:
    templates["Matching"]["Transform"] = ["Theirs"]


CASES = (
    *dangerous("a macro writes the template", _macro, "Matching is rewritten by the macro Theirs"),
    *both(
        "a policy is no longer under a condition",
        _sometimes,
        ((Topic.PERMISSIONS, "Condition of .*could not be compared"),),
        dangerous=True,
        flipped=True,
    ),
    *dangerous(
        "an image of somebody else", _foreign_image, "code that this repository .* as the service"
    ),
    *dangerous(
        "a function's code of somebody else", _foreign_code, "code .* runs as photo_processor"
    ),
    *dangerous("events for another account", _foreign_target, f"names AWS account {STRANGER}"),
    *dangerous("every upload for another account", _lock_and_copy, f"names AWS account {STRANGER}"),
    *dangerous(
        "every log for another account",
        _resource(
            "Matching",
            "AWS::Logs::AccountPolicy",
            PolicyName="copy",
            PolicyType="SUBSCRIPTION_FILTER_POLICY",
            PolicyDocument=f'{{"DestinationArn": "{_DESTINATION}"}}',
        ),
        f"names AWS account {STRANGER}",
    ),
    *dangerous(
        "figures for another account",
        _resource(
            "Matching",
            "AWS::Oam::Link",
            ResourceTypes=["AWS::Logs::LogGroup"],
            SinkIdentifier=f"arn:aws:oam:ap-northeast-2:{STRANGER}:sink/a",
        ),
        f"names AWS account {STRANGER}",
    ),
    *dangerous("alarms for somebody's server", _subscription, "https://somebody.example now gets"),
    *dangerous(
        "anyone sends events",
        _resource(
            "Photos", "AWS::Events::EventBusPolicy",
            StatementId="all", Action="events:PutEvents", Principal="*",
        ),
        "could not be compared",
    ),
    *dangerous(
        "a second API without sign-in",
        _resource(
            "Service", "AWS::ApiGatewayV2::Api",
            Name="second", ProtocolType="HTTP", Target="https://cufit.example",
        ),
        "anyone on the internet may now call the Api New without signing in",
    ),
    *dangerous(
        "a layer for everyone",
        _resource(
            "Photos", "AWS::Lambda::LayerVersionPermission",
            LayerVersionArn="arn:aws:lambda:ap-northeast-2:111122223333:layer:ours:1",
            Action="lambda:GetLayerVersion", Principal="*",
        ),
        "anyone on the internet may now read the code of layer ours",
    ),
    *dangerous(
        "events for somebody's server",
        _resource(
            "Photos", "AWS::Events::ApiDestination",
            ConnectionArn="theirs", HttpMethod="POST",
            InvocationEndpoint="https://somebody.example",
        ),
        "https://somebody.example now gets what the \\w+ New sends",
    ),
    *dangerous(
        "files for somebody's server",
        _resource(
            "Photos", "AWS::KinesisFirehose::DeliveryStream",
            HttpEndpointDestinationConfiguration={
                "EndpointConfiguration": {"Url": "https://somebody.example"}
            },
        ),
        "https://somebody.example now gets what the \\w+ New sends",
    ),
    *dangerous(
        "images for everyone",
        _resource("Service", "AWS::ECR::PublicRepository", RepositoryName="ours"),
        "could not be compared",
    ),
    *dangerous(
        "our network as somebody's service",
        _resource("Service", "AWS::EC2::VPCEndpointService", AcceptanceRequired=False),
        "could not be compared",
    ),
)  # fmt: skip
