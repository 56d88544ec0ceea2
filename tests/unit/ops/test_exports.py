"""Changes that CloudFormation refuses, told from the templates before and after."""

from typing import Any

from cufit_ops.review.refused import refusals
from cufit_ops.review.replacement import replaced
from cufit_ops.template_graph import Account

Template = dict[str, Any]
NAME = "cufit-dev-Data:Table"


def account(**templates: Template) -> Account:
    exports = {
        output["Export"]["Name"]: (stack, output["Value"])
        for stack, template in templates.items()
        for output in template.get("Outputs", {}).values()
    }
    return Account(templates, exports)


def data(value: Any = None, **resources: Template) -> Template:
    outputs = {"Table": {"Value": value, "Export": {"Name": NAME}}} if value else {}
    return {"Resources": resources, "Outputs": outputs}


def user(value: Any) -> Template:
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": value}}
    return {"Resources": {"Function": function}}


def index(dimension: int) -> Template:
    return {"Type": "AWS::S3Vectors::Index", "Properties": {"Dimension": dimension}}


IMPORTS = user({"Fn::ImportValue": NAME})


def test_an_export_that_goes_while_it_is_imported() -> None:
    base = account(Data=data({"Ref": "T"}), Service=IMPORTS)
    (said,) = refusals(base, account(Data=data(), Service=user("x")))
    assert said.startswith(
        f"this deployment will be refused, because Service still imports {NAME} that Data no "
        "longer exports"
    )


def test_an_export_may_go_when_the_base_imports_it_no_more() -> None:
    base = account(Data=data({"Ref": "T"}), Service=user("x"))
    assert refusals(base, account(Data=data(), Service=user("x"))) == []


def test_a_stack_that_leaves_the_app_stays_deployed_with_its_exports_and_imports() -> None:
    base = account(Data=data({"Ref": "T"}), Service=IMPORTS)
    assert refusals(base, account(Service=user("x"))) == []
    assert len(refusals(base, account(Data=data()))) == 1


def test_an_export_of_something_that_is_made_anew() -> None:
    value = {"Fn::GetAtt": ["Index", "IndexArn"]}
    base = account(Data=data(value, Index=index(1024)), Service=IMPORTS)
    (said,) = refusals(base, account(Data=data(value, Index=index(512)), Service=IMPORTS))
    assert "Data exports another value of that name" in said
    assert refusals(base, base) == []


def test_what_is_made_of_something_made_anew_is_made_anew() -> None:
    base = {"Storage": {"S3VectorsConfiguration": {"IndexArn": {"Ref": "Index"}}}}

    def template(dimension: int) -> Template:
        knowledge = {
            "Type": "AWS::Bedrock::KnowledgeBase",
            "Properties": {"StorageConfiguration": base["Storage"]},
        }
        return data(Index=index(dimension), Knowledge=knowledge)

    assert replaced(template(1024), template(512)) == {"Index", "Knowledge"}
    assert replaced(template(512), template(512)) == set()


def subnet(zone: str, block: str) -> Template:
    properties = {"AvailabilityZone": zone, "CidrBlock": block}
    return {"Type": "AWS::EC2::Subnet", "Properties": properties}


def test_a_subnet_made_anew_with_the_same_addresses() -> None:
    base = account(Service=data(First=subnet("a", "10.0.0.0/24")))
    (said,) = refusals(base, account(Service=data(First=subnet("c", "10.0.0.0/24"))))
    assert "the new subnet First of Service wants 10.0.0.0/24, which First still holds" in said
    assert refusals(base, account(Service=data(First=subnet("c", "10.0.2.0/24")))) == []
    assert len(refusals(base, account(Service=data(Other=subnet("c", "10.0.0.0/24"))))) == 1


def table(**indexes: str) -> Template:
    described = [
        {"IndexName": name, "KeySchema": [key], "Projection": {"ProjectionType": "ALL"}}
        for name, key in indexes.items()
    ]
    return {
        "Type": "AWS::DynamoDB::GlobalTable",
        "Properties": {"GlobalSecondaryIndexes": described},
    }


def test_two_indexes_of_a_table_at_once() -> None:
    base = account(Data=data(Members=table(one="a")))
    assert refusals(base, account(Data=data(Members=table(one="a", two="b")))) == []
    (said,) = refusals(base, account(Data=data(Members=table(two="b"))))
    assert "the members table gets or loses 2 indexes at once (one, two)" in said
    (said,) = refusals(base, account(Data=data(Members=table(one="b"))))
    assert "give the new one another name" in said


def test_an_export_of_another_value_though_nothing_is_made_anew() -> None:
    base = account(Data=data({"Ref": "T"}), Service=IMPORTS)
    (said,) = refusals(base, account(Data=data({"Ref": "Other"}), Service=IMPORTS))
    assert "Data exports another value of that name" in said


def test_an_index_of_another_projection() -> None:
    narrower = table(one="a")
    narrower["Properties"]["GlobalSecondaryIndexes"][0]["Projection"] = {
        "ProjectionType": "KEYS_ONLY"
    }
    base = account(Data=data(Members=table(one="a")))
    (said,) = refusals(base, account(Data=data(Members=narrower)))
    assert "gets other keys or another projection" in said
