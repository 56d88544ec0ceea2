"""What the embedded AWS says of a save reaches the person at the terminal."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from cufit_ops.laptop import embedded_aws
from cufit_ops.laptop.processes import ProcessError
from cufit_ops.workspace import Workspace, WorkspaceError

Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def save(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Handler], None]:
    def run(handler: Handler) -> None:
        client = httpx.Client(transport=httpx.MockTransport(handler), timeout=2)
        monkeypatch.setattr(embedded_aws, "loopback", lambda: client)
        embedded_aws.save(Workspace(tmp_path, port=1, aws_port=2))

    return run


def test_a_save_may_take_a_minute(save: Callable[[Handler], None]) -> None:
    def slow(request: httpx.Request) -> httpx.Response:
        assert (request.method, request.url.path) == ("POST", "/_cufit/save")
        assert request.extensions["timeout"]["read"] == 60
        return httpx.Response(200, json={"saved": True})

    save(slow)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (httpx.Response(507, json={"saved": False, "message": "disk full"}), ": disk full; see /"),
        (httpx.Response(500, text="Internal Server Error"), ": Internal Server Error; see /"),
        (httpx.Response(500, json=["odd"]), r': \["odd"\]; see /'),
    ],
)
def test_a_save_that_fails_is_told_with_its_reason(
    save: Callable[[Handler], None], answer: httpx.Response, said: str
) -> None:
    with pytest.raises(ProcessError, match=f"did not save its state{said}"):
        save(lambda _: answer)


@pytest.mark.parametrize("error", [httpx.ReadTimeout("slow"), httpx.ConnectError("refused")])
def test_a_server_that_does_not_answer_is_told(
    save: Callable[[Handler], None], error: httpx.HTTPError
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(ProcessError, match=f"did not save its state: {type(error).__name__}"):
        save(fail)


def test_a_state_stays_at_the_port_it_was_made_at(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path, port=8080, aws_port=4577)
    embedded_aws.keep_port(workspace)
    embedded_aws.keep_port(workspace)
    with pytest.raises(WorkspaceError, match=r"CUFIT_LOCAL_AWS_PORT=4895.* 4577 is legal"):
        embedded_aws.keep_port(replace(workspace, aws_port=4895))
