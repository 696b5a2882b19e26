"""Every act that opens a screen is marked as one, so that what is typed behind it waits for the screen."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cx_tui

FOLDER = Path(cx_tui.__file__).parent
WAITING = "push_screen_wait"

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions() -> Iterator[tuple[Path, Function]]:
    for room in ("app", "screens"):
        for file in sorted((FOLDER / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, Function):
                    yield file, node


def calls(function: Function) -> set[str]:
    """The names of what a function calls."""
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    named = {each.attr for each in called if isinstance(each, ast.Attribute)}
    return named | {each.id for each in called if isinstance(each, ast.Name)}


def worker(function: Function) -> ast.expr | None:
    """The decorator that makes a function work that goes on beside the keys."""
    for each in function.decorator_list:
        name = each.func if isinstance(each, ast.Call) else each
        if isinstance(name, ast.Name) and name.id == "work":
            return each
    return None


def is_marked(decorator: ast.expr) -> bool:
    given = decorator.keywords if isinstance(decorator, ast.Call) else []
    return any(each.arg == "name" and ast.unparse(each.value) == "OPENS" for each in given)


def test_every_act_that_waits_for_a_screen_is_marked() -> None:
    every = list(functions())
    defined = Counter(each.name for _, each in every)
    opening = {WAITING}
    while True:
        helpers = [each for _, each in every if worker(each) is None and defined[each.name] == 1]
        found = {each.name for each in helpers if calls(each) & opening} | {WAITING}
        if found <= opening:
            break
        opening |= found
    acts = [(file, act) for file, act in every if worker(act) is not None and calls(act) & opening]
    assert len(acts) > 20
    unmarked = []
    for file, act in acts:
        decorator = worker(act)
        if decorator is not None and not is_marked(decorator):
            unmarked.append(f"{file.relative_to(FOLDER)}: {act.name}")
    assert unmarked == []
