"""The report of a job, served read-only: its own files and no others."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.webapp.trainer_fakes import Desk, write_report


def test_parts_of_the_report_are_shown_and_data_saved(desk: Desk) -> None:
    base = desk.done()["report"].removesuffix("index.html")
    assert desk.report(base + "people/李娜.html").mimetype == "text/html"
    assert desk.report(base + "people.html").mimetype == "text/html"
    assert desk.report(base + "stills/a-1234abcd/person.jpg").mimetype == "image/jpeg"
    assert desk.report(base + "results.csv").headers["Content-Disposition"].startswith("attachment")
    part = desk.report(base + "annotated/a-1234abcd.mp4", Range="bytes=0-6")
    assert (part.status_code, part.data, part.mimetype) == (206, b"content", "video/mp4")


OUTSIDE = [
    "../一班/c.jpg",
    "..%2f一班%2fc.jpg",
    "people/../../一班/c.jpg",
    "annotated/..%5c..%5cc.jpg",
    "%2e%2e/c.jpg",
    "/etc/passwd",
    "//etc/passwd",
    "annotated//etc/passwd",
]
NOT_SHOWN = [
    "notes.txt",
    "landmarks/a.npz",
    "roster.csv",
    "",
    "people/",
    "people/.html",
    "stills/a-1234abcd/../../notes.txt",
    "stills/up/a.jpg",
    "annotated/a-1234abcd.mp4%00.jpg",
    "index.html::$DATA",
    "annotated/link.jpg",
    "annotated/up/a.jpg",
]


@pytest.mark.parametrize("name", OUTSIDE + NOT_SHOWN)
def test_nothing_else_is_shown(desk: Desk, name: str) -> None:
    base = desk.done()["report"].removesuffix("index.html")
    (desk.clips / "c.jpg").write_bytes(b"secret")
    (desk.out / "notes.txt").write_bytes(b"secret")
    (desk.out / "annotated" / "link.jpg").symlink_to(desk.clips / "c.jpg")
    for folder in ("annotated", "stills"):
        (desk.out / folder / "up").symlink_to(desk.clips)
    answer = desk.report(base + name)
    assert answer.status_code in (308, 404), answer.data
    assert b"secret" not in answer.data


def test_an_open_report_never_shows_another_jobs_files(desk: Desk, tmp_path: Path) -> None:
    before = desk.done()["report"]
    write_report(tmp_path / "other")
    assert desk.start(out=str(tmp_path / "other")).status_code == 200
    assert desk.report(before).status_code == 404
    assert desk.report(desk.job()["report"]).status_code == 200


def test_a_report_reaches_its_own_files_only(desk: Desk) -> None:
    """Its folder may have come from anywhere, and it has scripts in it."""
    address = desk.done()["report"]
    policy = desk.report(address).headers["Content-Security-Policy"]
    rules = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    own = f"http://localhost{address.removesuffix('index.html')}"
    assert (rules["img-src"], rules["connect-src"], rules["form-action"]) == (f"{own} data: blob:", "'none'", "'none'")
    assert rules["default-src"] == "'none'"
    assert "allow-popups" not in rules["sandbox"]
    assert "allow-top-navigation" not in rules["sandbox"]
