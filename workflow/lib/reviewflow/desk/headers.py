"""The headers that every response carries, whoever made it."""

from starlette.datastructures import MutableHeaders
from starlette.types import Message, Send

# Nothing but this server's own files; no inline script or style, so that text of a record can never become either.
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# The page shows a full text in a frame. Browsers draw PDF files with a small document of their own, which has inline
# style and embeds the file; nothing in the file can run as script of this page.
_PDF = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    # Not no-referrer: browsers then send forms with `Origin: null`, and the Origin is what tells our forms from others.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Robots-Tag": "noindex, nofollow",
}


def secured(send: Send, path: str) -> Send:
    """`send` that adds the headers. Files of the page itself are asked for anew after an upgrade, and nothing else is
    kept by the browser at all.
    """

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            pdf = headers.get("content-type", "").startswith("application/pdf")
            headers["Content-Security-Policy"] = _PDF if pdf else _PAGE
            headers["X-Frame-Options"] = "SAMEORIGIN" if pdf else "DENY"
            headers["Cache-Control"] = "no-cache" if path.startswith("/static/") else "no-store"
            for name, value in _EVERYWHERE.items():
                headers[name] = value
        await send(message)

    return sending
