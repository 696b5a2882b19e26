"""60 cells and 20 lines are enough: each screen says where one is, what has the focus, and how to leave."""

from tests.pilot.driver import lines_of, opened
from tests.pilot.screens import SCREENS, back_to_list, go_to
from widgets.key_line import KeyLine
from widgets.line import Line

SIZE = (60, 20)


async def test_every_screen_can_be_used_at_60x20(world_url: str) -> None:
    wrong: dict[str, str] = {}
    async with opened(world_url, size=SIZE) as cx:
        for name, keys in SCREENS.items():
            await go_to(cx, keys)
            screen, focused = cx.app.screen, cx.app.focused
            for line in screen.query("#header").results(Line):
                if not lines_of(line)[0].strip():
                    wrong[name] = "its header says nothing"
            for line in screen.query(KeyLine):
                if "help" not in (said := lines_of(line)[0]) and "esc" not in said:
                    wrong[name] = f"its keys say no way out: {said}"
            if focused is not None:
                seen = focused.region.intersection(screen.region)
                if seen.height < 1 or seen.width < 10:
                    wrong[name] = f"{focused!r} has the focus and is at {focused.region}"
            await back_to_list(cx)
    assert not wrong


async def test_one_panel_beside_the_list_at_a_time_and_the_form_says_how_to_save(world_url: str) -> None:
    async with opened(world_url, size=SIZE) as cx:
        await cx.do("customers.columns")
        await cx.shows("10 of 60 shown")
        cx.grid.focus()
        await cx.do("list.filters")
        await cx.shows("Conditions")
        await cx.until(lambda: "10 of 60 shown" not in cx.text(), "that the other panel is closed")
        await back_to_list(cx)
        await cx.open_form()
        keys = lines_of(cx.app.screen.query_one(KeyLine))[0]
        assert "f10 save" in keys
        assert "esc back" in keys
        await back_to_list(cx)


async def test_a_long_message_is_seen_to_its_end(world_url: str) -> None:
    async with opened(world_url, size=SIZE) as cx:
        # Each pair of words fills a line as it is measured: with one cell less there is a line more.
        cx.app.notify(f"{'a' * 28} {'b' * 27} {'c' * 27} {'d' * 28}")
        await cx.says("a" * 28)
        await cx.until(lambda: "d" * 28 in cx.app.export_screenshot(), "the end of the message")
