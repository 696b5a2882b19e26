"""The tour: its keys are keys of the program, each step waits for its own, and esc leaves."""

from textual.binding import Binding

from cx_tui.app.program import CxApp
from cx_tui.app.tour import THINGS, Tour
from cx_tui.screens.customers import CustomersScreen
from widgets.grid import Grid


def test_ten_things_are_led_through_by_their_keys() -> None:
    said: list[str] = []
    tour = Tour(said.append)
    assert len(THINGS) == 10
    for place, thing in enumerate(THINGS, 1):
        assert said[-1].startswith(f"Tour, {place} of 10.  {thing.says}")
        tour.heard("j")
        for key in thing.keys:
            assert said[-1].startswith(f"Tour, {place} ")
            tour.heard(key)
    assert tour.is_over
    assert said[-1].startswith("That was the tour.")
    tour.heard("escape")
    assert said[-1].startswith("That was the tour."), "it hears nothing any more"


def test_esc_in_place_of_the_key_ends_it() -> None:
    said: list[str] = []
    tour = Tour(said.append)
    tour.heard("slash")
    tour.heard("escape")
    assert tour.is_over
    assert said[-1] == ""


def test_esc_ends_no_step_that_asks_for_it_once_something_else_was_closed() -> None:
    said: list[str] = []
    tour = Tour(said.append)
    for key in ("slash", "enter", "full_stop", "escape"):
        tour.heard(key)
    assert said[-1].startswith("Tour, 3 of 10."), "a menu was closed that was opened by mistake"
    tour.heard("enter")
    tour.heard("escape")
    assert said[-1].startswith("Tour, 4 of 10.")


def test_every_key_of_it_is_bound() -> None:
    bound = {
        key.strip()
        for owner in (CustomersScreen, CxApp, Grid)
        for parent in owner.__mro__
        for binding in getattr(parent, "BINDINGS", ())
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
    }
    assert {key for thing in THINGS for key in thing.keys} <= bound
