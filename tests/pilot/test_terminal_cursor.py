"""The terminal's own cursor is on what has the focus, where screen readers and magnifiers look for it,
and so is a sign: nobody has to tell two colours apart."""

import pytest
from textual.widgets import Input

from tests.pilot.driver import Driver, opened
from widgets.grid.glyphs import ASCII, UNICODE


async def stands_on(cx: Driver, *texts: str) -> None:
    """Wait until the cursor is on a line that has these texts."""
    await cx.until(lambda: all(text in line_at_cursor(cx) for text in texts), f"the cursor on {texts}")


def line_at_cursor(cx: Driver) -> str:
    """The line of the widget that the terminal's cursor is on."""
    x, y = cx.app.cursor_position
    widget, _ = cx.app.screen.get_widget_at(x, y)
    return widget.render_line(y - widget.content_region.y).text


@pytest.mark.parametrize("ascii", ["on", "off"])
async def test_it_goes_with_the_focus_and_a_sign_is_there(world_url: str, ascii: str) -> None:
    sign = (ASCII if ascii == "on" else UNICODE).cursor
    async with opened(world_url, look_ascii=ascii) as cx:
        await cx.press("down")
        await stands_on(cx, sign, cx.names()[1][:12])
        await cx.do("customers.status")
        await cx.press("down")
        await stands_on(cx, sign, "Active")
        await cx.press("escape")
        await stands_on(cx, sign, cx.names()[1][:12])
        await cx.do("customers.delete")
        await stands_on(cx, sign, "Keep")
        await cx.do("confirm.mark")
        await stands_on(cx, sign, "Delete")
        await cx.do("confirm.no")
        await cx.press("colon")
        await cx.until(lambda: isinstance(cx.app.focused, Input), "the palette")
        await cx.press("t", "o", "u", "r")
        lines = cx.screen.query_one("LineList")
        await cx.until(lambda: lines.render_line(0).text.startswith(f"{sign}Tour"), "the sign in the palette")
        await cx.press("escape")


async def test_a_box_has_it_again_when_what_lay_over_it_is_closed(world_url: str) -> None:
    async with opened(world_url) as cx:
        await cx.new_form()
        await cx.press("A", "c")
        box = cx.app.focused
        assert isinstance(box, Input)
        await cx.until(lambda: cx.app.cursor_position == box.cursor_screen_offset, "the cursor in the box")
        await cx.press("f1")
        await cx.until(lambda: cx.app.screen is not box.screen, "the keys")
        await cx.press("escape")
        await cx.until(lambda: cx.app.cursor_position == box.cursor_screen_offset, "the cursor in the box")
        await cx.do("record_form.leave")
        await cx.press("end", "enter")
