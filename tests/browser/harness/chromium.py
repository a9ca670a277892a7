"""A real Chromium that cannot leave this machine, and a watch over what its pages do.

Every request that is not for loopback goes to a proxy that nobody listens on, so it fails at
once, whoever sent it. Playwright's routing would also block, but it switches the HTTP cache off
and makes every load of JupyterLab slow.
"""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

NAMES = ("chromium", "chromium-browser", "google-chrome")
NOBODY_LISTENS = "http://127.0.0.1:9"
ARGS = [
    "--no-sandbox",  # CI runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",  # screenshots and computed colours alike everywhere
    f"--proxy-server={NOBODY_LISTENS}",  # loopback is never proxied
]


def executable(playwright: Playwright) -> str:
    """The path of a Chromium, the system's before Playwright's own."""
    found = (shutil.which(name) for name in NAMES)
    own = playwright.chromium.executable_path
    path = next(filter(None, found), own if Path(own).exists() else None)
    if path is None:
        pytest.fail(
            "The browser tests need a Chromium. Install one with `apt-get install chromium` "
            "or with `python -m playwright install chromium`.",
            pytrace=False,
        )
    return path


def launch(playwright: Playwright) -> Browser:
    """Start it without a window and without a network."""
    return playwright.chromium.launch(executable_path=executable(playwright), args=ARGS)


@dataclass
class Watch:
    """What one page asked for and complained about since the last `verify`."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def over(cls, page: Page) -> "Watch":
        """Watch this page from now on."""
        watch = cls()
        page.on("request", watch._request)
        page.on("websocket", lambda socket: watch.requests.append(socket.url))
        page.on("pageerror", lambda error: watch.errors.append(f"{error.name}: {error.message}"))
        page.on("console", watch._console)
        return watch

    @property
    def outside(self) -> list[str]:
        """Requests that wanted to leave the machine."""
        return [url for url in self.requests if is_outside(url)]

    def verify(self, only: str | None = None) -> None:
        """Nothing wanted to leave, nothing went wrong; with `only`, nothing else was asked for."""
        asked, errors = self.requests[:], self.errors[:]
        self.requests.clear()
        self.errors.clear()
        outside = [url for url in asked if is_outside(url)]
        assert not outside, f"requests that would leave the machine: {outside}"
        assert not errors, "errors in the browser's console:\n" + "\n".join(errors)
        if only is not None:
            more = [url for url in asked if not url.startswith((only, "data:", "blob:"))]
            assert not more, f"requests besides {only}: {more}"

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} ({message.location.get('url', '')})")


def until(page: Page, right: Callable[[], bool], within_s: float = 10) -> None:
    """Let the page go on until something is so; what is not about one element needs this."""
    last = time.monotonic() + within_s
    while not right():
        assert time.monotonic() < last, "it did not come to be"
        page.wait_for_timeout(20)  # never time.sleep: the page's events must come in


def is_outside(url: str) -> bool:
    """Whether a request for this address leaves the machine."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in {
        "127.0.0.1",
        "localhost",
        "::1",
    }
