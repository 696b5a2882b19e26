"""Figures, each printed in a line with its target and with its peer from the same run."""

from dataclasses import dataclass, field


@dataclass
class Figures:
    """What one benchmark found."""

    missed: list[str] = field(default_factory=list)

    def show(self, what: str, value: float, unit: str, most: float | None = None, beside: str = "") -> None:
        """Print a figure; one that is more than it may be fails the benchmark at its end."""
        target = f"at most {most:>7,.2f}" if most is not None else ""
        met = most is None or value <= most
        line = f"{what:<46} {value:>9,.2f} {unit:<8} {target:<16} {'' if met else 'MISSED':<6} {beside}"
        print(f"\n{line.rstrip()}", end="")
        if not met:
            self.missed.append(line)

    def all_met(self) -> None:
        """Fail if a figure is more than it may be."""
        assert not self.missed, "\n" + "\n".join(self.missed)


def p95(values: list[float]) -> float:
    """What 95 of 100 stay below."""
    return sorted(values)[int(len(values) * 0.95)]


def label(url: str, what: str) -> str:
    """A figure's name with the database's."""
    return f"{url.split(':')[0]:<11}{what}"
