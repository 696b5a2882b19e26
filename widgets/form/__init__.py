"""A form: fields on tabs, each with an editor, its help, and what is wrong with it beside it."""

from .editor import Editor, Made, Setting, Tell
from .editors import Code, Masked, OneFound, OneLine, OneOf, Own, SeveralLines, States, Words, YesNo
from .field import FormField
from .form import Form

__all__ = [
    "Code",
    "Editor",
    "Form",
    "FormField",
    "Made",
    "Masked",
    "OneFound",
    "OneLine",
    "OneOf",
    "Own",
    "Setting",
    "SeveralLines",
    "States",
    "Tell",
    "Words",
    "YesNo",
]
