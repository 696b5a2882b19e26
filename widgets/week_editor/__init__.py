"""An editor for the hours of a week in which something is allowed, in steps of 15 minutes."""

from .bits import STEPS, Place
from .editor import WeekEditor

__all__ = ["STEPS", "Place", "WeekEditor"]
