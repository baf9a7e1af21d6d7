"""Where the page is served: which names it answers to, and whether the way to it is encrypted."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from reviewflow.faults import Fault

LOOPBACK = "127.0.0.1"
# Neither in use by anything common nor in the range that systems draw from.
TEAM_PORT = 8765
_STANDARD = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Address:
    """What people type, and the Host headers that come of it. `secure`: browsers reach it through TLS."""

    url: str
    hosts: frozenset[str]
    secure: bool

    @property
    def cookie(self) -> str:
        """The name of the session's cookie. Browsers share cookies between the ports of a host, and one computer may
        serve several people, so the port is part of it; the prefix makes browsers refuse it from other hosts.
        """
        parts = urlsplit(self.url)
        name = f"reviewflow_{parts.port or _STANDARD[parts.scheme]}"
        return f"__Host-{name}" if self.secure else name

    def origin(self, host: str) -> str:
        """The origin of a page that was asked for by this Host header."""
        return f"{'https' if self.secure else 'http'}://{host}"


def is_loopback(host: str) -> bool:
    """Whether only this computer can reach the host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def address(host: str, port: int, url: str, *, tls: bool) -> Address:
    """The address of what listens on host and port; `url` is what browsers are given where that is something else."""
    if url:
        parts = urlsplit(url)
        name = parts.netloc.lower().removesuffix(f":{_STANDARD[parts.scheme]}")
        return Address(f"{parts.scheme}://{name}", frozenset({name}), parts.scheme == "https")
    scheme = "https" if tls else "http"
    ending = "" if port == _STANDARD[scheme] else f":{port}"
    shown = f"[{host}]" if ":" in host else host.lower()
    names = {shown, LOOPBACK, "localhost"} if is_loopback(host) else {shown}
    return Address(f"{scheme}://{shown}{ending}", frozenset(f"{name}{ending}" for name in names), tls)


def faults(host: str, url: str, *, tls: bool) -> list[Fault]:
    """Why the page cannot be served like this."""
    if url and not _plain(url):
        mend = "write it like https://screening.example.org or https://screening.example.org:8443"
        return [Fault("--url", 0, "", f'"{url}" is not the address of a host', mend)]
    clear = url.startswith("http:")
    shown = host or "every address"
    if tls and clear:
        return [Fault("--url", 0, "", "with --cert the page is served by https only", "write https://")]
    if is_loopback(host):
        if not clear or is_loopback(urlsplit(url).hostname or ""):
            return []
        mend = "let the proxy do TLS and write https://"
        return [Fault("--url", 0, "", "others could read tokens and decisions on the way", mend)]
    if not tls and not url.startswith("https:"):
        problem = f"{shown} can be reached by others, who could read tokens and decisions on the way"
        mend = "give --cert and --key, or --url https://... where a proxy does TLS, or leave --host out"
        return [Fault("--host", 0, "", problem, mend)]
    if not url and _is_any(host):
        mend = "give --url with the name that the certificate is for"
        return [Fault("--host", 0, "", f"{shown} says not by which name browsers come", mend)]
    return []


def _plain(url: str) -> bool:
    """Whether it is a scheme, a host and perhaps a port, and no more."""
    try:
        parts = urlsplit(url)
        allowed = parts.scheme in _STANDARD and parts.port != 0
    except ValueError:
        return False
    extra = parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment
    return bool(allowed and parts.hostname and not extra and url.isascii() and not set(url) & set(" \t\r\n"))


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return host == ""
