"""A body in Markdown as HTML.  It is also its own plain text: Markdown reads well as it is."""

from functools import cache
from typing import TYPE_CHECKING

from cx_tui.domain.kinds import BadValue

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

SAFE = ("https://", "http://", "mailto:", "tel:")
FIELD_IN_LINK = "%7B%7B"
PAGE = (
    '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n'
    '<body style="font-family: sans-serif">\n{}</body></html>\n'
)


def as_html(markdown: str) -> str:
    """The page for a body.  HTML in it is shown as text; only safe links are links; images are left out.

    Fields of a template stay as they are: make the page once, then fill it for everybody.
    """
    body = _markdown().render(markdown)
    if FIELD_IN_LINK in body:
        raise BadValue("a field can't be part of the address of a link; write the address out")
    return PAGE.format(body)


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # imported here: only sending needs it

    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable("table").disable("image")
    markdown.validateLink = _is_safe  # type: ignore[method-assign]  # its documented way
    return markdown


def _is_safe(url: str) -> bool:
    return url.strip().lower().startswith(SAFE)
