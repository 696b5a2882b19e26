"""Believable calls, made up: the same ones from the same seed."""

from cx_tui.ingest.simulator.live import Simulator
from cx_tui.ingest.simulator.past import finished_calls
from cx_tui.ingest.simulator.population import Caller, Population

__all__ = ["Caller", "Population", "Simulator", "finished_calls"]
