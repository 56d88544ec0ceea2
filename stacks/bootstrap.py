"""Which bootstrap an environment deploys through: `cdk bootstrap`'s roles, bucket and repository.

Each environment has its own, told apart by CDK's qualifier, so that the roles of one can neither
be assumed by the other's deployments nor write where the other's code lies.
"""

from stacks.settings import Environment

_LONGEST = 10
"""Of a qualifier (aws-cdk 2.1148.1, bootstrap-template.yaml, Parameters.Qualifier); role names
that hold it, the account and the region reach IAM's 64 characters with it."""

_CDKS_OWN = ("hnb659fds", "CDKToolkit")
"""What `cdk bootstrap` takes when nothing is said."""


def qualifier(environment: Environment) -> str:
    """The part of the names of an environment's bootstrap that is its own: cufitdev, cufitprod."""
    if environment.is_local:
        return _CDKS_OWN[0]  # a laptop is one environment, bootstrapped by nobody else
    return f"cufit{environment.name}"[:_LONGEST]


def toolkit_stack(environment: Environment) -> str:
    """The name of the stack that `cdk bootstrap` makes for the environment."""
    if environment.is_local:
        return _CDKS_OWN[1]
    return f"{_CDKS_OWN[1]}-{qualifier(environment)}"


def role_name(environment: Environment, kind: str, account: str, region: str) -> str:
    """Of the bootstrap's role for one `kind` of work: deploy, cfn-exec, file-publishing, …"""
    return f"cdk-{qualifier(environment)}-{kind}-role-{account}-{region}"
