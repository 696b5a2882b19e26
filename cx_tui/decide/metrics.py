"""Figures of the server as Prometheus reads them."""

from collections.abc import Iterator

from cx_tui.decide.answering import Answering


def text(answering: Answering) -> str:
    """All figures."""
    return "\n".join(_lines(answering)) + "\n"


def _lines(answering: Answering) -> Iterator[str]:
    state = answering.state
    answering.reservations.expire()
    yield from _figure("admitted_total", "counter", "Calls that were admitted.", answering.admitted)
    yield "# HELP cx_decide_refused_total Calls that were refused, by the gate that refused."
    yield "# TYPE cx_decide_refused_total counter"
    for gate, count in sorted(answering.refused.items()):
        yield f'cx_decide_refused_total{{gate="{gate}"}} {count}'
    yield from _figure("shed_total", "counter", "Questions that came too late to be decided.", answering.shed)
    yield from _figure(
        "seconds_total", "counter", "Seconds that all decisions took.", round(answering.seconds, 6)
    )
    yield from _figure("start_time_seconds", "gauge", "When it was started.", round(answering.since, 3))
    yield from _figure("customers", "gauge", "Customers in memory.", state.world.size)
    yield from _figure("calls", "gauge", "Calls for which credit is reserved.", len(answering.reservations))
    yield from _figure("age_seconds", "gauge", "Since the database was last looked at.", round(state.age, 3))
    yield from _figure("version", "gauge", "The last operation that is known.", state.version)
    yield from _figure(
        "reloaded_total", "counter", "Customers that were read again after a change.", state.reloaded
    )
    yield from _figure("up", "gauge", "1 while the database can be asked.", int(not state.trouble))


def _figure(name: str, kind: str, what: str, value: float) -> Iterator[str]:
    yield f"# HELP cx_decide_{name} {what}"
    yield f"# TYPE cx_decide_{name} {kind}"
    yield f"cx_decide_{name} {value}"
