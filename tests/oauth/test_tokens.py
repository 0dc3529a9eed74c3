"""Tokens are renewed ahead of time, by one process, and never lost or shown."""

from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from tests.oauth.keeping import START, WHO, Ring, Time, keeper, registered, signed_in
from tests.servers.authorization import CLIENT_SECRET, Authorization
from worker.errors import PasswordAway, ServerUnreachable, SignInEnded, SignInRefused, StoreError
from worker.mailbox.oauth import client
from worker.mailbox.tokens import Keeper
from worker.mailbox.vault import Vault


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def made(authorization: Authorization, tmp_path: Path, time: Time) -> Keeper:
    return keeper(authorization, tmp_path, time)


def test_a_token_is_used_until_shortly_before_its_end(authorization: Authorization, made: Keeper, time: Time) -> None:
    grant = signed_in(authorization, made)
    first = made.token()
    assert first in grant.access
    time.later(minutes=54, seconds=59)
    assert made.token() == first
    assert authorization.asked == []
    time.later(seconds=2)
    second = made.token()
    assert second != first
    assert second in grant.access
    [form] = authorization.asked
    assert form["grant_type"] == "refresh_token"
    assert form["client_secret"] == CLIENT_SECRET
    assert made.token() == second


def test_a_token_that_lives_shorter_is_not_renewed_at_once(
    authorization: Authorization, made: Keeper, time: Time
) -> None:
    authorization.lifetime = "240"
    signed_in(authorization, made)
    first = made.token()
    time.later(seconds=170)
    assert made.token() == first
    time.later(seconds=20)
    assert made.token() != first


@pytest.mark.parametrize("lifetime", [None, "soon", 0, -5])
def test_a_server_that_does_not_say_how_long(
    authorization: Authorization, made: Keeper, time: Time, lifetime: object
) -> None:
    authorization.lifetime = lifetime
    signed_in(authorization, made)
    first = made.token()
    time.later(minutes=50)
    assert made.token() == first


def test_what_is_kept_outlives_the_process(
    authorization: Authorization, made: Keeper, tmp_path: Path, time: Time
) -> None:
    signed_in(authorization, made)
    assert keeper(authorization, tmp_path, time).token() == made.token()
    assert (tmp_path / "sign-in.json").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"sign-in.json", "sign-in.json.lock"}


def test_what_a_killed_writer_left_goes(authorization: Authorization, made: Keeper, tmp_path: Path) -> None:
    left = tmp_path / ".sign-in.json.4711.part"
    left.write_text("a token")
    other = tmp_path / ".other.json.4711.part"
    other.write_text("another's")
    signed_in(authorization, made)
    assert {path.name for path in tmp_path.iterdir()} == {"sign-in.json", "sign-in.json.lock", other.name}


def test_a_link_that_somebody_laid_is_not_followed(
    authorization: Authorization, made: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs"

    def lay(vault: Vault) -> None:
        (tmp_path / f".sign-in.json.{'00' * 6}.part").symlink_to(theirs)

    with monkeypatch.context() as patch:
        patch.setattr("os.urandom", lambda count: bytes(count))
        patch.setattr(Vault, "_clear", lay)
        with pytest.raises(StoreError, match="File exists"):
            signed_in(authorization, made)
    assert not theirs.exists()


def test_a_rotated_refresh_token_is_the_next_one_used(authorization: Authorization, made: Keeper, time: Time) -> None:
    authorization.rotates = True
    grant = signed_in(authorization, made)
    for _ in range(3):
        time.later(hours=1)
        assert made.token() in grant.access
    assert len({form["refresh_token"] for form in authorization.asked}) == 3
    assert grant.alive


def test_two_at_once_renew_it_once(authorization: Authorization, tmp_path: Path, time: Time) -> None:
    authorization.rotates = True
    grant = signed_in(authorization, keeper(authorization, tmp_path, time))
    time.later(hours=1)
    found: list[str] = []
    # Each with a keeper of its own, as two processes have.
    several = [
        threading.Thread(target=lambda: found.append(keeper(authorization, tmp_path, time).token())) for _ in range(6)
    ]
    for one in several:
        one.start()
    for one in several:
        one.join(20)
    assert len(found) == 6
    assert len(set(found)) == len(authorization.asked) == 1
    assert grant.alive


def test_two_processes_lose_no_rotated_token(authorization: Authorization, tmp_path: Path) -> None:
    authorization.rotates, authorization.lifetime = True, 1
    ring = Ring()
    vault = Vault(tmp_path / "sign-in.json", ring, "file")
    grant = signed_in(authorization, Keeper(registered(authorization), vault, WHO))
    script = (
        "import sys; from pathlib import Path\n"
        "from tests.oauth.keeping import Ring, registered, WHO\n"
        "from worker.mailbox.tokens import Keeper; from worker.mailbox.vault import Vault\n"
        "class Server: url = sys.argv[1]\n"
        "made = Keeper(registered(Server), Vault(Path(sys.argv[2]), Ring(), 'file'), WHO)\n"
        "token = made.token()\n"
        "for _ in range(10): token = made.renewed(token)\n"
    )
    command = [sys.executable, "-c", script, authorization.url, str(vault.file)]
    root = Path(__file__).parents[2]
    both = [subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE) for _ in range(2)]
    for one in both:
        _, errors = one.communicate(timeout=60)
        assert one.returncode == 0, errors.decode()
    assert grant.alive
    assert len(authorization.asked) >= 11


def test_a_refused_token_is_replaced(authorization: Authorization, made: Keeper) -> None:
    grant = signed_in(authorization, made)
    first = made.token()
    authorization.expire(WHO)
    second = made.renewed(first)
    assert second in grant.access
    assert made.renewed(first) == second  # somebody has been here before
    assert len(authorization.asked) == 1


def test_a_server_that_is_away_is_asked_three_times_and_not_more(
    authorization: Authorization, made: Keeper, time: Time
) -> None:
    signed_in(authorization, made)
    time.later(hours=2)
    authorization.down = 503
    with pytest.raises(ServerUnreachable, match="503") as caught:
        made.token()
    assert "tried again" in str(caught.value.todo)
    assert len(authorization.asked) == 3
    assert time.waited == [1.0, 3.0]
    assert made.trouble() is None
    authorization.down, authorization.downs = None, 1
    assert made.token()
    assert len(authorization.asked) == 5


def test_nobody_listens_there(made: Keeper, authorization: Authorization, time: Time) -> None:
    signed_in(authorization, made)
    authorization.close()
    time.later(hours=2)
    with pytest.raises(ServerUnreachable, match="refused"):
        made.token()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no http\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nno json..",
        b"HTTP/1.1 302 F\r\nLocation: /x\r\n\r\n",
    ],
    ids=["nothing", "noise", "a portal", "a redirect"],
)
def test_what_answers_is_no_token_endpoint(tmp_path: Path, time: Time, answer: bytes) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    heard.append(connection.recv(65536))
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        where = f"http://127.0.0.1:{listening.getsockname()[1]}/token"
        asked = client("custom", "a-client", token_endpoint=where, auth_endpoint=where)
        made = Keeper(asked, Vault(tmp_path / "t.json", Ring(), "file"), WHO, now=time.now, wait=time.wait)
        made.begin({"access_token": "a", "refresh_token": "r", "expires_in": 60})
        time.later(hours=1)
        with pytest.raises(ServerUnreachable):
            made.token()
        listening.shutdown(socket.SHUT_RDWR)
    # Nothing follows a redirect: the refresh token is for the configured address alone.
    assert [one.split()[0] for one in heard] == [b"POST"] * 3


def test_while_it_is_away_the_token_at_hand_is_used_up(authorization: Authorization, made: Keeper, time: Time) -> None:
    signed_in(authorization, made)
    first = made.token()
    authorization.down = 500
    time.later(minutes=56)
    assert made.token() == first
    asked = len(authorization.asked)
    assert made.token() == first
    assert len(authorization.asked) == asked, "it is left alone for a minute"
    time.later(minutes=5)
    with pytest.raises(ServerUnreachable):
        made.token()


def test_while_the_clients_secret_is_locked_away_the_token_at_hand_is_used_up(
    authorization: Authorization, tmp_path: Path, time: Time
) -> None:
    shut = False

    def secret() -> str:
        if shut:
            raise PasswordAway("The client secret command failed with exit code 1.")
        return CLIENT_SECRET

    vault = Vault(tmp_path / "sign-in.json", Ring(), "file")
    made = Keeper(registered(authorization, secret), vault, WHO, now=time.now, wait=time.wait)
    signed_in(authorization, made)
    first, shut = made.token(), True
    time.later(minutes=56)
    assert made.token() == first
    time.later(minutes=10)
    with pytest.raises(PasswordAway):
        made.token()


def test_a_dead_refresh_token_is_told_and_not_asked_for_again(
    authorization: Authorization, made: Keeper, tmp_path: Path, time: Time
) -> None:
    signed_in(authorization, made)
    authorization.revoke(WHO)
    time.later(hours=1)
    with pytest.raises(SignInEnded, match="expired or revoked") as caught:
        made.token()
    assert caught.value.todo == "Sign in again: askaround login."
    assert len(authorization.asked) == 1
    for one in (made, keeper(authorization, tmp_path, time)):
        with pytest.raises(SignInEnded, match="expired or revoked"):
            one.token()
        trouble = one.trouble()
        assert trouble is not None
        assert trouble.over
        assert trouble.sentence == caught.value.sentence()
    assert len(authorization.asked) == 1
    grant = signed_in(authorization, made)
    assert made.trouble() is None
    assert made.token() in grant.access


def test_an_end_that_passes_is_noticed_after_hours(authorization: Authorization, made: Keeper, time: Time) -> None:
    grant = signed_in(authorization, made)
    authorization.refusal = {
        "error": "invalid_grant",
        "error_description": "AADSTS53003: Blocked by conditional access",
    }
    time.later(hours=1)
    with pytest.raises(SignInEnded):
        made.token()
    authorization.refusal = None
    time.later(hours=7)
    assert made.token() in grant.access
    assert made.trouble() is None


def test_the_last_token_is_used_up_after_the_end(authorization: Authorization, made: Keeper, time: Time) -> None:
    signed_in(authorization, made)
    first = made.token()
    authorization.grants[0].alive = False
    time.later(minutes=56)
    assert made.token() == first
    trouble = made.trouble()
    assert trouble is not None
    assert trouble.over
    assert trouble.untold
    made.told()
    trouble = made.trouble()
    assert trouble is not None
    assert not trouble.untold
    time.later(minutes=5)
    with pytest.raises(SignInEnded):
        made.token()


def test_a_known_end_is_told_days_before(authorization: Authorization, made: Keeper, time: Time) -> None:
    """Google's refresh tokens of an app in status Testing live for seven days."""
    authorization.extra = {"refresh_token_expires_in": 604799}
    signed_in(authorization, made)
    assert made.trouble() is None
    authorization.extra = {}
    time.later(days=5, minutes=1)
    made.token()  # a renewal that says nothing about it changes nothing
    trouble = made.trouble()
    assert trouble is not None
    assert not trouble.over
    assert "ends on 2027-03-08 at 08:59 UTC" in trouble.sentence
    assert "askaround login" in trouble.sentence


@pytest.mark.parametrize(
    "refusal, todo",
    [
        ({"error": "invalid_client"}, "client_id"),
        ({"error": "invalid_client", "error_description": "AADSTS7000218: The request body must ...\r\nTrace ID: x"},
         "public client flows"),
        ({"error": "unauthorized_client", "error_description": "AADSTS700016: no such app"}, "tenant"),
        ({"error": "invalid_scope"}, "scopes"),
        ({}, "[mailbox.oauth]"),
    ],
)  # fmt: skip
def test_a_registration_that_is_not_right(
    authorization: Authorization, made: Keeper, time: Time, refusal: dict[str, str], todo: str
) -> None:
    signed_in(authorization, made)
    authorization.refusal = refusal or {"error": "something_else", "error_description": "\x1b[31mred"}
    time.later(hours=1)
    with pytest.raises(SignInRefused) as caught:
        made.token()
    assert not isinstance(caught.value, SignInEnded)
    assert todo in str(caught.value.todo)
    assert "\x1b" not in caught.value.sentence()
    assert "Trace" not in caught.value.sentence()
    assert len(authorization.asked) == 1


def test_a_server_that_says_back_what_it_got(authorization: Authorization, made: Keeper, time: Time) -> None:
    for error in ("invalid_grant", "invalid_client", "strange"):
        signed_in(authorization, made)
        said = "no such token: {refresh_token} of {client_secret}"
        authorization.refusal = {"error": error, "error_description": said}
        time.later(hours=1)
        with pytest.raises(SignInRefused) as caught:
            made.token()
        assert "no such token: *** of ***" in caught.value.what


def test_microsoft_is_told_the_scopes_again(authorization: Authorization, tmp_path: Path, time: Time) -> None:
    asked = client("microsoft", "a-client", token_endpoint=f"{authorization.url}/token")
    made = Keeper(asked, Vault(tmp_path / "t.json", Ring(), "file"), WHO, now=time.now, wait=time.wait)
    signed_in(authorization, made)
    time.later(hours=1)
    made.token()
    assert "offline_access" in authorization.asked[0]["scope"]
    assert "client_secret" not in authorization.asked[0]


def test_nobody_has_signed_in_yet(made: Keeper, authorization: Authorization, tmp_path: Path, time: Time) -> None:
    with pytest.raises(SignInEnded, match="not there yet") as caught:
        made.token()
    assert "askaround login" in str(caught.value.todo)
    assert made.trouble() is not None
    for broken in ("", "{", "[]", "{}", '{"issued_at": "x"}', '{"issued_at": "2027-01-01T00:00:00", "expires_at": 3}'):
        (tmp_path / "sign-in.json").write_text(broken)
        with pytest.raises(SignInEnded):
            made.token()
        assert made.trouble() is not None
    signed_in(authorization, made)
    asked = client("custom", "another", token_endpoint="https://id.example/token", auth_endpoint="https://id.example/a")
    other = Keeper(asked, made.vault, WHO, now=time.now)
    with pytest.raises(SignInEnded, match="another client_id"):
        other.token()


def test_no_refresh_token_is_no_sign_in(made: Keeper) -> None:
    with pytest.raises(SignInEnded, match="no refresh token") as caught:
        made.begin({"access_token": "x", "expires_in": 3600})
    assert "offline" in str(caught.value.todo)


def test_a_clock_that_was_set_back(authorization: Authorization, made: Keeper, time: Time) -> None:
    signed_in(authorization, made)
    time.later(days=-400)
    assert made.token()
    assert len(authorization.asked) == 1


def test_the_keyring_keeps_the_tokens_and_the_file_says_so(
    authorization: Authorization, tmp_path: Path, time: Time
) -> None:
    ring = Ring()
    made = keeper(authorization, tmp_path, time, ring=ring, keep="auto")
    grant = signed_in(authorization, made)
    token = made.token()
    text = (tmp_path / "sign-in.json").read_text()
    assert token not in text
    assert grant.refresh not in text
    assert json.loads(text)["kept"] == "keyring"
    time.later(hours=1)
    assert made.token() in grant.access
    ring.error = PasswordAway("The keyring cannot be used (KeyringLocked).")
    with pytest.raises(PasswordAway):
        made.token()
    assert made.trouble() is None  # no keyring is asked for it


def test_a_keyring_that_is_locked_meanwhile_loses_no_rotated_token(
    authorization: Authorization, tmp_path: Path, time: Time
) -> None:
    class Locking(Ring):
        shut = False

        def write(self, text: str) -> None:
            if self.shut:
                raise PasswordAway("The keyring cannot be used (KeyringLocked).")
            super().write(text)

    authorization.rotates = True
    ring = Locking()
    made = keeper(authorization, tmp_path, time, ring=ring, keep="keyring")
    grant = signed_in(authorization, made)
    time.later(hours=1)
    ring.shut = True
    assert made.token() in grant.access
    ring.shut = False
    time.later(hours=1)
    assert made.token() in grant.access
    assert grant.alive
    assert keeper(authorization, tmp_path, time, ring=ring).token() in grant.access


def test_without_a_keyring_the_file_keeps_them(authorization: Authorization, tmp_path: Path, time: Time) -> None:
    ring = Ring(error=PasswordAway("The keyring cannot be used (NoKeyringError)."))
    grant = signed_in(authorization, keeper(authorization, tmp_path, time, ring=ring, keep="auto"))
    assert keeper(authorization, tmp_path, time, ring=ring, keep="auto").token() in grant.access
    with pytest.raises(PasswordAway):
        signed_in(authorization, keeper(authorization, tmp_path, time, ring=ring, keep="keyring"))


def test_a_full_disk_loses_no_rotated_token(
    authorization: Authorization, made: Keeper, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorization.rotates = True
    grant = signed_in(authorization, made)
    time.later(hours=1)
    before = (tmp_path / "sign-in.json").read_bytes()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        token = made.token()
        assert token in grant.access
        assert made.token() == token
        assert (tmp_path / "sign-in.json").read_bytes() == before
        assert [path.name for path in tmp_path.glob("*.part")] == []
        time.later(hours=1)
        made.token()
        time.later(minutes=1)
    another = signed_in(authorization, keeper(authorization, tmp_path, time))
    assert made.token() in another.access, "a new sign-in comes before what could not be written"
    assert grant.alive


def test_what_could_not_be_written_is_written_later(
    authorization: Authorization, made: Keeper, tmp_path: Path, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    authorization.rotates = True
    grant = signed_in(authorization, made)
    time.later(hours=1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: os.write(-1, b""))
        assert made.token() in grant.access
    time.later(hours=1)
    assert made.token() in grant.access
    assert grant.alive
    assert keeper(authorization, tmp_path, time).token() in grant.access


def test_a_folder_that_cannot_be_written(authorization: Authorization, tmp_path: Path, time: Time) -> None:
    (tmp_path / "file").write_text("")
    made = Keeper(registered(authorization), Vault(tmp_path / "file/t.json", Ring(), "file"), WHO, now=time.now)
    with pytest.raises(StoreError, match="cannot be kept"):
        signed_in(authorization, made)


def test_tokens_are_never_shown(
    authorization: Authorization, made: Keeper, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    grant = signed_in(authorization, made)
    tokens = made.vault.read()
    shown = [repr(made), repr(made.vault), repr(tokens), repr(made.client), str(tokens)]
    authorization.down = 500
    time.later(minutes=56)
    made.token()
    time.later(minutes=56)
    with pytest.raises(ServerUnreachable) as caught:
        made.token()
    shown += ["\n".join(caught.value.lines()), repr(caught.value.__context__)]
    authorization.down = None
    authorization.revoke(WHO)
    with pytest.raises(SignInEnded) as ended:
        made.token()
    shown += ["\n".join(ended.value.lines()), caplog.text]
    for secret in (grant.refresh, CLIENT_SECRET, "access-", "refresh-"):
        assert all(secret not in text for text in shown), shown
    assert START + timedelta(hours=1) < time.now()
