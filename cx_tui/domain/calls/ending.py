"""What became of the wish to end a live call."""

from cx_tui.domain.kinds import Labelled


class Ending(Labelled):
    """A switch that says yes has not ended anything yet: the record of the call says that."""

    ENDED = "ended", "Ended"
    UNSURE = "unsure", "Asked to end; one leg may still be up"
    NOT_THERE = "not there", "Not there any more"
