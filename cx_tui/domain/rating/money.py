"""Money inside the engines: whole millionths of a currency's unit, exact and quick to compare."""

from decimal import Decimal

MICROS = 1_000_000


def micros(amount: Decimal) -> int:
    """An amount in millionths; what is finer is an error, never rounded away."""
    scaled = amount.scaleb(6)
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} is finer than a millionth")
    return whole


def money(amount: int) -> Decimal:
    """Millionths as an amount."""
    return Decimal(amount).scaleb(-6)


def written(amount: int, at_least: int = 2) -> str:
    """Millionths as a person writes them: 0.05, 0.205, 12.00; no fewer decimals than `at_least`."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), MICROS)
    decimals = f"{part:06}".rstrip("0").ljust(at_least, "0")
    return f"{sign}{whole:,}.{decimals}" if decimals else f"{sign}{whole:,}"
