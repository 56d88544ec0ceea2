"""Changes that nobody has to fear: none of them may be called dangerous."""

from tests.changes.case import Templates, both, of_type, properties


def _other_description(templates: Templates) -> None:
    for _, _, function in of_type(templates, "AWS::Lambda::Function"):
        function["Properties"]["Description"] = "said in other words"


def _new_tag(templates: Templates) -> None:
    for name in ("Data/Candidates", "Data/PhotoBucket"):
        table = properties(templates, name)
        tagged = table["Replicas"][0] if "Replicas" in table else table
        tagged.setdefault("Tags", []).append({"Key": "team", "Value": "cufit"})


CASES = (
    *both("another description", _other_description),
    *both("a new tag", _new_tag),
)
