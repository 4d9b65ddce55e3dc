"""Verbs without their journal line: read in their source, taken out of it, and run as the engine runs any verb (P47)."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cache
from typing import Any

Function = Callable[..., Any]


@cache
def tree_of(function: Function) -> ast.FunctionDef:
    """The source of a function, as a tree, without its decorators."""
    (found,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(found, ast.FunctionDef)
    found.decorator_list = []
    return found


def is_line(node: ast.AST) -> bool:
    """Whether a statement is a journal line: ``act.record(…)``, on its own."""
    return isinstance(node, ast.Expr) and ast.unparse(node).startswith("act.record(")


def helpers(function: Function, node: ast.AST) -> dict[str, Function]:
    """The functions that ``node``, of ``function``, hands its act to, if they (or theirs) write the journal."""
    found = {}
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
            handed = any(isinstance(given, ast.Name) and given.id == "act" for given in call.args)
            other = function.__globals__.get(call.func.id)
            if handed and inspect.isfunction(other) and lines(other):
                found[call.func.id] = other
    return found


@cache
def lines(function: Function) -> int:
    """How many journal lines a function has, its helpers' included."""
    tree = tree_of(function)
    own = sum(is_line(node) for node in ast.walk(tree))
    return own + sum(lines(other) for other in helpers(function, tree).values())


class _Remover(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        return ast.copy_location(ast.Pass(), node) if is_line(node) else node


@cache
def without_journal_line(function: Function) -> Function:
    """The same function, made anew from its source without any of its journal lines, nor any of its helpers'."""
    tree = tree_of(function)
    namespace = dict(function.__globals__)
    namespace |= {name: without_journal_line(other) for name, other in helpers(function, tree).items()}
    module = ast.Module(body=[ast.parse(ast.unparse(tree)).body[0]], type_ignores=[])
    module = ast.fix_missing_locations(_Remover().visit(module))
    flags = annotations.compiler_flag  # its annotations stay words, as in our files
    code = compile(
        module, f"<{function.__name__} without its journal line>", "exec", flags, dont_inherit=True
    )
    exec(code, namespace)
    made: Function = namespace[function.__name__]
    return made


def silent_ways(function: Function, *, removed: bool = False) -> list[str]:
    """The ways through a function that return without one journal line, or that write two: none in a sound verb.

    ``removed`` reads it as if all its lines had been taken out. A way that raises leaves nothing behind, whatever it did before.
    """
    reader = _Reader(function, removed)
    ends = reader.walk(tree_of(function).body, False)
    return reader.faults + ["its end is reached without a journal line" for written in ends if not written]


class _Reader:
    """Follows the ways through one function; ``written`` tells whether a way has met a journal line."""

    def __init__(self, function: Function, removed: bool) -> None:
        self.function, self.removed = function, removed
        self.faults: list[str] = []

    def walk(self, body: list[ast.stmt], written: bool) -> set[bool]:
        """The ways that fall out at the end of ``body``."""
        ways = {written}
        for statement in body:
            ways = {after for way in ways for after in self.step(statement, way)}
        return ways

    def step(self, node: ast.stmt, written: bool) -> set[bool]:
        match node:
            case ast.Raise():
                return set()
            case ast.If():
                return self.walk(node.body, written) | self.walk(node.orelse, written)
            case ast.For() | ast.While():
                if any(self.writes(inner) for inner in node.body):
                    self.faults.append(f"line {node.lineno}: a journal line in a loop")
                return self.walk(node.body, written) | {written}
            case ast.With():
                return self.walk(node.body, written)
            case ast.Try():
                ways = self.walk([*node.body, *node.orelse], written)
                for handler in node.handlers:
                    ways |= self.walk(handler.body, written)
                return {after for way in ways for after in self.walk(node.finalbody, way)}
        writes = self.writes(node)
        if writes > 1 or (writes and written):
            self.faults.append(f"line {node.lineno}: a second journal line")
        written = written or bool(writes)
        if isinstance(node, ast.Return):
            if not written:
                self.faults.append(f"line {node.lineno}: returns without a journal line")
            return set()
        return {written}

    def writes(self, node: ast.stmt) -> int:
        """How many journal lines a statement writes: its own, or those of helpers that have no silent way themselves."""
        if self.removed:
            return 0
        own = sum(is_line(inner) for inner in ast.walk(node))
        return own + sum(not silent_ways(other) for other in helpers(self.function, node).values())
