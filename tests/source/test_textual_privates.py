"""What the program uses of Textual's private parts is listed, is in the terminal room alone, and is there."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import textual
from rich.console import Console
from textual.app import App
from textual.dom import DOMNode
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen
from textual.widget import Widget

import cx_tui
import widgets
from cx_tui.terminal import textual_privates as listed

OWNERS: list[tuple[type, dict[str, str]]] = [
    (App, listed.OF_APP),
    (DOMNode, listed.OF_NODE),
    (Widget, listed.OF_WIDGET),
    (Screen, listed.OF_SCREEN),
    (Console, listed.OF_CONSOLE),
    (LinuxDriver, listed.OF_DRIVER),
]
NAMES = {name for _, names in OWNERS for name in names}


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


@cache
def tree_of(path: str) -> ast.Module:
    return ast.parse(Path(path).read_text("utf-8"))


@cache
def classes_of(path: str) -> dict[str, ast.ClassDef]:
    """The classes of a file, by their names."""
    return {node.name: node for node in ast.walk(tree_of(path)) if isinstance(node, ast.ClassDef)}


def own(node: ast.AST, *, used: bool) -> set[str]:
    """The private names that a class defines, or keeps in `self`; with `used`, those it only asks for too."""
    names = set()
    for part in ast.walk(node):
        match part:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name, ctx=context):
                if used or isinstance(context, ast.Store):
                    names.add(name)
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return set(filter(is_private, names))


@cache
def kept_in(path: str, name: str) -> frozenset[str]:
    """The private names that a class in a file keeps."""
    return frozenset(own(classes_of(path)[name], used=False))


def kept_by(one: type) -> set[str]:
    """The private names of a class of Textual, with those of all that it is made from."""
    names: set[str] = set()
    for each in inspect.getmro(one):
        if each.__module__.startswith("textual."):
            names |= set(filter(is_private, vars(each)))
            if path := inspect.getsourcefile(each):
                names |= kept_in(path, each.__name__)
    return names


def ours() -> Iterator[tuple[ModuleType, str]]:
    """Every module of the program with the file that it is in."""
    for package in (cx_tui, widgets):
        (folder,) = map(Path, package.__path__)
        for file in sorted(folder.rglob("*.py")):
            parts = file.relative_to(folder.parent).with_suffix("").parts
            if not {"__main__", "migrations"} & set(parts):
                yield importlib.import_module(".".join(parts).removesuffix(".__init__")), str(file)


def test_private_modules_are_imported_by_the_terminal_alone_and_all_are_listed() -> None:
    imported: set[tuple[str, str]] = set()
    for module, path in ours():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("textual", "rich")):
                source = node.module or ""
                private = {
                    (source, alias.name) for alias in node.names if "._" in source or is_private(alias.name)
                }
                assert not private or module.__name__.startswith("cx_tui.terminal"), (path, private)
                imported |= private
    assert imported == {(source, name) for source, names in listed.IMPORTED.items() for name in names}


@pytest.mark.parametrize(
    ("source", "name"), [(source, name) for source, names in listed.IMPORTED.items() for name in names]
)
def test_a_private_module_still_has_what_is_imported_from_it(source: str, name: str) -> None:
    assert hasattr(importlib.import_module(source), name)


@pytest.mark.parametrize(
    ("owner", "name"), [(owner, name) for owner, names in OWNERS for name in names], ids=str
)
def test_what_is_listed_is_still_there(owner: type, name: str) -> None:
    names = kept_by(owner) if owner is not Console else vars(Console(color_system="256"))
    assert name in names, f"Textual's {owner.__name__} has no {name} any more: see {listed.__name__}"


def test_no_class_uses_or_hides_a_private_name_of_textual_that_is_not_listed() -> None:
    found = set()
    for module, path in ours():
        for name, node in classes_of(path).items():
            one = getattr(module, name, None)
            if inspect.isclass(one) and one.__module__ == module.__name__:
                shared = own(node, used=True) & kept_by(one)
                assert not shared or module.__name__.startswith("cx_tui.terminal"), (path, name, shared)
                found |= shared
    assert found <= NAMES


def test_nothing_private_is_asked_of_another_object_unless_it_is_listed() -> None:
    of_textual = set()
    for file in Path(textual.__file__).parent.rglob("*.py"):
        of_textual |= own(tree_of(str(file)), used=False)
    every = list(ours())
    of_us: set[str] = set()
    for _, path in every:
        of_us |= own(tree_of(path), used=False)
    asked = set()
    for module, path in every:
        for node in ast.walk(tree_of(path)):
            match node:
                case ast.Attribute(value=ast.Name(id="self" | "cls" | "os")):  # `os._exit` is public
                    continue
                case ast.Attribute(attr=name) if is_private(name) and name in (of_textual | NAMES) - of_us:
                    assert module.__name__.startswith("cx_tui.terminal"), (path, ast.unparse(node))
                    asked.add(name)
    assert asked <= NAMES


def test_each_that_is_listed_is_used() -> None:
    used = set()
    for module, path in ours():
        if module.__name__.startswith("cx_tui.terminal") and module is not listed:
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.Attribute):
                    used.add(node.attr)
                elif isinstance(node, ast.FunctionDef):
                    used.add(node.name)
    assert NAMES - used == set()
