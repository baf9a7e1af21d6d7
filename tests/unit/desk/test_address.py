"""Which names the page answers to, and where it is not served at all."""

import pytest
from reviewflow.desk.address import address, faults


@pytest.mark.parametrize(
    ("host", "port", "url", "tls", "shown", "hosts", "cookie"),
    [
        (
            "127.0.0.1",
            4711,
            "",
            False,
            "http://127.0.0.1:4711",
            {"127.0.0.1:4711", "localhost:4711"},
            "reviewflow_4711",
        ),
        ("::1", 80, "", False, "http://[::1]", {"[::1]", "127.0.0.1", "localhost"}, "reviewflow_80"),
        ("192.0.2.1", 8765, "", True, "https://192.0.2.1:8765", {"192.0.2.1:8765"}, "__Host-reviewflow_8765"),
        ("127.0.0.1", 8765, "https://A.example/", False, "https://a.example", {"a.example"}, "__Host-reviewflow_443"),
        ("0.0.0.0", 443, "https://a.example:443", True, "https://a.example", {"a.example"}, "__Host-reviewflow_443"),
        (
            "127.0.0.1",
            1,
            "https://a.example:8443",
            False,
            "https://a.example:8443",
            {"a.example:8443"},
            "__Host-reviewflow_8443",
        ),
        (
            "127.0.0.1",
            1,
            "http://localhost:9000",
            False,
            "http://localhost:9000",
            {"localhost:9000"},
            "reviewflow_9000",
        ),
    ],
)
def test_an_address_knows_its_names(host, port, url, tls, shown, hosts, cookie):
    made = address(host, port, url, tls=tls)
    assert (made.url, made.hosts, made.cookie) == (shown, hosts, cookie)
    assert made.origin(min(hosts)) == f"{shown.split(':')[0]}://{min(hosts)}"
    assert faults(host, url, tls=tls) == []


@pytest.mark.parametrize(
    ("host", "url", "tls", "told"),
    [
        ("0.0.0.0", "", False, "--host: 0.0.0.0 can be reached by others"),
        ("192.0.2.1", "", False, "--host: 192.0.2.1 can be reached by others"),
        ("screening.example.org", "", False, "can be reached by others"),
        ("", "", False, "every address can be reached by others"),
        ("192.0.2.1", "http://a.example", False, "can be reached by others"),
        ("0.0.0.0", "", True, "says not by which name browsers come; give --url"),
        ("::", "", True, "says not by which name browsers come; give --url"),
        ("127.0.0.1", "http://a.example", False, "--url: others could read tokens"),
        ("127.0.0.1", "http://a.example", True, "--url: with --cert the page is served by https only"),
        *(
            ("127.0.0.1", url, False, "is not the address of a host")
            for url in (
                "a.example",
                "ftp://a.example",
                "https://",
                "https://a.example/screening",
                "https://a.example?x=1",
                "https://someone@a.example",
                "https://a.example:port",
                "https://a.example:99999",
                "https://a b.example",
                "https://a.example#top",
                "https://[::1",
            )
        ),
    ],
)
def test_what_is_not_safe_or_not_clear_is_refused_with_the_mend(host, url, tls, told):
    found = faults(host, url, tls=tls)
    assert len(found) == 1
    assert told in str(found[0])


def test_behind_a_proxy_elsewhere_the_way_of_the_browsers_is_what_counts():
    assert faults("0.0.0.0", "https://a.example", tls=False) == []
