"""What the CDK CLI asks of ECR before it builds an image.

DescribeImages of an image that is not there is an error; MiniStack answers with none, which the CLI
takes for published. And IAM checks ecr:DescribeRepositories on the repository that a request names:
MiniStack looks for `repositoryName`, which this request has not, and would ask for the action on
all repositories, which the CDK's role may not.
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import ecr


def apply() -> None:
    _refuse_images_that_are_not_there()
    _know_the_named_repository()


def _refuse_images_that_are_not_there() -> None:
    describe: Callable[[dict[str, Any]], Any] = ecr._describe_images

    def describe_if_there(request: dict[str, Any]) -> Any:
        name = request.get("repositoryName", "")
        for image in request.get("imageIds") or []:
            if name in ecr._repositories and not ecr._find_image(name, image):
                said = f"The image with imageId {image} does not exist within the repository"
                return error_response_json("ImageNotFoundException", f"{said} '{name}'", 400)
        return describe(request)

    ecr._describe_images = describe_if_there


def _know_the_named_repository() -> None:
    resource_of: Callable[..., str] = iam_actions.extract_resource_arn

    def resource_or_named(
        service: str, method: str, path: str, headers: Any, body: bytes, *more: Any
    ) -> str:
        if service == "ecr" and headers.get("x-amz-target", "").endswith(".DescribeRepositories"):
            names = _names(body)
            if len(names) == 1:
                where = f"{get_region()}:{get_account_id()}"
                return f"arn:aws:ecr:{where}:repository/{names[0]}"
        return resource_of(service, method, path, headers, body, *more)

    iam_actions.extract_resource_arn = resource_or_named


def _names(body: bytes) -> list[str]:
    try:
        names = json.loads(body)["repositoryNames"]
    except (ValueError, TypeError, KeyError):
        return []
    return names if isinstance(names, list) else []
