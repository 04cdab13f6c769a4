"""A certificate authority for one office: made once, kept in the state folder, and used for nothing but this server's certificate.

Its key never leaves the folder and is readable to its owner alone. Even who has the key can speak for no site of the internet: the
authority is limited to addresses of inner networks and to this machine's own names.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from posecoach.errors import OutputError, PosecoachError
from posecoach.vocabulary import Text

FOLDER = "tls"
AUTHORITY_DAYS, SERVER_DAYS = 3650, 397
"""iPhones take no server's certificate of more than 825 days, browsers none of more than 398 of a public authority."""
RENEW_DAYS = 30
INNER = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128")
"""Networks that the authority may speak for."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class OfficeCertificate:
    """Where the server's certificate and its key lie, and the authority's certificate that other machines have to trust.

    ``fingerprint``: SHA-256 of the latter, in pairs of hexadecimal digits; ``left_out``: names it may not speak for.
    """

    chain: Path
    key: Path
    authority: Path
    fingerprint: str
    left_out: tuple[str, ...]


def office_certificate(folder: Path, names: Sequence[str], addresses: Sequence[Address], now: datetime) -> OfficeCertificate:
    """A certificate for this machine's names and addresses, made where there is none that serves until `RENEW_DAYS` from now.

    Raises `OutputError` where nothing can be written, `PosecoachError` where what lies there cannot be read.
    """
    room = folder / FOLDER
    authority, key = _authority(room, names, now)
    wanted = [*(name for name in names if _is_permitted(authority, name)), *(address for address in addresses if _is_inner(address))]
    chain, server_key = room / "server.crt", room / "server.key"
    if not _serves(chain, server_key, authority, wanted, now):
        _make_server(chain, server_key, (authority, key), wanted, now)
    digest = authority.fingerprint(hashes.SHA256()).hex().upper()
    pairs = ":".join(digest[i : i + 2] for i in range(0, len(digest), 2))
    left_out = tuple(str(each) for each in (*names, *addresses) if each not in wanted)
    return OfficeCertificate(chain, server_key, room / "office-ca.crt", pairs, left_out)


def _authority(room: Path, names: Sequence[str], now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    """The authority that lies there, or a new one in place of one that has run out."""
    certificate, key = room / "office-ca.crt", room / "office-ca.key"
    if certificate.exists() and key.exists():
        kept = _read(certificate, key)
        if kept[0].not_valid_after_utc > now + timedelta(days=SERVER_DAYS):
            return kept
    made = _make_authority(names, now)
    _write(key, _pem_of_key(made[1]), 0o600)
    _write(certificate, made[0].public_bytes(serialization.Encoding.PEM), 0o644)
    return made


def _make_authority(names: Sequence[str], now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"posecoach {names[0]}"[:64])])
    permitted: list[x509.GeneralName] = [x509.DNSName(name) for name in dict.fromkeys(("localhost", "local", *names))]
    permitted += [x509.IPAddress(ipaddress.ip_network(network)) for network in INNER]
    draft = _draft(title, title, key, now, AUTHORITY_DAYS)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    draft = draft.add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
    draft = draft.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return draft.sign(key, hashes.SHA256()), key


def _make_server(
    chain: Path, path: Path, signer: tuple[x509.Certificate, ec.EllipticCurvePrivateKey], wanted: Sequence[Any], now: datetime
) -> None:
    authority, authority_key = signer
    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, str(wanted[0])[:64])])
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    draft = _draft(title, authority.subject, key, now, SERVER_DAYS)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage(digital_signature=True), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    draft = draft.add_extension(x509.SubjectAlternativeName(_general(wanted)), critical=False)
    draft = draft.add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    certificate = draft.sign(authority_key, hashes.SHA256())
    _write(path, _pem_of_key(key), 0o600)
    _write(chain, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _draft(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, days: int) -> x509.CertificateBuilder:
    """Valid from yesterday on: clocks differ."""
    begun = now - timedelta(days=1)
    draft = x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
    return draft.not_valid_before(begun).not_valid_after(begun + timedelta(days=days))


def _usage(**given: bool) -> x509.KeyUsage:
    names = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign")
    nothing = dict.fromkeys((*names, "crl_sign", "encipher_only", "decipher_only"), False)
    return x509.KeyUsage(**nothing | given)


def _general(wanted: Iterable[Any]) -> list[x509.GeneralName]:
    return [x509.DNSName(each) if isinstance(each, str) else x509.IPAddress(each) for each in wanted]


def _serves(chain: Path, path: Path, authority: x509.Certificate, wanted: Sequence[Any], now: datetime) -> bool:
    """Whether the server's certificate there is this authority's, for all that is wanted, and for long enough."""
    if not (chain.exists() and path.exists()):
        return False
    with suppress(PosecoachError, ValueError, TypeError, x509.ExtensionNotFound):
        certificate, _ = _read(chain, path)
        certificate.verify_directly_issued_by(authority)
        named = set(certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value)
        return set(_general(wanted)) <= named and certificate.not_valid_after_utc > now + timedelta(days=RENEW_DAYS)
    return False


def _is_permitted(authority: x509.Certificate, name: str) -> bool:
    permitted = authority.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    roots = [each.value for each in permitted if isinstance(each, x509.DNSName)]
    return any(name == root or name.endswith(f".{root}") for root in roots)


def _is_inner(address: Address) -> bool:
    return any(address in ipaddress.ip_network(network) for network in INNER)


def _read(certificate: Path, key: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        private = serialization.load_pem_private_key(key.read_bytes(), None)
        if isinstance(private, ec.EllipticCurvePrivateKey) and private.public_key() == found.public_key():
            return found, private
    except (OSError, ValueError, TypeError) as error:
        raise _unreadable(certificate) from error
    raise _unreadable(certificate)


def _unreadable(certificate: Path) -> PosecoachError:
    folder = certificate.parent
    return PosecoachError(
        Text(f"读不了证书和密钥：{folder}；删除这个文件夹就会重做", f"certificate and key cannot be read: {folder}; delete it for new ones")
    )


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _write(path: Path, content: bytes, mode: int) -> None:
    """Replace a file in one step; it has its mode from the first byte on."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        raise OutputError.at(path, error) from error
