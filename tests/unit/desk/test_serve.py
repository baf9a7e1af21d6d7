"""The server itself: a process that listens, answers, keeps to its limits and ends when told to."""

import contextlib
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2 as httpx
import pytest
import reviewflow
from desk_room import lines, make_review
from reviewflow.desk.invites import Invites
from reviewflow.desk.tls import tls_context
from reviewflow.faults import DataFaults

PEOPLE = ("reviewer_1", "reviewer_2", "reviewer_3")
SERVED = Path(__file__).with_name("served.py")
# The library of these tests, whichever one is installed.
ROOM = os.environ | {"PYTHONPATH": str(Path(reviewflow.__file__).parents[1])}


class Server:
    """A running server, its greeting and the address in it."""

    def __init__(self, root: Path, *words: str) -> None:
        command = [sys.executable, str(SERVED), str(root), *words]
        self.process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ROOM)
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline() + self.process.stdout.readline()
        found = re.search(r"(https?://[\w.]+(?::(\d+))?)(?:/enter\?token=(\S+))?\n", self.greeting)
        assert found, self.process.communicate(timeout=20)
        self.url, self.port, self.token = found.group(1), int(found.group(2) or 0), found.group(3)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str, str]:
        """Send a signal and wait; the exit status and what was said."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=20)
        return self.process.returncode, out, err


Serve = Callable[..., Server]


@pytest.fixture
def served(tmp_path) -> Iterator[Serve]:
    running = []

    def begin(*words: str) -> Server:
        running.append(Server(tmp_path, *words))
        return running[-1]

    yield begin
    for server in running:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def come_in(server: Server, token: str, **settings) -> httpx.Client:
    page = httpx.Client(base_url=server.url, **settings)
    answer = page.post("/enter", data={"token": token}, headers={"Origin": server.url})
    assert answer.status_code == 303
    return page


def test_one_person_is_served_at_this_computer_and_the_end_is_clean(served):
    server = served("--as", "reviewer_1", "--no-browser")
    assert server.url.startswith("http://127.0.0.1:")
    page = come_in(server, server.token)
    answer = page.get("/")
    assert answer.text.startswith("reviewer_1 ")
    assert "server" not in answer.headers
    assert "uvicorn" not in str(answer.headers).lower()
    assert server.end(signal.SIGINT) == (0, "closed\n", "")


def test_the_command_serves_a_review_and_leaves_its_files_free(tmp_path):
    make_review(tmp_path)
    protocol = "review: {title: A review}\nscreening: {reviewers: [reviewer_1, reviewer_2], adjudicator: reviewer_3}\n"
    (tmp_path / "config/config.yaml").write_text(protocol, encoding="utf-8")
    program = [sys.executable, "-c", "import sys; from reviewflow.cli import main; sys.exit(main())"]
    words = ["screen", "--as", "reviewer_1", "--no-browser", "--directory", str(tmp_path)]
    for decided in range(2):
        process = subprocess.Popen(
            [*program, *words], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ROOM
        )
        assert process.stdout is not None
        found = None
        while found is None:
            line = process.stdout.readline()
            assert line, process.communicate()
            found = re.search(r"(http://\S+)/enter\?token=(\S+)", line)
        page = httpx.Client(base_url=found[1], follow_redirects=True, headers={"Origin": found[1]})
        page.post("/enter", data={"token": found[2]})
        text = page.get("/screen/title_abstract").text
        fields = dict(
            re.findall(
                r'<input type="hidden" name="(\w+)" value="([^"]*)"',
                text.split('action="/decide"')[1].split("</form>")[0],
            )
        )
        assert page.post("/decide", data=fields | {"decision": "include"}).status_code == 200
        assert len(lines(tmp_path)) == decided + 1
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (0, "")


def test_a_request_that_has_begun_is_finished_before_the_end(served, tmp_path):
    server = served("--as", "reviewer_1", "--no-browser")
    page = come_in(server, server.token)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(page.get("/slow").text))
    asking.start()
    while not (tmp_path / "begun").exists():
        time.sleep(0.01)
    status, out, err = server.end(signal.SIGTERM)
    asking.join()
    assert answers == ["finished"]
    assert (status, out, err) == (0, "closed\n", "")


def test_nothing_of_tokens_is_logged(served):
    server = served("--as", "reviewer_1", "--no-browser")
    httpx.get(f"{server.url}/enter?token={server.token}")
    httpx.get(f"{server.url}/enter?token=wrong")
    page = come_in(server, server.token)
    assert page.get("/broken").status_code == 500
    _, out, err = server.end()
    assert "a fault of the page" in err
    assert not [secret for secret in (server.token, "wrong", *page.cookies.values()) if secret in out + err]


def test_the_browser_opens_by_a_ticket_that_is_not_the_token(served, tmp_path, monkeypatch):
    program = tmp_path / "browser"
    program.write_text(
        f'#!/bin/sh\necho "$1" > {tmp_path}/opened.part && mv {tmp_path}/opened.part {tmp_path}/opened\n'
    )
    program.chmod(0o700)
    monkeypatch.setitem(ROOM, "BROWSER", str(program))
    server = served("--as", "reviewer_1")
    for _ in range(200):
        if (tmp_path / "opened").exists():
            break
        time.sleep(0.05)
    url, token = (tmp_path / "opened").read_text().strip().split("/enter?token=")
    assert url == server.url
    assert token != server.token
    come_in(server, token)
    assert httpx.post(f"{url}/enter", data={"token": token}, headers={"Origin": url}).status_code == 403


def test_a_port_that_is_taken_is_told(served, tmp_path):
    server = served("--as", "reviewer_1", "--no-browser")
    command = [sys.executable, SERVED, tmp_path, "--as", "reviewer_2", "--port", str(server.port)]
    second = subprocess.run(list(map(str, command)), check=False, capture_output=True, text=True, timeout=60, env=ROOM)
    assert second.returncode == 1
    assert second.stderr == (
        f"127.0.0.1:{server.port}: is in use by another program; end that one, or name another port with --port\n"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--as", "somebody"], '"somebody" is neither a reviewer nor the adjudicator'),
        (
            ["--as", "reviewer_1", "--host", "0.0.0.0"],
            "--host: is for --team; one person is served at this computer only",
        ),
        (["--as", "reviewer_1", "--url", "https://a.example"], "--url: is for --team"),
        (["--as", "reviewer_1", "--port", "70000"], "--port: 70000 is no port"),
        (["--team", "--host", "0.0.0.0"], "--host: 0.0.0.0 can be reached by others"),
        (["--team", "--cert", "cert.pem"], "--cert: a certificate and its key go together; give --key too"),
        (
            ["--team", "--host", "192.0.2.1", "--url", "https://a.example"],
            "192.0.2.1:8765: is no address of this computer",
        ),
        (
            ["--team", "--host", "nowhere.invalid", "--url", "https://a.example"],
            "--host: nowhere.invalid cannot be found",
        ),
    ],
)
def test_what_would_not_work_is_refused_before_anything_is_served(tmp_path, words, told):
    command = [sys.executable, str(SERVED), str(tmp_path), *words]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60, env=ROOM)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_headers_that_are_too_long_or_never_end_are_not_waited_for(served):
    server = served("--as", "reviewer_1", "--no-browser")
    assert httpx.get(server.url, headers={"Cookie": "a" * 20_000}).status_code == 431
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nCookie: " + b"a" * 20_000)
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")
    with socket.create_connection(("127.0.0.1", server.port), timeout=40) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
        begun = time.monotonic()
        assert connection.recv(100) == b""
        assert 1 < time.monotonic() - begun < 10


def test_a_body_that_is_too_large_is_answered_without_being_read(served):
    server = served("--as", "reviewer_1", "--no-browser")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        head = f"POST /decide HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nOrigin: {server.url}\r\n"
        connection.sendall(f"{head}Content-Length: 1000000000\r\n\r\n".encode())
        assert connection.recv(1000).startswith(b"HTTP/1.1 413 ")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    return self_signed(tmp_path_factory.mktemp("tls"))


def self_signed(folder: Path) -> tuple[Path, Path]:
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    command = ["openssl", "req", "-x509", *kind, "-keyout", str(key), "-out", str(cert), *names]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("openssl is not installed; it makes the certificate of these tests")
    return cert, key


def test_the_team_is_served_by_tls_each_as_who_they_are(served, tmp_path, certificate):
    cert, key = certificate
    port = str(free_port())
    server = served("--team", "--cert", str(cert), "--key", str(key), "--port", port)
    assert (server.url, server.token) == (f"https://127.0.0.1:{port}", None)
    invites = Invites(tmp_path, PEOPLE)
    assert invites.url == server.url
    trusting = ssl.create_default_context(cafile=str(cert))
    pages = [come_in(server, invites.make(person, 1)[0], verify=trusting) for person in PEOPLE]
    assert [page.get("/").text.split()[0] for page in pages] == list(PEOPLE)
    assert {name for page in pages for name in page.cookies} == {f"__Host-reviewflow_{port}"}
    invites.revoke("reviewer_2")
    assert [page.get("/").status_code for page in pages] == [200, 403, 200]
    for page in pages:
        page.close()
    with contextlib.suppress(httpx.HTTPError):
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 400
    assert server.end()[0] == 0


def test_behind_a_proxy_wrong_tokens_are_counted_by_the_address_that_it_names(served, tmp_path):
    server = served("--team", "--url", "https://screening.example.org", "--port", "0")
    port = listening(server.process.pid)
    token, _ = Invites(tmp_path, PEOPLE).make("reviewer_1", 1)
    own = {"Host": "screening.example.org", "Origin": "https://screening.example.org"}

    def answer(given: str, client: str) -> int:
        headers = {**own, "X-Forwarded-For": client, "X-Forwarded-Proto": "https"}
        return httpx.post(f"http://127.0.0.1:{port}/enter", data={"token": given}, headers=headers).status_code

    assert [answer("wrong", "192.0.2.1") for _ in range(11)] == [403] * 10 + [429]
    assert answer(token, "192.0.2.1") == 429
    assert answer(token, "192.0.2.2") == 303


def listening(process: int) -> int:
    """The port that a process listens at."""
    sockets = {os.readlink(f"/proc/{process}/fd/{n}") for n in os.listdir(f"/proc/{process}/fd")}
    for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]:
        cells = line.split()
        if cells[3] == "0A" and f"socket:[{cells[9]}]" in sockets:
            return int(cells[1].split(":")[1], 16)
    raise AssertionError("it does not listen")


def test_a_certificate_is_checked_with_its_key(certificate, tmp_path):
    cert, key = certificate
    made = tls_context(cert, key)
    assert made is not None
    assert made.minimum_version == ssl.TLSVersion.TLSv1_2
    assert tls_context(None, None) is None
    (tmp_path / "other").mkdir()
    other_cert, other_key = self_signed(tmp_path / "other")
    broken = tmp_path / "broken.pem"
    broken.write_bytes(cert.read_bytes().replace(b"M", b"N"))
    locked = tmp_path / "locked.pem"
    command = ["openssl", "pkcs8", "-topk8", "-in", str(key), "-passout", "pass:secret", "-out", str(locked)]
    subprocess.run(command, check=True, capture_output=True)
    faults = {
        (cert, None): "--cert: a certificate and its key go together; give --key too",
        (None, key): "--key: a certificate and its key go together; give --cert too",
        (tmp_path / "none.pem", key): "none.pem: the file is not there; give --cert a PEM file",
        (cert, tmp_path): "the file is not there; give --key a PEM file",
        (key, key): "key.pem: no PEM certificate is in it",
        (cert, cert): "cert.pem: no PEM private key is in it",
        (cert, other_key): f"key.pem: is not the key of {cert}",
        (other_cert, key): f"key.pem: is not the key of {other_cert}",
        (broken, key): f"broken.pem: cannot be used with {key}",
        (cert, locked): "locked.pem: the key is protected by a passphrase",
    }
    for files, told in faults.items():
        with pytest.raises(DataFaults) as found:
            tls_context(*files)
        assert told in str(found.value)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read every file")
def test_a_key_that_may_not_be_read_is_told(certificate, tmp_path):
    cert, key = certificate
    closed = tmp_path / "key.pem"
    closed.write_bytes(key.read_bytes())
    closed.chmod(0)
    with pytest.raises(DataFaults, match="the file cannot be read"):
        tls_context(cert, closed)
