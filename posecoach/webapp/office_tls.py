"""TLS for an office that has no certificate: made by an authority of its own, and told how other machines come to trust it."""

from __future__ import annotations

from pathlib import Path

from posecoach.history.tables import utc_now
from posecoach.storage.office_ca import OfficeCertificate, office_certificate
from posecoach.vocabulary import Text
from posecoach.webapp.addresses import host_for_phones, own_addresses, own_names

ADDRESS = "/office-ca.crt"


def certificate_of(folder: Path) -> OfficeCertificate:
    """The certificate for this machine as it is called and reached now; kept in the state folder ``folder``."""
    return office_certificate(folder, own_names(), own_addresses(), utc_now())


def how_to_trust(certificate: OfficeCertificate, port: int) -> list[Text]:
    """What is to be done once on each other machine, in lines for the terminal."""
    address = f"https://{host_for_phones(f'localhost:{port}')}{ADDRESS}"
    lines = [
        Text(
            f"手机和别的电脑，各做一次：打开 {address}，安装证书",
            f"once on each phone and other PC: open {address} and install the certificate",
        ),
        Text(f"  先核对指纹 SHA-256：{certificate.fingerprint}", f"  compare its SHA-256 first: {certificate.fingerprint}"),
        Text(
            "  Windows：双击下载的文件，安装证书，本地计算机，受信任的根证书颁发机构",
            "  Windows: open the file, Install Certificate, Local Machine, Trusted Root Certification Authorities",
        ),
        Text(
            "  安卓：设置里搜索“CA 证书”，从存储设备安装，选下载的文件",
            "  Android: search the settings for CA certificate, install it from storage",
        ),
        Text(
            "  iPhone：用 Safari 下载，设置里安装描述文件，再到 通用、关于本机、证书信任设置 里打开",
            "  iPhone: download in Safari, install the profile in Settings, then General, About, Certificate Trust Settings: switch it on",
        ),
    ]
    if certificate.left_out:
        names = ", ".join(certificate.left_out)
        lines.append(
            Text(f"证书不包括 {names}：不是内网的地址或名称", f"not in the certificate: {names}, which are not of an inner network")
        )
    return lines
