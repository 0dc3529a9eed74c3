"""A real browser without a window: how wide a page is, what axe-core finds in it, where a click leads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from tests.servers.available import absent, program

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
Scheme = Literal["light", "dark"]

_SEE = """() => ({
  wide: document.documentElement.scrollWidth,
  lang: document.documentElement.lang,
  levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => Number(one.tagName[1])),
  targets: [...document.querySelectorAll('a')].map((one) => {
    const box = one.getBoundingClientRect();
    return [one.textContent, box.width, box.height];
  }),
  background: getComputedStyle(document.body).backgroundColor,
})"""
_FOLLOW = """() => {
  window.followed = [];
  addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link) return;
    event.preventDefault();
    const url = new URL(link.href);
    window.followed.push({
      href: link.href,
      scheme: url.protocol,
      to: decodeURIComponent(url.pathname),
      subject: url.searchParams.get('subject') ?? '',
      body: url.searchParams.get('body') ?? '',
      fields: [...url.searchParams.keys()],
    });
  });
}"""


class Browser:
    """The system's Chromium; pages are set from memory, and what they ask of the network is noted and refused."""

    def __init__(self) -> None:
        path = next((found for name in NAMES if (found := program(name)) is not None), None)
        if path is None:
            absent("not installed: chromium")
        from playwright.sync_api import sync_playwright

        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(executable_path=path)
        self._contexts: dict[tuple[int, Scheme], Any] = {}
        self.asked: list[str] = []

    def __enter__(self) -> Browser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._chromium.close()
        self._playwright.stop()

    def page(self, html: str, *, width: int, scheme: Scheme) -> Page:
        """The page, as wide as said, in a light or dark scheme."""
        if (width, scheme) not in self._contexts:
            context = self._chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
            page = context.new_page()
            page.route("**/*", self._refuse)
            self._contexts[width, scheme] = page
        page = self._contexts[width, scheme]
        page.set_content(html, wait_until="load")
        return Page(page)

    def _refuse(self, route: Any) -> None:
        self.asked.append(route.request.url)
        route.abort()


class Page:
    """One page as it is shown."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def faults(self) -> list[str]:
        """What axe-core finds, and what it could not tell about contrast."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self._page, options={"resultTypes": ["violations", "incomplete"]}).response
        doubts = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
        return [
            f"{one['id']}: {node['html'][:200]}" for one in (*found["violations"], *doubts) for node in one["nodes"]
        ]

    def seen(self) -> dict[str, Any]:
        """Its width, language, headings, the size of each link, the colour behind all."""
        found: dict[str, Any] = self._page.evaluate(_SEE)
        return found

    def clicks(self) -> Iterator[dict[str, Any]]:
        """Click each link where it is shown; gives where the browser would go, as it reads the address."""
        self._page.evaluate(_FOLLOW)
        links = self._page.locator("a")
        number = links.count()
        for place in range(number):
            links.nth(place).click(force=True)  # at its middle, whatever lies there
        followed = self._page.evaluate("() => window.followed")
        assert len(followed) == number, "something covers a link"
        yield from followed

    def picture(self, path: Path) -> None:
        """The whole page as a PNG."""
        self._page.screenshot(path=str(path), full_page=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """A browser for one module: while it runs, its loop is that of the thread."""
    with Browser() as made:
        yield made
