"""`endplate`: the command. What a verb needs is loaded when the verb is used, so that help answers at once."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from endplate import __version__
from endplate.cli import interrupt
from endplate.cli.faults import BROKEN, INTERRUPTED, STOPPED, UNUSABLE, tell
from endplate.errors import EndplateError

__all__ = ["app", "main"]

_VERBS = {
    "check": "Check a plan against labels and the map, before it is simulated.",
    "risks": "Adverse effects of a plan: rates of trials, antibodies, overdose and rescue.",
    "simulate": "Simulate a case: tables, report, netCDF file, manifest.",
    "years": "A session given through a life, beside the same life without: creases, habits, ageing.",
    "technique": "A plan in the hands of a novice and of an expert.",
    "spread": "Spread of a case in layered tissue: sections, surface map, dose per muscle.",
    "effects": "Probability of a drooping lid and other effects over patients like this one.",
    "offers": "Creams, filler, laser and the like: what each changes, and on what evidence.",
    "case": "Write, check and describe case files.",
    "trial": "Run trials on virtual patients; sample sizes.",
    "validate": "Predict the rows of a table of trials, and compare.",
    "calibrate": "Fit the model to the packaged trials of facial lines.",
    "evidence": "List, filter and show the sourced numbers of the model.",
    "serve": "Serve the page and the API on this machine.",
    "doctor": "Tell versions, devices and cache, and what is wrong with them.",
}
_ARGUMENTS = "endplate.arguments"
_TRACEBACK = "ENDPLATE_TRACEBACK"
_JSON = "--json"
# What the parser of the command line raises; typer names only kinds of it.
_UsageError: Any = typer.BadParameter.__mro__[1]
# XLA calls its own tuning flags unsupported, at length, whenever it loads a kept program. What fails raises.
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


class _Verb(TyperCommand):
    """A verb's name and help; its module is loaded when the verb is used."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """The context of the verb's own command."""
        return _load(str(self.name)).make_context(info_name, args, parent=parent, **extra)


class _Verbs(TyperGroup):
    """All verbs. What goes wrong in one is told here, once, for people or as JSON."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, words in _VERBS.items():
            self.add_command(_Verb(name=name, help=words))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse, and remember what was asked for."""
        ctx.meta[_ARGUMENTS] = tuple(args)
        with _told(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the verb."""
        with _told(ctx):
            return super().invoke(ctx)

    def main(self, *args: Any, **options: Any) -> Any:
        """Run, and say so if Ctrl-C ended it."""
        try:
            return super().main(*args, **options)
        except SystemExit as end:
            if end.code == INTERRUPTED:
                typer.echo(STOPPED, err=True)
            raise


@contextmanager
def _told(ctx: Any) -> Generator[None]:
    """Errors become faults on standard error and an exit code."""
    as_json = _JSON in ctx.meta[_ARGUMENTS]
    try:
        yield
    except EndplateError as error:
        tell(error, as_json=as_json)
        raise typer.Exit(UNUSABLE) from None
    except _UsageError as error:
        if not as_json:
            raise
        tell(EndplateError(error.format_message()), as_json=True)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=_Verbs,
    no_args_is_help=True,
    # Rich help would cost a quarter of a second of imports.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="Research and education software, not a medical device.",
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"endplate {__version__}")
        raise typer.Exit


@app.callback()
def endplate(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Simulate botulinum-toxin treatments: from an injection plan to the course of muscles, skin and grades."""


def main() -> None:
    """Run the command line."""
    interrupt.watch()
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="endplate")
    except SystemExit as end:
        raise SystemExit(_end(end.code)) from None
    except KeyboardInterrupt:
        raise SystemExit(_end(None)) from None
    except Exception as error:
        if os.environ.get(_TRACEBACK):
            raise
        # A Ctrl-C within a library may come out as an error of its own.
        if not interrupt.heard():
            _tell_bug(error)
        raise SystemExit(_end(BROKEN)) from None
    finally:
        interrupt.leave()


def _end(code: object) -> Any:
    """The exit code; a Ctrl-C that nobody told of is told now."""
    if interrupt.heard() and code != INTERRUPTED:
        typer.echo(STOPPED, err=True)
        return INTERRUPTED
    return code


def _tell_bug(error: Exception) -> None:
    """A user gets a sentence; whoever wants the traceback asks for it."""
    words = f"{type(error).__name__}: {error}".splitlines()[0]
    sentence = f"a fault of endplate itself: {words}; set {_TRACEBACK}=1 and report what it prints"
    tell(EndplateError(sentence), as_json=_JSON in sys.argv)


def _load(verb: str) -> Any:
    """The command of a verb, from its module."""
    try:
        # Some libraries print a Ctrl-C that meets them while they are loaded: it waits for the end of loading.
        with interrupt.hold():
            verbs: typer.Typer = import_module(f"endplate.cli.{verb}").app
    except ImportError as error:
        raise EndplateError(f"a package that endplate needs is missing: {error}; install endplate again") from None
    verbs.rich_markup_mode = None
    # A group of its own gets no options for shell completion: those belong to `endplate`.
    return get_group(verbs) if len(verbs.registered_commands) > 1 else get_command(verbs)
