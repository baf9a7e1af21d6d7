"""Nothing reaches the page but requests of a known person, from the page itself."""

import pytest
from door_samples import PLACE, Clock, TwoPeople, behind, browser, enter
from reviewflow.desk import door as doors
from reviewflow.desk.address import address
from reviewflow.desk.door import BODY_LIMIT, Door
from reviewflow.desk.sessions import LIFETIME, Attempts
from reviewflow.desk.tokens import Admission, OwnGate, digest

OWN = {"Origin": PLACE.url}
UNSAFE = [("POST", "/decide"), ("DELETE", "/undo"), ("PUT", "/undo"), ("PATCH", "/undo")]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def gate():
    return TwoPeople()


@pytest.fixture
def app(gate, clock):
    return behind(Door(gate, PLACE, clock))


def test_a_token_is_exchanged_for_a_cookie_and_leaves_the_address(app):
    page = browser(app)
    answer = page.get("/enter?token=token-1", headers={"Sec-Fetch-Site": "none"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("reviewflow_4711=")
    assert "token-1" not in cookie
    assert {part.strip() for part in cookie.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=strict"}
    assert page.get("/").text.startswith("reviewer_1 ")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", None])
def test_a_link_of_another_site_leads_to_a_button_since_its_cookie_would_not_be_sent(app, site):
    page = browser(app)
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"} if site else {}
    answer = page.get("/enter?token=token-2", headers=headers)
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert '<form method="post" action="/enter">' in answer.text
    assert 'value="token-2"' in answer.text
    enter(page, "token-2")
    assert page.get("/").text.startswith("reviewer_2 ")


def test_what_is_in_a_link_shows_as_text(app, gate):
    gate.tokens[digest('"><script>')] = "reviewer_1"
    answer = browser(app).get("/enter", params={"token": '"><script>'})
    assert answer.status_code == 200
    assert "<script>" not in answer.text


def test_under_tls_the_cookie_is_for_this_host_alone(gate):
    place = address("127.0.0.1", 8765, "https://screening.example.org", tls=False)
    page = browser(behind(Door(gate, place)), place)
    answer = page.post("/enter", data={"token": "token-1"}, headers={"Origin": "https://screening.example.org"})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-reviewflow_443=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in cookie.split(";")}
    assert page.get("/").text.startswith("reviewer_1 ")


@pytest.mark.parametrize("path", ["/", "/broken", "/pdf", "/nothing", "/enter", "/static", "/Static/desk.css"])
def test_without_a_session_there_is_nothing_to_read(app, path):
    answer = browser(app).get(path)
    assert answer.status_code == 403
    assert "Ask for a link." in answer.text


@pytest.mark.parametrize(
    ("method", "path"), [*UNSAFE, ("POST", "/leave"), ("OPTIONS", "/"), ("POST", "/static/desk.css")]
)
def test_without_a_session_there_is_nothing_to_change(app, method, path):
    assert browser(app).request(method, path, headers=OWN).status_code == 403


def test_style_is_for_everybody(app):
    answer = browser(app).get("/static/desk.css")
    assert (answer.text, answer.headers["cache-control"]) == ("css", "no-cache")


def test_the_person_is_that_of_the_session_whatever_a_form_says(app):
    one, two = browser(app), browser(app)
    tokens = [enter(one, "token-1"), enter(two, "token-2")]
    form = {"decision": "include", "person": "reviewer_2", "csrf": tokens[0]}
    answer = one.post("/decide?person=reviewer_2", data=form, headers=OWN)
    assert answer.text == "reviewer_1 said include for reviewer_2"
    assert tokens[0] != tokens[1]


@pytest.mark.parametrize(("method", "path"), UNSAFE)
def test_a_change_needs_the_token_of_its_own_session(app, method, path):
    one, two = browser(app), browser(app)
    own, others = enter(one, "token-1"), enter(two, "token-2")
    again = browser(app)
    same_person = enter(again, "token-1")
    for wrong in ("", others, same_person, own[:-1], own + "0", "é"):
        headers = {**OWN, "X-CSRF-Token": wrong.encode()}
        assert one.request(method, path, headers=headers).status_code == 403, wrong
        assert one.request(method, path, headers=OWN, data={"csrf": wrong}).status_code == 403, wrong
    assert one.request(method, path, headers={**OWN, "X-CSRF-Token": own}).status_code == 200
    assert one.request(method, path, headers=OWN, data={"csrf": own}).status_code == 200


def test_a_wrong_header_is_not_mended_by_a_form(app):
    page = browser(app)
    own = enter(page, "token-1")
    answer = page.post("/decide", data={"csrf": own}, headers={**OWN, "X-CSRF-Token": "wrong"})
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=a", "application/json", ""])
def test_a_form_token_counts_in_a_form_only(app, kind):
    page = browser(app)
    own = enter(page, "token-1")
    answer = page.post("/decide", content=f"csrf={own}", headers={**OWN, "Content-Type": kind})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://127.0.0.1:4712"},
        {"Origin": "https://127.0.0.1:4711"},
        {"Origin": "http://localhost:4711"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
@pytest.mark.parametrize(("method", "path"), [*UNSAFE, ("POST", "/enter"), ("POST", "/leave")])
def test_a_change_that_another_site_asks_for_is_refused(app, method, path, headers):
    page = browser(app)
    own = enter(page, "token-1")
    answer = page.request(method, path, data={"token": "token-1", "csrf": own}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_two_origins_are_none(app):
    page = browser(app)
    own = enter(page, "token-1")
    answer = page.post(
        "/decide", data={"csrf": own}, headers=[("Origin", PLACE.url), ("Origin", "http://evil.example")]
    )
    assert answer.status_code == 403


def test_a_browser_that_sends_no_origin_may_say_that_the_site_is_the_same(app):
    page = browser(app)
    own = enter(page, "token-1")
    assert page.post("/decide", data={"csrf": own}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:4712", "evil.example:4711", "", "127.0.0.1:4711."]
)
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("GET", "/static/desk.css"), ("GET", "/enter?token=token-1"), *UNSAFE]
)
def test_another_name_that_leads_here_is_refused(app, method, path, host):
    page = browser(app)
    own = enter(page, "token-1")
    headers = {"Host": host, "Origin": f"http://{host}", "X-CSRF-Token": own}
    assert page.request(method, path, headers=headers).status_code == 400


def test_both_names_of_this_computer_are_answered_each_with_its_own_origin(app):
    page = browser(app)
    csrf = enter(page, "token-1")
    headers = {"Host": "LocalHost:4711", "Origin": "http://localhost:4711", "X-CSRF-Token": csrf}
    assert page.post("/decide", headers=headers).status_code == 200
    assert page.post("/decide", headers={**headers, **OWN}).status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_can_draw_the_page_into_its_own(app, site):
    page = browser(app)
    enter(page, "token-1")
    for mode in ("no-cors", "cors", ""):
        assert page.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}).status_code == 403
    assert page.get("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}).status_code == 200


def test_a_session_ends_with_its_time(app, clock):
    page = browser(app)
    enter(page, "token-1")
    clock.now += LIFETIME - 1
    assert page.get("/").status_code == 200
    clock.now += 1
    assert page.get("/").status_code == 403


def test_a_session_ends_with_what_admitted_to_it(app, gate):
    one, two = browser(app), browser(app)
    csrf = enter(one, "token-1")
    enter(two, "token-2")
    del gate.tokens[digest("token-1")]
    assert one.get("/").status_code == 403
    assert one.post("/decide", data={"csrf": csrf}, headers=OWN).status_code == 403
    assert two.get("/").status_code == 200


def test_signing_out_ends_this_session_alone(app):
    one, other = browser(app), browser(app)
    csrf = enter(one, "token-1")
    enter(other, "token-1")
    cookie = dict(one.cookies)
    answer = one.post("/leave", data={"csrf": csrf}, headers=OWN)
    assert answer.status_code == 200
    assert "Signed out" in answer.text
    assert not dict(one.cookies)
    assert browser(app).get("/", headers={"Cookie": f"reviewflow_4711={cookie['reviewflow_4711']}"}).status_code == 403
    assert other.get("/").status_code == 200


def test_signing_out_needs_the_token_too(app):
    page = browser(app)
    enter(page, "token-1")
    assert page.post("/leave", headers=OWN).status_code == 403
    assert page.get("/").status_code == 200


def test_coming_in_again_replaces_the_browsers_session(app):
    page = browser(app)
    enter(page, "token-1")
    before = page.cookies["reviewflow_4711"]
    enter(page, "token-2")
    assert page.get("/").text.startswith("reviewer_2 ")
    assert browser(app).get("/", headers={"Cookie": f"reviewflow_4711={before}"}).status_code == 403


def test_a_link_cannot_fill_the_memory_with_sessions(app):
    first = browser(app)
    enter(first, "token-1")
    other = browser(app)
    enter(other, "token-2")
    for _ in range(20):
        enter(browser(app), "token-1")
    assert first.get("/").status_code == 403
    assert other.get("/").status_code == 200


def test_wrong_tokens_are_refused_then_slowed_down_by_address(app, clock):
    page, elsewhere = browser(app, client="192.0.2.1"), browser(app, client="192.0.2.2")
    for n in range(10):
        method = page.get if n % 2 else page.post
        answer = method("/enter", headers=OWN, params={"token": f"wrong {n}"})
        assert answer.status_code == 403
        assert "wrong" not in answer.text.split("<h1>")[0]
    for token in ("wrong", "token-1"):
        assert page.post("/enter", data={"token": token}, headers=OWN).status_code == 429
    enter(elsewhere, "token-1")
    clock.now += 60
    enter(page, "token-1")


def test_the_table_of_wrong_tokens_is_bounded():
    attempts = Attempts(Clock())
    for n in range(5000):
        attempts.wrong(f"192.0.2.{n}")
    assert len(attempts._wrong) == 1000
    for _ in range(500):
        attempts.wrong("one")
    assert len(attempts._wrong["one"]) == 10


def test_a_large_body_is_refused_whether_it_says_so_or_not(app):
    page = browser(app)
    csrf = enter(page, "token-1")
    headers = {**OWN, "X-CSRF-Token": csrf, "Content-Type": "application/x-www-form-urlencoded"}
    fits = b"note=" + b"a" * (BODY_LIMIT - 5)
    assert page.post("/decide", content=fits, headers=headers).status_code == 200
    assert page.post("/decide", content=fits + b"a", headers=headers).status_code == 413
    pieces = (b"a" * 100_000 for _ in range(11))
    assert page.post("/decide", content=pieces, headers=headers).status_code == 413
    assert page.post("/decide", headers={**headers, "Content-Length": "-1"}).status_code == 413


def test_a_body_that_does_not_come_is_not_waited_for(app, monkeypatch):
    import threading

    import anyio

    monkeypatch.setattr(doors, "BODY_SECONDS", 0.05)
    sent = []

    async def never():
        await anyio.sleep_forever()

    async def send(message):
        sent.append(message)

    host = (b"host", b"127.0.0.1:4711")
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/decide",
        "query_string": b"",
        "headers": [host, (b"origin", PLACE.url.encode())],
    }
    # A browser that an earlier test opened keeps a loop in this thread.
    apart = threading.Thread(target=anyio.run, args=(app, scope, never, send))
    apart.start()
    apart.join()
    assert sent[0]["status"] == 408


def test_a_socket_is_closed_at_once(app):
    from starlette.websockets import WebSocketDisconnect

    page = browser(app)
    enter(page, "token-1")
    with pytest.raises(WebSocketDisconnect), page.websocket_connect("/"):
        pass


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 200), ("GET", "/nothing", 404), ("POST", "/", 403), ("GET", "/broken", 500), ("GET", "/enter", 403)],
)
def test_every_response_has_the_headers(app, method, path, status):
    page = browser(app)
    enter(page, "token-1")
    answer = page.request(method, path)
    assert answer.status_code == status
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "server" not in answer.headers


def test_a_full_text_may_be_framed_by_the_page_alone(app):
    page = browser(app)
    enter(page, "token-1")
    answer = page.get("/pdf")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "script-src" not in answer.headers["content-security-policy"]
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_fault_of_the_page_shows_nothing_of_itself(app):
    page = browser(app)
    enter(page, "token-1")
    assert "a fault of the page" not in page.get("/broken").text


def test_the_own_token_is_good_as_long_as_the_process_and_a_ticket_once():
    clock = Clock()
    gate = OwnGate("reviewer_1", clock)
    me = Admission("reviewer_1", "own")
    assert [gate.admit(gate.token, spend=True) for _ in range(3)] == [me] * 3
    ticket = gate.ticket()
    assert gate.admit(ticket, spend=False) == me
    assert [gate.admit(ticket, spend=True) for _ in range(2)] == [me, None]
    late = gate.ticket()
    clock.now = 60.0
    assert gate.admit(late, spend=True) is None
    assert gate.admit("", spend=True) is None
    assert gate.admit(ticket, spend=True) is None
    assert len(gate.token) == 43
    assert gate.holds(me)


def test_a_ticket_that_a_page_with_a_button_showed_still_lets_in():
    gate = OwnGate("reviewer_1")
    page = browser(behind(Door(gate, PLACE)))
    ticket = gate.ticket()
    assert page.get("/enter", params={"token": ticket}).status_code == 200
    enter(page, ticket)
    assert browser(behind(Door(gate, PLACE))).get("/enter", params={"token": ticket}).status_code == 403
