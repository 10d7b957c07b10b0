"""Where the keys of a TOML text stand, so that a fault can name its line."""

from __future__ import annotations

import re

__all__ = ["lines"]

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
    r"|'''.*?(?:'''|\Z)"
    r'|"(?:\\[^\n]|[^"\\\n])*"?'
    r"|'[^'\n]*'?"
    r"|\#[^\n]*|\n|[ \t\r]+|[\[\]{}=,.]"
    r"|[^\s\"'\#\[\]{}=,.]+|.",
    re.DOTALL,
)
_DEEPEST = 60
_ESCAPE = re.compile(r'\\(["\\])')


def lines(text: str) -> dict[Path, int]:
    r"""Map every key path of a TOML text to its 1-based line.

    Keys are strings; members of arrays are counted from 0. Faulty TOML gives what could be
    read; no text makes this fail.

    Parameters
    ----------
    text
        The TOML text.

    Returns
    -------
    dict
        Path to line, such as ``("injections", 0, "dose") -> 7``.

    Examples
    --------
    >>> lines("[k_tr.A]\nvalue = 0.7")
    {('k_tr',): 1, ('k_tr', 'A'): 1, ('k_tr', 'A', 'value'): 2}
    """
    return _Scan(text).document()


class _Scan:
    """A cursor over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, int]] = []
        self.at = 0
        self.found: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        line = 1
        for match in _TOKEN.finditer(text):
            token = match[0]
            if token[0] not in " \t\r#":
                self.tokens.append((token, line))
            line += token.count("\n")

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self.at < len(self.tokens):
            start = self.at
            if self.peek() == "\n":
                self.at += 1
            elif self.peek() == "[":
                table = self.header()
            else:
                self.assignment(table, 0)
            # A stray token never stops the scan.
            self.at = max(self.at, start + 1)
        return self.found

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, token: str) -> bool:
        hit = self.peek() == token
        self.at += hit
        return hit

    def header(self) -> Path:
        self.take("[")
        many = self.take("[")
        line = self.tokens[min(self.at, len(self.tokens) - 1)][1]
        path: Path = ()
        parts = self.key()
        for index, part in enumerate(parts):
            path = (*path, part)
            self.found.setdefault(path, line)
            if many and index == len(parts) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
                self.found.setdefault(path, line)
        while self.take("]"):
            pass
        return path

    def key(self) -> list[str]:
        parts: list[str] = []
        while self.peek() not in ("", "\n", "=", "[", "]", "{", "}", ",", "."):
            parts.append(_unquoted(self.peek()))
            self.at += 1
            if not self.take("."):
                break
        return parts

    def assignment(self, table: Path, depth: int) -> None:
        if self.at >= len(self.tokens):
            return
        line, path = self.tokens[self.at][1], table
        for part in self.key():
            path = (*path, part)
            self.found.setdefault(path, line)
        if path != table and self.take("="):
            self.value(path, depth)

    def value(self, path: Path, depth: int) -> None:
        if depth < _DEEPEST and self.take("["):
            self.array(path, depth)
        elif depth < _DEEPEST and self.take("{"):
            while self.peek() not in ("", "}"):
                start = self.at
                self.assignment(path, depth + 1)
                self.at = max(self.at, start + 1)
            self.take("}")
        else:
            while self.peek() not in ("", "\n", ",", "]", "}"):
                self.at += 1

    def array(self, path: Path, depth: int) -> None:
        index = 0
        while self.peek() not in ("", "]"):
            if self.peek() in ("\n", ",", "}", "="):
                self.at += 1
                continue
            member = (*path, index)
            self.found.setdefault(member, self.tokens[self.at][1])
            self.value(member, depth + 1)
            index += 1
        self.take("]")


def _unquoted(token: str) -> str:
    if token[:1] == '"':
        return _ESCAPE.sub(r"\1", token.strip('"'))
    return token.strip("'")
