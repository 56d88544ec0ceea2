"""Errors as Bedrock names them (botocore service models), on the wire."""

import json

Response = tuple[int, dict[str, str], bytes]


class BedrockError(Exception):
    """An error answer: AWS's error code, its HTTP status, and a message."""

    code = "InternalServerException"
    status = 500

    def response(self) -> Response:
        headers = {"Content-Type": "application/json", "x-amzn-errortype": self.code}
        body = {"message": str(self), "__type": self.code}
        return self.status, headers, json.dumps(body, ensure_ascii=False).encode()


class ValidationError(BedrockError):
    code = "ValidationException"
    status = 400


class ResourceNotFoundError(BedrockError):
    code = "ResourceNotFoundException"
    status = 404


class AccessDeniedError(BedrockError):
    """Access to the model was not asked for in the account; IAM's own denials are MiniStack's."""

    code = "AccessDeniedException"
    status = 403


class ThrottledError(BedrockError):
    code = "ThrottlingException"
    status = 429


class InternalServerError(BedrockError):
    code = "InternalServerException"
    status = 500


class DependencyFailedError(BedrockError):
    """Of the knowledge base's operations: what they call did not answer."""

    code = "DependencyFailedException"
    status = 424


class ModelFailedError(BedrockError):
    """Of Converse: what the model wrote cannot be read as a call of the tool."""

    code = "ModelErrorException"
    status = 424


class UnknownOperationError(BedrockError):
    code = "UnknownOperationException"
    status = 404
