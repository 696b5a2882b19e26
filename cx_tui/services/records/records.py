"""Opening, creating, saving and deleting the records of one kind, one at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from cx_tui.db.engine import Database
from cx_tui.db.records import Repository, repository_of
from cx_tui.domain.record import Record
from cx_tui.domain.records import PLACES, record_named
from cx_tui.domain.who import Who
from cx_tui.errors import NotFound
from cx_tui.services.records.as_written import AsWritten
from cx_tui.services.records.writing import USUAL, Writing, Written

R = TypeVar("R", bound=Record)
Values = Mapping[str, Any]

USED = 500
"""So many texts that were used before are offered."""


class Records(Generic[R]):
    """The records of one kind: customers, or those of a card."""

    def __init__(
        self, database: Database, repository: Repository[R], who: Who, as_written: AsWritten = USUAL
    ) -> None:
        self._database = database
        self._as_written = as_written
        self._repository = repository
        self._who = who
        self._used: dict[str, list[str]] = {}

    @property
    def record(self) -> type[R]:
        """What they are."""
        return self._repository.record

    async def get(self, record_id: int) -> R:
        """One record, as it is now."""
        async with self._database.reading() as connection:
            record = await self._repository.get(connection, record_id)
        if record is None:
            raise NotFound("it has been deleted; the log of all operations says who did it")
        return record

    async def used(self, name: str, beginning: str) -> list[str]:
        """Texts that a field has in other records, those that begin so; read once in a session."""
        if name not in self._used:
            async with self._database.reading() as connection:
                self._used[name] = await self._repository.used(connection, name, USED)
        return [text for text in self._used[name] if text.casefold().startswith(beginning.casefold())]

    async def of_owner(self, owner_id: int) -> list[R]:
        """The records of an owner, such as a customer."""
        async with self._database.reading() as connection:
            return await self._repository.of_owner(connection, owner_id)

    async def create(self, values: Values) -> Written[R]:
        """Make a new record."""
        async with self._database.writing() as connection:
            return await self._writing().create(connection, values)

    async def create_each(self, values: Values, several: Sequence[Values]) -> list[Written[R]]:
        """Make a new record of each of several values, beside those that all of them have: all or none."""
        async with self._database.writing() as connection:
            return [await self._writing().create(connection, {**values, **own}) for own in several]

    async def save(self, base: R, wanted: Values, *, tried_at: datetime | None = None) -> Written[R]:
        """Change fields of a record that were read as in `base`; Conflict when others changed the same.

        The same may have been tried at a moment when the database was lost before it could answer."""
        before = {name: getattr(base, name) for name in wanted}
        async with self._database.writing() as connection:
            return await self._writing().save(connection, base.id, before, wanted, tried_at=tried_at)

    async def move(self, record_id: int, by: int) -> None:
        """Move a record up or down among those of its owner, where their order counts."""
        async with self._database.writing() as connection:
            await self._writing().move(connection, record_id, by)

    async def delete(self, record_id: int) -> Written[R]:
        """Delete a record; the log can bring it back."""
        async with self._database.writing() as connection:
            return await self._writing().delete(connection, record_id)

    def _writing(self) -> Writing[R]:
        return Writing(self._repository, self._who, datetime.now(UTC), self._as_written)


class RecordsByName(Mapping[str, Records[Any]]):
    """The records of every kind, made when they are first asked for."""

    def __init__(self, database: Database, who: Who, as_written: AsWritten = USUAL) -> None:
        self._database = database
        self._who = who
        self._as_written = as_written
        self._made: dict[str, Records[Any]] = {}

    def __getitem__(self, name: str) -> Records[Any]:
        if name not in self._made:
            repository = repository_of(record_named(name))
            self._made[name] = Records(self._database, repository, self._who, self._as_written)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(PLACES)

    def __len__(self) -> int:
        return len(PLACES)
