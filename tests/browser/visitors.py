"""People with a browser of their own each; what a browser complains of meanwhile is a fault of the page."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page, Request

# A policy that stopped something is told to the console also where the browser itself would keep silent.
_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} stopped ${event.blockedURI}`));
"""
# Milliseconds; a busy machine needs a part of it.
PATIENCE = 30_000


@dataclass
class Visitor:
    """One browser, with its own cookies."""

    context: BrowserContext
    origin: str
    complaints: list[str] = field(default_factory=list)

    def page(self) -> Page:
        """A further tab."""
        return self.context.new_page()

    def forgive(self, text: str) -> None:
        """Take complaints with this text as what the test is about; there must be one."""
        rest = [line for line in self.complaints if text not in line]
        assert len(rest) < len(self.complaints), f"no complaint has {text!r}: {self.complaints}"
        self.complaints[:] = rest

    def watch(self) -> None:
        """Note what a page must never cause."""
        self.context.add_init_script(_TELL_VIOLATIONS)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.context.on("request", self._asked)
        self.context.on("dialog", self._asks)

    def _said(self, message: ConsoleMessage) -> None:
        # Of a plain text or a PDF, which name no icon, the browser asks for one by itself.
        if message.type in ("error", "warning") and not message.location["url"].endswith("/favicon.ico"):
            self.complaints.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.complaints.append(f"request to {request.url[:200]}")

    def _asks(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


class Visitors:
    """All browsers of a test."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.all: list[Visitor] = []

    def come(self, origin: str, **options: Any) -> Visitor:
        """A browser that has never seen the page."""
        context = self._browser.new_context(**options)
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(context, origin)
        visitor.watch()
        self.all.append(visitor)
        return visitor

    def enter(self, link: str, **options: Any) -> Page:
        """A browser that has come in by a link."""
        parts = urlsplit(link)
        page = self.come(f"{parts.scheme}://{parts.netloc}", **options).page()
        page.goto(link)
        return page

    def of(self, page: Page) -> Visitor:
        """The visitor whose tab this is."""
        return next(visitor for visitor in self.all if visitor.context == page.context)

    def complaints(self) -> list[str]:
        """What all browsers complained of."""
        return [line for visitor in self.all for line in visitor.complaints]
