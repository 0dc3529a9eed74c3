"""Units and container: systemd accepts them, the image can be built, a mail on its way has the time that it needs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.servers import container

DEPLOY = Path(__file__).parent.parent / "deploy"
ANSWER_MINUTES = 10  # how long a server may think about the final dot (RFC 5321 section 4.5.3.2.6)
SERVICES = ("askaround.service", "askaround-user.service")


def settings(name: str) -> dict[str, str]:
    """The last value of each key of a unit."""
    return dict(re.findall(r"^(\w+)=(.*)$", (DEPLOY / name).read_text("utf-8"), re.MULTILINE))


def minutes(words: str) -> int:
    found = re.fullmatch(r"(\d+) ?m(?:in)?", words)
    assert found is not None, words
    return int(found[1])


@pytest.mark.parametrize("name", SERVICES)
def test_a_mail_on_its_way_is_not_cut_off(name: str) -> None:
    unit = settings(name)
    assert unit["Type"] == "notify"
    assert minutes(unit["TimeoutStopSec"]) > ANSWER_MINUTES
    assert minutes(unit["WatchdogSec"]) > ANSWER_MINUTES
    assert unit["RestartPreventExitStatus"] == "2"


def test_a_container_is_not_cut_off_either() -> None:
    compose = (DEPLOY / "compose.yaml").read_text("utf-8")
    (grace,) = re.findall(r"^ +stop_grace_period: (\S+)$", compose, re.MULTILINE)
    assert minutes(grace) > ANSWER_MINUTES


@pytest.mark.parametrize("name", SERVICES)
def test_the_unit_that_is_told_is_there(name: str) -> None:
    failed = settings(name)["OnFailure"]
    own = failed.replace(".service", "-user.service") if "user" in name else failed
    assert settings(own)["Type"] == "oneshot"
    guide = (DEPLOY.parent / "docs/service.md").read_text("utf-8")
    assert re.search(rf"install .*deploy/{own} .*(?:/{failed}|/system/)$", guide, re.MULTILINE)
    command = "systemctl --user status askaround" if "user" in name else "systemctl status askaround"
    assert command in (DEPLOY / own).read_text("utf-8")


def test_an_override_takes_the_whole_password_out_of_the_unit() -> None:
    unit = (DEPLOY / "askaround.service").read_text("utf-8")
    guide = (DEPLOY.parent / "docs/service.md").read_text("utf-8")
    for name in re.findall(r"^Environment=(ASKAROUND_MAILBOX__\w+)=", unit, re.MULTILINE):
        assert f"\nUnsetEnvironment={name}\n" in guide
    assert ("LoadCredential=" in unit) == ("\nLoadCredential=\n" in guide)


def test_what_the_container_is_built_from_makes_the_whole_program(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    folder = container.context(tmp_path)
    assert not list(folder.rglob("*.pyc"))
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "wheel"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("wheel/*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"worker/templates/{path.name}" for path in (DEPLOY.parent / "templates").glob("*.md")} <= names
    assert {"worker/__main__.py", "worker/config.example.toml", "worker/config.schema.json"} <= names


def test_the_dockerfile_is_read_as_it_stands() -> None:
    build, run = container.stages()
    assert [word for word, _ in build] == ["FROM", "WORKDIR", "COPY", "RUN"]
    assert ("USER", "nobody") in run
    assert "\\" not in build[-1][1]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("name", SERVICES)
def test_systemd_understands_every_line(name: str, tmp_path: Path) -> None:
    for path in DEPLOY.glob("*.service"):
        unit = path.read_text("utf-8")
        (tmp_path / path.name).write_text(
            re.sub(r"^ExecStart=\S+/askaround\b", "ExecStart=/bin/true", unit, flags=re.M)
        )
    done = subprocess.run(
        ["systemd-analyze", *(["--user"] if "user" in name else []), "verify", f"./{name}"],
        cwd=tmp_path,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert [line for line in done.stderr.splitlines() if "askaround" in line] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_is_as_closed_as_it_is_told(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "askaround.service", tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "./askaround.service"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    score = re.search(r"exposure level for askaround\.service: ([\d.]+)", done.stdout)
    if score is None:
        pytest.skip("this systemd cannot look at a unit offline")
    assert float(score[1]) <= 2.0, done.stdout
