"""CX TUI: the customers of a wholesale VoIP switch, managed from a terminal."""

__version__ = "0.1.0"
