"""Every step of `cufit smoke` fails for its cause, and for its cause alone: the front door of a
laptop before a bare service, and the embedded AWS behind it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest

from cufit_ops.doctor.subject import Subject
from cufit_ops.laptop.platform.http_api import Route, ServiceTarget
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.smoke import steps
from cufit_ops.smoke.steps import STEPS
from cufit_ops.workspace import ROOT
from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.server import Server
from tests.integration.ops.doctor_patient import Patient
from tests.integration.ops.smoke_api import REFUSES, Api, deployed, opened_api
from tests.unit.ops import opened_door
from tests.unit.ops.opened_door import BY_NAME, CORS, LOCAL

ISSUES = 'def handler(event, context): return {"statusCode": 201, "body": "{}"}'
RAISES = 'def handler(event, context): raise ValueError("no such table")'
READY = Route("GET /ready", ServiceTarget(30), None)


@pytest.fixture(scope="module")
def environment(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Patient]:
    with deployed(server, tmp_path_factory.mktemp("state")) as made:
        yield made


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> LocalIssuer:
    return LocalIssuer(tmp_path_factory.mktemp("issuer") / "key.pem")


@pytest.fixture(scope="module")
def opened_once(environment: Patient, issuer: LocalIssuer) -> Iterator[Api]:
    with opened_api(environment, issuer, *BY_NAME, READY) as made:
        yield made


@pytest.fixture
def api(opened_once: Api, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    subject, settings = opened_once.patient.subject, opened_once.patient.settings
    monkeypatch.setattr(Subject, "named", lambda _: subject())
    opened_once.says = {
        "/health": ("200 OK", '{"status":"ok"}'),
        "/ready": ("200 OK", '{"status":"ready"}'),
    }
    yield opened_once
    opened_once.patient.settings = settings


def test_of_a_healthy_deployment_every_step_holds(api: Api) -> None:
    done = api.smoke("--json")
    found = json.loads(done.stdout)
    jsonschema_rs.validate(json.loads((ROOT / "docs/doctor.schema.json").read_text()), found)
    assert [(one["id"], one["verdict"]) for one in found["checks"]] == [
        (step.id, "holds") for step in STEPS
    ], found
    assert (done.exit_code, found["schema"]) == (0, "cufit.smoke/1")


Break = Callable[[Api], AbstractContextManager[Any] | None]


def _says(path: str, status: str, body: str) -> Break:
    def break_(api: Api) -> None:
        api.says[path] = (status, body)

    return break_


def _code(code: str) -> Break:
    @contextmanager
    def broken(api: Api) -> Iterator[None]:
        client = api.patient.server.client("lambda")
        change = client.update_function_code
        change(FunctionName="smoke-upload", ZipFile=functions.bundle({"app.py": code}))
        yield
        change(FunctionName="smoke-upload", ZipFile=functions.bundle({"app.py": REFUSES}))

    return broken


@contextmanager
def _blind_index(api: Api) -> Iterator[None]:
    """Holds documents and finds none, as an index whose vectors are gone."""
    with pytest.MonkeyPatch.context() as patched:
        runtime = api.patient.subject().client("bedrock-agent-runtime")
        patched.setattr(runtime, "retrieve", lambda **_: {"retrievalResults": []})
        yield


def _not_configured(api: Api) -> None:
    api.patient.change("web", origins=["https://another.people.cufit.test"])


BREAKS: list[tuple[str, str, Break]] = [
    ("health", "no task", _says("/health", "503 Service Unavailable", '{"message":"no"}')),
    ("health", "somebody else answers", _says("/health", "200 OK", "<html>")),
    (
        "ready",
        "it is stopping",
        _says("/ready", "503 Service Unavailable", '{"status":"stopping"}'),
    ),
    ("preflight", "a page that is not deployed", _not_configured),
    ("upload", "any type is taken", _code(ISSUES)),
    ("upload", "the function breaks", _code(RAISES)),
    ("knowledge-base", "finds nobody", _blind_index),
]


@pytest.mark.parametrize(
    ("id_", "break_"),
    [pytest.param(id_, break_, id=f"{id_}: {what}") for id_, what, break_ in BREAKS],
)
def test_a_cause_fails_its_step_alone(api: Api, id_: str, break_: Break) -> None:
    with break_(api) or nullcontext():
        found = api.answers()
    assert {one: said for one, said in found.items() if said[0] != "holds"}.keys() == {id_}, found
    assert found[id_][0] == "fails"


OPEN = tuple(
    replace(route, authorizer=None) if route.authorizer is LOCAL else route for route in BY_NAME
)
REFUSING = (Route("ANY /{proxy+}", ServiceTarget(30), LOCAL), BY_NAME[0], READY)
ANY_PAGE = replace(CORS, origins=("*",))
NO_IF_MATCH = replace(CORS, headers=("authorization",))
NO_TOKEN = replace(CORS, headers=("if-match",))
NO_PUT = replace(CORS, methods=("GET",))


@pytest.mark.parametrize(
    ("id_", "routes", "cors"),
    [
        pytest.param("authorizer", (*OPEN, READY), CORS, id="nobody asks for a token"),
        pytest.param("preflight", REFUSING, CORS, id="preflights need a token"),
        pytest.param("preflight", (*BY_NAME, READY), NO_IF_MATCH, id="no If-Match"),
        pytest.param("preflight", (*BY_NAME, READY), NO_TOKEN, id="no authorization"),
        pytest.param("preflight", (*BY_NAME, READY), NO_PUT, id="no PUT"),
        pytest.param("foreign-page", (*BY_NAME, READY), ANY_PAGE, id="every page is let in"),
    ],
)
def test_a_gateway_set_up_wrong_fails_one_step(
    api: Api,
    issuer: LocalIssuer,
    monkeypatch: pytest.MonkeyPatch,
    id_: str,
    routes: tuple[Route, ...],
    cors: Any,
) -> None:
    monkeypatch.setattr(opened_door, "CORS", cors)
    with opened_api(api.patient, issuer, *routes) as wrong:
        wrong.says = api.says
        found = wrong.answers()
    assert {one for one, said in found.items() if said[0] != "holds"} == {id_}, found


def test_a_deployment_that_spreads_is_asked_again(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cufit_ops.smoke.asking.PAUSE_SECONDS", 0.05)
    api.says["/health"] = ("503 Service Unavailable", "{}")
    later = threading.Timer(0.2, api.says.__setitem__, ("/health", ("200 OK", '{"status":"ok"}')))
    later.start()
    assert api.answers("--patience", "10")["health"][0] == "holds"


@pytest.mark.parametrize(("runs", "verdict"), [(True, "holds"), (False, "unknown")])
def test_while_no_task_need_run_silence_is_no_failure(api: Api, runs: bool, verdict: str) -> None:
    """One may run all the same: after a first deployment, or woken."""
    api.patient.change("fargate", desired_count=0)
    if not runs:
        for path in ("/health", "/ready"):
            api.says[path] = ("503 Service Unavailable", '{"message":"Service Unavailable"}')
    found = json.loads(api.smoke("--json").stdout)
    assert [(one["id"], one["verdict"]) for one in found["checks"][:2]] == [
        ("health", verdict),
        ("ready", verdict),
    ]
    assert found["holds"]


def test_nobody_answers(api: Api) -> None:
    done = api.smoke("--url", "http://127.0.0.1:1", "--json")
    found = {one["id"]: one["verdict"] for one in json.loads(done.stdout)["checks"]}
    by_http = {"health", "ready", "authorizer", "preflight", "foreign-page"}
    assert (done.exit_code, {one for one, said in found.items() if said == "fails"}) == (1, by_http)


def test_who_may_only_call_the_api_hears_what_is_denied(api: Api) -> None:
    patient = api.patient
    before = patient.credentials
    patient.credentials = patient.server.credentials_of(patient.server.role("nothing"))
    try:
        done, strict = api.smoke("--json"), api.smoke("--strict")
    finally:
        patient.credentials = before
    unknown = [one for one in json.loads(done.stdout)["checks"] if one["verdict"] == "unknown"]
    assert [one["id"] for one in unknown] == ["upload", "knowledge-base"]
    assert all("cloudformation:DescribeStacks is denied" in one["why"] for one in unknown)
    assert (done.exit_code, strict.exit_code) == (0, 1)


def test_not_to_know_the_address_is_a_failure(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be asked alone would let a workflow go on."""
    monkeypatch.setattr(api, "url", "")
    done = api.smoke("--json")
    found = json.loads(done.stdout)["checks"]
    assert (done.exit_code, [one["verdict"] for one in found[:2]]) == (1, ["fails", "fails"])
    assert "cufit-smoke-Service has no output ApiUrl" in found[0]["why"]


def test_no_persons_data_is_sent_or_shown(api: Api) -> None:
    patient = api.patient
    patient.server.control("DELETE", "bedrock/invocations")
    said = api.smoke("--json").stdout
    (asked,) = patient.server.control("GET", "bedrock/invocations")["invocations"]
    assert asked["inputText"] == steps.CANARY
    assert "m_one" not in said
