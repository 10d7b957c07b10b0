"""What the code looks like: numbers, sizes, arguments, imports, public names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

ALLOWED = {0, 0.5, 1, 2}
LONGEST_FUNCTION, LONGEST_MODULE, MOST_ARGUMENTS, MOST_POSITIONAL = 40, 400, 7, 2
# The package, its rooms and the commands may load what is heavy when it is asked for.
LAZY = ("/__init__.py", "/cli/main.py")


def report(breaches: list[str]) -> str:
    return "\n" + "\n".join(breaches)


def test_stages_hold_no_number_but_the_plainest(sources):
    breaches = [
        f"{source.at(node)}: {node.value!r} (give it an evidence entry)"
        for source in sources
        if source.in_stage
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and type(node.value) in (int, float, complex) and node.value not in ALLOWED
    ]
    assert not breaches, report(breaches)


def test_functions_and_modules_are_short(sources):
    breaches = [
        f"{source.at(function)}: {function.name} has {length(function)} lines"
        for source in sources
        for function in source.functions()
        if length(function) > LONGEST_FUNCTION
    ]
    breaches += [
        f"{source.path}: {source.text.count(chr(10))} lines"
        for source in sources
        if source.text.count("\n") > LONGEST_MODULE
    ]
    assert not breaches, report(breaches)


def length(function) -> int:
    """Lines of the body, without the docstring."""
    body = function.body[ast.get_docstring(function) is not None :]
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_functions_take_few_arguments(sources):
    breaches = [
        f"{source.at(function)}: {function.name} takes {len(positional) + len(function.args.kwonlyargs)} arguments"
        for source in sources
        for function, positional in signatures(source.tree)
        if len(positional) + len(function.args.kwonlyargs) > MOST_ARGUMENTS
    ]
    assert not breaches, report(breaches)


def test_public_functions_take_at_most_two_arguments_by_position(sources):
    breaches = [
        f"{source.at(function)}: {function.name}({', '.join(positional)}): put * after {positional[1]}"
        for source in sources
        for function, positional in signatures(source.tree)
        if not function.name.startswith("_") and len(positional) > MOST_POSITIONAL
    ]
    assert not breaches, report(breaches)


def signatures(tree: ast.AST) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, list[str]]]:
    """Functions of a module and methods of its public classes, with the names of positional arguments but self and cls.

    Functions inside functions are left out: their callers decide on their signature.
    """
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
            yield node, [name for name in names if name not in ("self", "cls")]
        elif not (isinstance(node, ast.ClassDef) and node.name.startswith("_")):
            yield from signatures(node)


def test_no_import_stands_inside_a_function(sources):
    breaches = [
        source.at(node)
        for source in sources
        for function in source.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) or (loads_by_name(node) and not source.path.endswith(LAZY))
    ]
    assert not breaches, report(breaches)


def loads_by_name(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
    return name in ("import_module", "__import__")


def test_public_modules_say_what_they_offer(sources, modules: dict[str, ModuleType]):
    breaches = []
    for source in sources:
        only_docstring = len(source.tree.body) <= 1
        if not source.public or only_docstring:
            continue
        offered = getattr(modules[source.name], "__all__", None)
        if offered is None:
            breaches.append(f"{source.path}: no __all__")
            continue
        missing = [name for name in offered if not hasattr(modules[source.name], name)]
        if missing or len(set(offered)) != len(offered):
            breaches.append(f"{source.path}: __all__ names {missing} in vain, or a name twice")
    assert not breaches, report(breaches)


def test_every_room_says_what_it_is_for(sources):
    rooms = [source for source in sources if source.path.endswith("__init__.py")]
    assert not (silent := [room.path for room in rooms if not ast.get_docstring(room.tree)]), report(silent)


def test_no_room_is_without_an_init(root):
    folders = {path.parent for path in (root / "src").rglob("*.py")}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").exists()]
