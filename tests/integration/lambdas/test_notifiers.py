"""alarm_notifier, cost_brake and heartbeat against a web server of this machine."""

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from botocore.exceptions import ClientError

from alarm_notifier import handler as alarm_notifier
from alarm_notifier import webhook
from alarm_notifier.webhook import WebhookRefused, body_for, post
from cost_brake import handler as cost_brake
from cufit_contracts.office_hours import NEVER
from heartbeat import handler as heartbeat
from tests.integration.lambdas.context import context
from tests.integration.lambdas.parameters import Parameters


class Server:
    """Answers with `status` and remembers what it was sent."""

    def __init__(self) -> None:
        self.status = 200
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                length = int(self.headers.get("content-length", 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.requests.append((self.command, headers, self.rfile.read(length)))
                self.send_response(outer.status)
                self.end_headers()

            do_POST = do_GET  # noqa: N815 - named by the standard library

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/health"


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


SPEND_ALARM = json.dumps({"NewStateValue": "ALARM", "Trigger": {"MetricName": "AiSpend"}})


def sns(
    message: str, subject: str | None = "ALARM", sent_at: datetime | None = None
) -> dict[str, Any]:
    timestamp = f"{sent_at or datetime.now(UTC):%Y-%m-%dT%H:%M:%S.000Z}"
    notification = {"Subject": subject, "Message": message, "Timestamp": timestamp}
    return {"Records": [{"Sns": {**notification, "MessageId": "1"}}]}


class TestAlarmNotifier:
    @pytest.fixture(autouse=True)
    def environment(
        self, parameters: Parameters, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[None]:
        monkeypatch.setenv("CUFIT_ENV", "test")
        monkeypatch.setenv("CUFIT_WEBHOOK_PARAMETER", "/cufit/test/webhook")
        monkeypatch.setenv("CUFIT_GITHUB_REPOSITORY", "team/cufit")
        parameters["/cufit/test/webhook"] = server.url
        alarm_notifier._app.cache_clear()
        yield
        alarm_notifier._app.cache_clear()

    def test_an_alarm_reaches_the_webhook(self, server: Server) -> None:
        message = json.dumps(
            {
                "AlarmName": "cufit-test-Observability-AlarmX0A1B2C3D-E4F5",
                "AlarmDescription": "Runbook: docs/runbook/x.md",
                "NewStateValue": "ALARM",
                "NewStateReason": "why",
            }
        )
        alarm_notifier.handler(sns(message), context())
        [(method, headers, body)] = server.requests
        assert method == "POST"
        assert headers["user-agent"] == "cufit-alarm-notifier/1"
        page = "https://github.com/team/cufit/blob/HEAD/docs/runbook/x.md"
        assert json.loads(body)["content"].splitlines()[-1] == page

    def test_a_missing_webhook_is_an_error(self, parameters: Parameters) -> None:
        del parameters["/cufit/test/webhook"]
        with pytest.raises(ClientError, match="ParameterNotFound"):
            alarm_notifier.handler(sns("x"), context())

    def test_on_the_laptop_a_missing_webhook_is_one_line_with_the_notice(
        self,
        parameters: Parameters,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        del parameters["/cufit/test/webhook"]
        monkeypatch.setenv("CUFIT_ENV", "local")
        alarm_notifier._app.cache_clear()
        alarm_notifier.handler(sns("the pipes are hot", "Boiler"), context())
        (line,) = [record for record in caplog.records if record.levelname == "WARNING"]
        assert line.exc_info is None
        assert "/cufit/test/webhook" in line.message
        assert "the pipes are hot" in vars(line)["notices"][0]

    def test_a_webhook_that_refuses_is_an_error_without_its_url(self, server: Server) -> None:
        server.status = 404
        with pytest.raises(WebhookRefused, match="answered 404") as raised:
            alarm_notifier.handler(sns("x", None), context())
        assert server.url not in str(raised.value)


@pytest.mark.parametrize(
    "url", ["http://example.com/hook", "file:///etc/passwd", "ftp://x", "https://", "nonsense"]
)
def test_only_https_webhooks_are_posted_to(url: str) -> None:
    with pytest.raises(WebhookRefused, match="https"):
        post(url, "text")


def test_an_unreachable_webhook_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "TIMEOUT_SECONDS", 0.5)
    with pytest.raises(WebhookRefused, match="not reached"):
        post("http://127.0.0.1:9/hook", "text")


def test_slack_and_discord_want_different_bodies() -> None:
    assert body_for("https://hooks.slack.com/services/x", "hi") == {"text": "hi"}
    pinging = body_for("https://hooks.slack.com/services/x", "🔴 **A** <!channel> & <b|c>")
    assert pinging == {"text": "🔴 *A* &lt;!channel&gt; &amp; &lt;b|c&gt;"}
    assert body_for("https://discord.com/api/webhooks/x", "hi") == {
        "content": "hi",
        "allowed_mentions": {"parse": []},
    }


class TestCostBrake:
    NAME = "/cufit/test/brake"

    @pytest.fixture(autouse=True)
    def environment(
        self, parameters: Parameters, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[None]:
        monkeypatch.setenv("CUFIT_ENV", "test")
        monkeypatch.setenv("CUFIT_BRAKE_PARAMETER", self.NAME)
        parameters[self.NAME] = "off"
        cost_brake._app.cache_clear()
        yield
        cost_brake._app.cache_clear()

    def test_a_breach_pulls_it_once_for_a_day(self, parameters: Parameters) -> None:
        told_at = datetime.now(UTC).replace(microsecond=0)
        until = f"rules until {told_at + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
        for _ in range(2):
            cost_brake.handler(sns(SPEND_ALARM, "ALARM", told_at), context())
            assert parameters == {self.NAME: until}

    def test_a_release_outlives_the_same_breach_told_again(self, parameters: Parameters) -> None:
        told_at = datetime.now(UTC) - timedelta(minutes=5)
        parameters.written_at = datetime.now(UTC)
        cost_brake.handler(sns(SPEND_ALARM, "ALARM", told_at), context())
        assert parameters == {self.NAME: "off"}

    @pytest.mark.parametrize(
        "message", ["Budget exceeded", "", "[]", '{"NewStateValue": "ALARM"}', "\ud83d"]
    )
    def test_anything_else_is_ignored(self, parameters: Parameters, message: str) -> None:
        cost_brake.handler(sns(message, None), context())
        assert parameters == {self.NAME: "off"}

    def test_without_a_brake_none_is_made(self, parameters: Parameters) -> None:
        del parameters[self.NAME]
        with pytest.raises(ClientError, match="ParameterNotFound"):
            cost_brake.handler(sns(SPEND_ALARM), context())
        assert parameters == {}


class TestHeartbeat:
    @pytest.fixture(autouse=True)
    def environment(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("CUFIT_ENV", "test")
        monkeypatch.setenv("CUFIT_HEALTH_URL", server.url)
        heartbeat._app.cache_clear()
        yield
        heartbeat._app.cache_clear()

    def test_a_healthy_service_is_no_news(self, server: Server) -> None:
        heartbeat.handler({}, context())
        assert [method for method, *_ in server.requests] == ["GET"]

    @pytest.mark.parametrize("status", [204, 404, 503])
    def test_any_other_answer_is_an_error(self, server: Server, status: int) -> None:
        server.status = status
        with pytest.raises(heartbeat.Unhealthy, match=str(status)):
            heartbeat.handler({}, context())

    def test_no_answer_is_an_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CUFIT_HEALTH_URL", "http://127.0.0.1:9/health")
        with pytest.raises(heartbeat.Unhealthy):
            heartbeat.handler({}, context())

    def test_nobody_is_asked_while_parked(
        self, server: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CUFIT_ON", str(NEVER))
        heartbeat._app.cache_clear()
        heartbeat.handler({}, context())
        assert not server.requests
