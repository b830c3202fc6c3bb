"""How a command starts and how it ends: one sentence and an exit code, never a traceback.

| exit code | |
|---|---|
| 0 | done |
| 1 | a derivative is wrong, or one of a file cannot be judged; an exercise does not pass |
| 1 | the reader of a pipe is gone |
| 2 | a wrong command, option or value; something that is not usable here |
| 130 | interrupted with Ctrl-C |
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import click

from .. import __version__
from ..errors import MiniregError
from .augment import augment
from .backends import backends
from .completion import completion
from .demo import demo
from .evaluate import evaluate
from .exercise import exercise
from .gradcheck import gradcheck
from .lessons import lessons
from .predict import predict
from .summary import summary
from .terminal import prepare_streams
from .train import INTERRUPTED, train


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="""\b
Examples:
  minireg demo                     train 7 networks, 5 times each, and compare
  minireg demo --quick --out try   the same in seconds, on fewer digits
  minireg train --data photos      train on your own data (see its --help)
  minireg evaluate minireg-run test-photos
  minireg predict minireg-run new-photos
  minireg augment photos           draw what augmentation makes of them
  minireg gradcheck                check every derivative
  minireg gradcheck relu Linear    only these two
  minireg gradcheck my.py::relu    check relu and relu_backward of your file
  minireg exercise start my-exercises
  minireg lessons my-lessons       write the lessons as notebooks
  minireg backends                 show whether the GPU can be used""",
)
@click.version_option(__version__, prog_name="minireg", message="%(prog)s %(version)s")
@click.pass_context
def commands(context: click.Context) -> None:
    """minireg: a deep-learning engine small enough to read.

    Watch a network overfit real handwritten digits, and see what stops it; train on your own data;
    check every gradient.
    """
    if context.invoked_subcommand is None:
        print(context.get_help())


for command in (
    demo, train, evaluate, predict, summary, augment, gradcheck, exercise, lessons, backends,
    completion,
):  # fmt: skip
    commands.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Args:
        arguments: the words after `minireg`; by default `sys.argv[1:]`.

    >>> run(["--version"])
    minireg ...
    0
    """
    prepare_streams()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with warnings_as_notes(words):
            code = commands.main(words, prog_name="minireg", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.ClickException as error:
        error.show(file=sys.stderr)
        return error.exit_code
    except MiniregError as error:
        print(f"Error: {spell_options(str(error), words, error.argument)}", file=sys.stderr)
        return 2
    except (click.Abort, KeyboardInterrupt):
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except MemoryError as error:
        print(f"Error: there is not enough memory. {error}", file=sys.stderr)
        return 2
    except OSError as error:
        abandon_stdout()
        if isinstance(error, BrokenPipeError):  # the reader has gone (`minireg gradcheck | head`)
            return 1
        print(f"Error: {error.strerror}: {error.filename or 'the output'}", file=sys.stderr)
        return 2


def abandon_stdout() -> None:
    """Redirect stdout to the null device, so that Python's flush at the end raises no error."""
    with suppress(OSError):
        sys.stdout.flush()
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def spell_options(message: str, words: list[str], argument: str | None = None) -> str:
    """Return a message of the library with arguments spelled as options of the command.

    `resume=True` becomes `--resume`, `validation=0` becomes `--validation 0`.  A name alone could
    be a plain word: it is an argument if it holds an underscore, or begins a message about it.
    Quoted texts and calls (`savez('data.npz', x=x)`) stay as they are.  If the message does not
    name the option of `argument`, this stands before it: `--size: `.
    """
    command = next((commands.commands[word] for word in words if word in commands.commands), None)
    options = {
        str(parameter.name): parameter.opts[0]
        for parameter in (command.params if command else ())
        if isinstance(parameter, click.Option)
    }

    def spell(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        about = found.start() == 0 and name == argument
        if name is None or (value is None and "_" not in name and not about):
            return found[0]
        if value in (None, "=True"):
            return options[name]
        value = value[1:].strip("'")
        return f"no {options[name]}" if value == "False" else f"{options[name]} {value}"

    names = "|".join(options) or "(?!)"  # without options, nothing is found
    call = r"\w+\((?:[^()]|\([^()]*\))*\)"
    own_name = rf"""(?<![\w./'"-])({names})\b(=True\b|=False\b|='[\w-]+'|=(?=\S))?"""
    message = re.sub(f"{call}|{own_name}", spell, message)
    own = options.get(str(argument))
    named = own is None or re.search(rf"{own}(?![\w-])", message)
    return message if named else f"{own}: {message}"


@contextmanager
def warnings_as_notes(words: list[str]) -> Iterator[None]:
    """Inside the `with` block, print warnings of the library as lines on stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", UserWarning)
        others = warnings.showwarning

        def show(message: Any, category: type[Warning], *where: Any, **more: Any) -> None:
            if category is UserWarning:
                print(f"Note: {spell_options(str(message), words)}", file=sys.stderr)
            else:
                others(message, category, *where, **more)

        warnings.showwarning = show
        yield


def main() -> None:
    """The entry point of `minireg` and `python -m minireg`."""
    sys.exit(run())
