"""The office's own authority: its key stays private, its certificates serve this machine and nothing else."""

from __future__ import annotations

import ipaddress
import os
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509

from posecoach.errors import PosecoachError
from posecoach.storage.office_ca import OfficeCertificate, office_certificate

NOW = datetime(2026, 11, 28, 12, tzinfo=timezone.utc)
NAMES = ("coach-pc", "coach-pc.local", "localhost")
ADDRESSES = tuple(map(ipaddress.ip_address, ("192.168.1.20", "127.0.0.1", "::1")))


def made(folder: Path, *more: str, now: datetime = NOW) -> OfficeCertificate:
    return office_certificate(folder, NAMES, (*map(ipaddress.ip_address, more), *ADDRESSES), now)


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_keys_are_readable_to_their_owner_alone(tmp_path: Path) -> None:
    made(tmp_path)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "tls").iterdir()}
    assert {name for name, mode in modes.items() if mode & 0o077} == {"office-ca.crt", "server.crt"}
    assert stat.S_IMODE((tmp_path / "tls").stat().st_mode) == 0o700


def test_what_is_handed_to_others_holds_no_key(tmp_path: Path) -> None:
    assert b"PRIVATE" not in made(tmp_path).authority.read_bytes()


def test_it_stays_the_same_until_it_is_needed_anew(tmp_path: Path) -> None:
    first = made(tmp_path)
    begun = first.chain.read_bytes()
    assert made(tmp_path, now=NOW + timedelta(days=300)).chain.read_bytes() == begun
    later = made(tmp_path, now=NOW + timedelta(days=380))
    assert later.chain.read_bytes() != begun
    moved = made(tmp_path, "10.1.2.3", now=NOW + timedelta(days=381))
    named = read(moved.chain).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert ipaddress.ip_address("10.1.2.3") in named.get_values_for_type(x509.IPAddress)
    assert first.fingerprint == later.fingerprint == moved.fingerprint, "others trust the authority once"


def test_it_speaks_for_nothing_of_the_internet(tmp_path: Path) -> None:
    found = office_certificate(tmp_path, NAMES, (ipaddress.ip_address("8.8.8.8"), *ADDRESSES), NOW)
    assert found.left_out == ("8.8.8.8",)
    renamed = office_certificate(tmp_path, ("bank.example.com", *NAMES), ADDRESSES, NOW)
    assert renamed.left_out == ("bank.example.com",)
    limits = read(found.authority).extensions.get_extension_for_class(x509.NameConstraints)
    assert limits.critical


@pytest.mark.parametrize("name", ["office-ca.key", "office-ca.crt"])
def test_a_damaged_authority_is_told_and_not_replaced(tmp_path: Path, name: str) -> None:
    made(tmp_path)
    (tmp_path / "tls" / name).write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(PosecoachError, match="new ones"):
        made(tmp_path)


def test_a_damaged_certificate_of_the_server_is_made_anew(tmp_path: Path) -> None:
    before = made(tmp_path)
    before.chain.write_bytes(b"x")
    assert read(made(tmp_path).chain).issuer == read(before.authority).subject


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """Where somebody answers with the certificate."""
    found = office_certificate(tmp_path, NAMES, ADDRESSES, datetime.now(timezone.utc))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found.chain, found.key)
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def answer() -> None:
            for _ in range(2):
                client, _ = listener.accept()
                with closing(client):
                    try:
                        context.wrap_socket(client, server_side=True).close()
                    except OSError:
                        continue

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield int(listener.getsockname()[1])
        thread.join(10)


def test_who_trusts_the_authority_is_served_and_nobody_else(port: int, tmp_path: Path) -> None:
    trusting = ssl.create_default_context(cafile=str(tmp_path / "tls" / "office-ca.crt"))
    with socket.create_connection(("127.0.0.1", port)) as plain, trusting.wrap_socket(plain, server_hostname="127.0.0.1") as secure:
        assert secure.version() == "TLSv1.3"
    with (
        socket.create_connection(("127.0.0.1", port)) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
        ssl.create_default_context().wrap_socket(plain, server_hostname="127.0.0.1"),
    ):
        pass
