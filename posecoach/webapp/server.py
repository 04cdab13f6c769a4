"""Runs the live coach: finds a port, starts camera and web server, stops both on Ctrl-C."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import ssl
import threading
import time
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cheroot.ssl.builtin import BuiltinSSLAdapter

from posecoach.errors import PosecoachError, reason_of
from posecoach.history.database import Records
from posecoach.history.tables import utc_now
from posecoach.history.upkeep import purge
from posecoach.jobs.trainer import TrainerJobs, grade
from posecoach.judging.protocols import Estimator
from posecoach.live.camera import LiveCamera
from posecoach.live.memory import share_pools
from posecoach.live.row import RowSession
from posecoach.live.visitors import Visitors
from posecoach.resources import font_path
from posecoach.row.judging import row_rules
from posecoach.row.live import LiveRow, RowFinder
from posecoach.rulebook.schema import RuleSet
from posecoach.sources.camera import CameraAddress, check_file
from posecoach.storage.calibrations import SERVER, CalibrationStore, state_folder
from posecoach.storage.saved_rosters import SavedRosters
from posecoach.vocabulary import Text
from posecoach.webapp import Services, create_app
from posecoach.webapp.addresses import host_for_phones, own_names
from posecoach.webapp.calibration import MOST_MEASURED
from posecoach.webapp.logins import MIN_LENGTH, Logins
from posecoach.webapp.office_tls import certificate_of, how_to_trust
from posecoach.webapp.reception import allow_files
from posecoach.webapp.services import MAX_VIEWERS
from posecoach.webapp.web_server import WebServer

log = logging.getLogger(__name__)

PASSPHRASE_VARIABLE = "POSECOACH_PASSPHRASE"  # noqa: S105
WRITE_TIMEOUT_S = 8
"""A viewer that takes nothing for so long is dropped."""
STOP_S = 1.0
PAGES = 8
"""Workers that are there for pages while each visitor keeps one busy with a picture, and others with their calibration."""
CAMERA_OPENS_S = 3.0
"""What is the matter with a camera by then is said on the terminal."""
_PORTS_TRIED = 50
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """What `posecoach serve` was asked for; ``passphrase`` is needed where ``host`` is not this machine alone.

    ``tls``: with a certificate of the office's own authority, made where there is none; not beside ``tls_cert`` and ``tls_key``.
    ``rules_folder``: where the rules come from, None for the shipped ones. ``database``: the address of the records, None for their file.
    """

    camera: str | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    tls_cert: Path | None = None
    tls_key: Path | None = None
    tls: bool = False
    max_visitors: int = 3
    max_viewers: int = MAX_VIEWERS
    folder: Path | None = None
    passphrase: str | None = None
    remote_trainer: bool = False
    rules_folder: Path | None = None
    database: str | None = None

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is reached from this machine only."""
    if host == "localhost":
        return True
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return False


def _refuse_unsafe(options: ServeOptions) -> None:
    """Raises `PosecoachError` for options that would let anybody in, or contradict each other."""
    if not options.is_loopback and not options.passphrase:
        raise PosecoachError(
            Text(
                f"在 {options.host} 上开放要设口令：--passphrase-file 或 {PASSPHRASE_VARIABLE}",
                f"listening on {options.host} needs a pass phrase: --passphrase-file or {PASSPHRASE_VARIABLE}",
            )
        )
    if options.tls and (options.tls_cert or options.tls_key):
        raise PosecoachError(Text("--tls 不要和 --tls-cert、--tls-key 一起用", "use --tls or --tls-cert and --tls-key, not both"))
    if options.passphrase is not None and len(options.passphrase) < MIN_LENGTH:
        raise PosecoachError(
            Text(f"口令太短：至少 {MIN_LENGTH} 个字符", f"the pass phrase is too short: it needs at least {MIN_LENGTH} characters")
        )


class LiveServer:
    """Camera, visitors and web server; ``start`` returns when requests are answered, ``stop`` when all threads have ended."""

    def __init__(
        self,
        options: ServeOptions,
        rule_sets: Mapping[str, RuleSet],
        make_estimator: Callable[[], Estimator],
        make_finder: Callable[[], RowFinder] | None = None,
    ) -> None:
        _refuse_unsafe(options)
        address = CameraAddress.parse(options.camera) if options.camera else None
        folder = state_folder(options.folder)
        self.office = certificate_of(folder) if options.tls else None
        """The certificate of the office's own authority, None where it is another's, or where there is none."""
        if self.office is not None:
            options = replace(options, tls_cert=self.office.chain, tls_key=self.office.key)
        self.options = options
        self._records = RecordsWhenAsked(folder, options.database)
        share_pools()
        camera = LiveCamera(address, rule_sets, make_estimator, font_path())
        self.services = Services(
            camera=camera,
            visitors=Visitors(rule_sets, make_estimator, options.max_visitors),
            store=CalibrationStore(folder),
            rule_sets=rule_sets,
            hosts=_own_names(options.host),
            is_loopback=options.is_loopback,
            logins=Logins(options.passphrase) if options.passphrase and not options.is_loopback else None,
            max_viewers=options.max_viewers,
            authority=None if self.office is None else self.office.authority,
            row=_row(camera, rule_sets, make_finder),
            rosters=SavedRosters(folder),
            trainer=TrainerJobs(folder, grade, rules=options.rules_folder),
            is_trainer_remote=options.remote_trainer,
            open_records=self._records,
        )
        if address is not None:
            self.services.camera.apply(self.services.store.load(SERVER + address.name))
        self._web = _web_server(options, self.services)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where a browser on this machine finds the page."""
        host, port = self._web.bind_addr[:2]
        shown = "127.0.0.1" if host in _ANYWHERE else host
        return f"{'https' if self.options.tls_cert else 'http'}://{f'[{shown}]' if ':' in shown else shown}:{port}/"

    def start(self) -> None:
        """Answer requests. Raises `PosecoachError` where the port cannot be had."""
        allow_files()
        try:
            self._web.prepare()
        except OSError as error:
            raise PosecoachError(_why_no_port(self.options, error)) from error
        self.services.camera.start()
        if self.services.row is not None:
            self.services.row.start()
        self._thread = threading.Thread(target=self._web.serve, name="posecoach_web", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Until Ctrl-C."""
        while self._thread is not None and self._thread.is_alive():
            self._thread.join(0.5)

    def stop(self) -> None:
        """End everything."""
        self.services.stopping.set()
        if self.services.row is not None:
            self.services.row.stop()
        self.services.camera.stop()
        self.services.visitors.stop()
        self._web.stop()
        if self._thread is not None:
            self._thread.join(STOP_S)
        if self.services.trainer is not None:
            self.services.trainer.close()
        self._records.close()


def serve(options: ServeOptions, rule_sets: Mapping[str, RuleSet], say: Callable[[Text], None], opens: bool = False) -> None:
    """Run until Ctrl-C; ``say`` prints a line, ``opens`` opens a browser. Raises `PosecoachError`."""
    if options.camera:
        check_file(CameraAddress.parse(options.camera))
    from posecoach.estimators.mediapipe import MediaPipeEstimator

    server = LiveServer(options, rule_sets, MediaPipeEstimator, _row_finder)
    server.start()
    try:
        for line in _greeting(server):
            say(line)
        if opens:
            webbrowser.open(server.url)
        trouble = server.services.camera.trouble(CAMERA_OPENS_S)
        if trouble is not None:
            say(Text(f"摄像头：{trouble.zh}", f"camera: {trouble.en}"))
        server.wait()
    except KeyboardInterrupt:
        pass
    finally:
        server.stop()


def _row_finder() -> RowFinder:
    from posecoach.estimators.mediapipe_row import RowModels
    from posecoach.estimators.row import RowEstimator

    return RowEstimator(RowModels())


class RecordsWhenAsked:
    """Opens the records when they are first asked for, and deletes on each day they are asked for what was kept long enough."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        self._folder, self._database = folder, database
        self._lock = threading.Lock()
        self._opened: Records | None = None
        self._purged: date | None = None

    def __call__(self) -> Records:
        with self._lock:
            now = utc_now()
            if self._opened is None:
                self._opened = Records.open(self._folder, self._database)
            if now.date() != self._purged:
                purge(self._opened, now, who="posecoach")
                self._purged = now.date()
            return self._opened

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None


def _row(camera: LiveCamera, rule_sets: Mapping[str, RuleSet], make_finder: Callable[[], RowFinder] | None) -> RowSession | None:
    rule_set = row_rules(rule_sets.values())
    if rule_set is None or make_finder is None:
        return None
    return RowSession(camera, rule_set, lambda: LiveRow(make_finder(), rule_set, time.monotonic))


def next_free_port(host: str, port: int) -> int | None:
    """The first port above ``port`` that can be listened on, None when there is none near."""
    for candidate in range(port + 1, min(port + 1 + _PORTS_TRIED, 65536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as trial, suppress(OSError):
            trial.bind((host, candidate))
            return candidate
    return None


def _web_server(options: ServeOptions, services: Services) -> WebServer:
    has_tls = options.tls_cert or options.tls_key
    pages = PAGES + options.max_visitors + MOST_MEASURED
    web = WebServer((options.host, options.port), create_app(services), pages, WRITE_TIMEOUT_S, _tls(options) if has_tls else None)
    web.shutdown_timeout = STOP_S
    return web


def _tls(options: ServeOptions) -> Any:
    if options.tls_cert is None or options.tls_key is None:
        raise PosecoachError(Text("TLS 要同时给出 --tls-cert 和 --tls-key", "TLS needs both --tls-cert and --tls-key"))
    try:
        adapter = BuiltinSSLAdapter(str(options.tls_cert), str(options.tls_key))
    except (OSError, ssl.SSLError) as error:
        why = reason_of(error)
        files = f"{options.tls_cert}, {options.tls_key}"
        raise PosecoachError(
            Text(f"读不了 TLS 证书或密钥（{files}）：{why.zh}", f"the TLS certificate or key cannot be read ({files}): {why.en}")
        ) from error
    adapter.context.minimum_version = ssl.TLSVersion.TLSv1_2
    adapter.context.options |= ssl.OP_NO_RENEGOTIATION
    return adapter


def _own_names(host: str) -> frozenset[str]:
    """What this machine is called, so that a page elsewhere cannot have its own name lead here."""
    if is_loopback(host):
        return frozenset({"localhost"})
    return frozenset({host.lower(), *own_names()})


def _why_no_port(options: ServeOptions, error: OSError) -> Text:
    host, port = options.host, options.port
    if "in use" not in str(error).lower() and "10048" not in str(error):
        why = reason_of(error)
        return Text(
            f"不能在 {host} 的端口 {port} 上开放：{why.zh}；请用 --host 和 --port 换一个",
            f"cannot listen on {host} port {port}: {why.en}; choose another with --host and --port",
        )
    free = next_free_port(host, port)
    if not free:
        return Text(f"端口 {port} 已被占用；请用 --port 换一个", f"port {port} is in use; choose another with --port")
    command = f"posecoach serve --port {free}"
    return Text(f"端口 {port} 已被占用；下一个可用的：{command}", f"port {port} is in use; the next free one: {command}")


def _greeting(server: LiveServer) -> list[Text]:
    lines = [Text(f"posecoach 在 {server.url}（Ctrl-C 结束）", f"posecoach is at {server.url} (Ctrl-C ends it)")]
    camera = server.services.camera
    if server.options.host in _ANYWHERE:
        address = f"{urlsplit(server.url).scheme}://{host_for_phones(urlsplit(server.url).netloc)}/"
        lines.append(Text(f"从别的电脑：{address}", f"from other machines: {address}"))
    if camera.address:
        lines.append(Text(f"摄像头：{camera.name}", f"camera: {camera.name}"))
    else:
        lines.append(Text("摄像头：没有；各人可以用自己的", "camera: none; visitors can use their own"))
    if not server.options.is_loopback and not server.options.tls_cert:
        lines.append(
            Text(
                "没有 TLS 时，别的电脑能看网页，但那里的浏览器不开放摄像头：请加 --tls",
                "without TLS other machines see the page but browsers there give no camera: add --tls",
            )
        )
    if server.office is not None and not server.options.is_loopback:
        lines += how_to_trust(server.office, urlsplit(server.url).port or 443)
    if server.options.is_loopback and server.options.passphrase:
        lines.append(
            Text(
                "不会问口令：只有这台电脑能打开网页；要让别人用请加 --host",
                "the pass phrase is not asked for: only this machine reaches the page; for others use --host",
            )
        )
    return lines


def read_passphrase(file: Path | None) -> str | None:
    """The pass phrase from a file's first line or from the environment, None where neither is given. Raises `PosecoachError`."""
    if file is None:
        return os.environ.get(PASSPHRASE_VARIABLE) or None
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise PosecoachError(Text(f"从 {file} 读不出口令", f"the pass phrase cannot be read from {file}")) from error
    return lines[0].strip() if lines else ""
