"""A list of records follows what others do: the rows on the screen are read again, and nothing moves."""

from typing import TYPE_CHECKING

from cx_tui.errors import CxError
from cx_tui.screens.following import Pace
from widgets.duties import Duty, work

if TYPE_CHECKING:
    from cx_tui.domain.news import News
    from cx_tui.screens.list.record_list import RecordList


class ListFollowing(Duty):
    """Reads them again, and counts what is not in the list."""

    host: "RecordList"
    more = 0
    """How many records the list would have more than it shows, or fewer."""

    def __init__(self, host: "RecordList") -> None:
        super().__init__(host)
        self._pace = Pace(host, lambda: self.keep_up())
        self._count_anew = False

    def follow(self, news: "News") -> None:
        """Others have done something: what is shown of these records is read again."""
        of = self.host
        if of.read_at is not None and of.grid.region and news.may_change(of.declared.name):
            self._count_anew = not news.is_vague
            self._pace.ask()

    @work(group="keep-up")
    async def keep_up(self) -> None:
        """Read the rows on the screen again, and say how many are not in the list: nothing moves."""
        of = self.host
        await of.grid.changes.fetch([column.key for column in of.grid.columns.shown])
        if of.grid.changes.out_of_order:
            of.post_message(of.Shown())
        if not self._count_anew:
            return
        self._count_anew, query = False, of.query_now
        try:
            number = await (await of.cx.services()).list_of(query).exact_count()
        except CxError:
            return  # the next read says it
        if query == of.query_now and not of.numbers.estimated:
            self.more = number - of.grid.rows.total
            if self.more and not of.grid.rows.total:
                await of.finding.show_list(keep=True)
            of.post_message(of.Shown())
