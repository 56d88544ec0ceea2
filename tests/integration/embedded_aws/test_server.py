"""The server itself: where it listens, what it keeps, what it refuses, what it cannot reach."""

import http.server
import socket
import subprocess
import threading
import time
from pathlib import Path

import psutil

from tests.integration.embedded_aws.server import (
    ACCOUNT,
    REGION,
    Server,
    command,
    environment,
    free_port,
)


def test_listens_on_this_machine_only(server: Server) -> None:
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    listening = {
        connection.laddr
        for member in [process, *process.children(recursive=True)]
        for connection in member.net_connections()
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", server.port)}


def test_runs_with_an_environment_of_its_own(server: Server) -> None:
    assert server.process is not None
    held = psutil.Process(server.process.pid).environ()
    assert "SECRET_OF_THE_SHELL" not in held
    assert "HTTPS_PROXY" not in held
    assert held["AWS_ACCESS_KEY_ID"] == "test"
    assert [name for name in held if name.startswith("AWS_ENDPOINT_URL")] == []


def test_answers_for_the_account_and_region_of_the_project(server: Server) -> None:
    assert server.client("sts").get_caller_identity()["Account"] == ACCOUNT
    made = server.client("sqs").create_queue(QueueName="identity")["QueueUrl"]
    attributes = server.client("sqs").get_queue_attributes(
        QueueUrl=made, AttributeNames=["QueueArn"]
    )
    assert attributes["Attributes"]["QueueArn"] == f"arn:aws:sqs:{REGION}:{ACCOUNT}:identity"


def test_names_a_taken_port_and_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        done = subprocess.run(
            command(port, tmp_path), env=environment(), capture_output=True, text=True, check=False
        )
    assert done.returncode == 1
    assert f"port {port} on 127.0.0.1 is not free" in done.stderr
    assert "CUFIT_LOCAL_AWS_PORT" in done.stderr


def test_refuses_a_second_server_on_the_same_state(server: Server) -> None:
    done = subprocess.run(
        command(free_port(), server.state),
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "another embedded AWS uses" in done.stderr


def test_cannot_reach_another_machine(server: Server) -> None:
    """192.0.2.1 is a documentation address (RFC 5737); the connection is refused in the process."""
    sns = server.client("sns")
    topic = sns.create_topic(Name="outwards")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint="http://192.0.2.1:9/hook")
    sns.publish(TopicArn=topic, Message="hello")
    deadline = time.monotonic() + 5
    while "connects to this machine only, not to '192.0.2.1'" not in server.log.read_text():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_can_reach_this_machine(server: Server) -> None:
    received = threading.Event()

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            received.set()

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    with http.server.HTTPServer(("127.0.0.1", 0), Hook) as listener:
        threading.Thread(target=listener.handle_request, daemon=True).start()
        sns = server.client("sns")
        topic = sns.create_topic(Name="inwards")["TopicArn"]
        url = f"http://127.0.0.1:{listener.server_port}/"
        sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=url)
        assert received.wait(5)


def test_says_what_it_does_not_know(server: Server) -> None:
    answer = server.request("GET", "/_cufit/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"message": "GET /_cufit/nothing is not known here"}
