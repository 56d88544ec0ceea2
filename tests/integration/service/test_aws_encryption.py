"""Whom the client trusts."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from cufit_service.domain.errors import Unavailable
from tests.integration.service.conftest import Ask
from tests.integration.service.hostile import answering
from tests.unit.service.signing import private_key


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's, for 127.0.0.1, signed by an authority of its own in AWS_CA_BUNDLE."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    key, now = private_key(), dt.datetime.now(dt.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = tmp_path / "public.pem", tmp_path / "private.pem"
    public.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(public))
    return context


async def test_a_known_authority_is_trusted(ask: Ask, certificate: ssl.SSLContext) -> None:
    async with answering((200, {"safe": True}), tls=certificate) as acting:
        assert await ask(acting.port, scheme="https")("GetItem") == {"safe": True}


@contextmanager
def handshakes(context: ssl.SSLContext) -> Iterator[tuple[int, list[str]]]:
    """A port, and how each handshake there ended."""
    endings: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        with suppress(OSError):
            while True:
                caller, _ = listening.accept()
                caller.settimeout(1)
                try:
                    context.wrap_socket(caller, server_side=True).close()
                    endings.append("completed")
                except OSError as error:
                    endings.append(type(error).__name__)
                finally:
                    caller.close()

    accepting = threading.Thread(target=accept)
    accepting.start()
    yield listening.getsockname()[1], endings
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    accepting.join()


async def test_an_unknown_authority_is_not(
    ask: Ask, certificate: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_CA_BUNDLE")
    with handshakes(certificate) as (port, endings), pytest.raises(Unavailable):
        await ask(port, scheme="https")("GetItem")
    assert endings
    assert "completed" not in endings


async def test_authorities_that_cannot_be_read_are_unavailable(
    ask: Ask, unused_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere.pem")
    with pytest.raises(Unavailable):
        await ask(unused_port)("GetItem")
