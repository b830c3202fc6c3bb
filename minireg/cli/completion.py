"""`minireg completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click

# For each shell: how the script is installed.
INSTALLATION = {
    "bash": (
        "minireg completion bash > ~/.minireg-completion.bash",
        "echo 'source ~/.minireg-completion.bash' >> ~/.bashrc",
    ),
    "zsh": (
        "minireg completion zsh > ~/.minireg-completion.zsh",
        "echo 'source ~/.minireg-completion.zsh' >> ~/.zshrc   # after the line with compinit",
    ),
    "fish": ("minireg completion fish > ~/.config/fish/completions/minireg.fish",),
}


@click.command(
    epilog="""\b
Examples:
  minireg completion bash              print the script and how to install it
  source <(minireg completion bash)    try it in this shell"""
)
@click.argument("shell", type=click.Choice(list(INSTALLATION)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the script for completion in SHELL.

    With it, the Tab key completes minireg's commands, options and their values.  The first lines of
    the script tell how to install it; open a new shell afterwards.
    """
    from click.shell_completion import get_completion_class  # noqa: PLC0415

    kind = get_completion_class(shell)
    assert kind is not None  # click supports each of the choices
    commands = context.find_root().command
    lines = ["Completion for minireg.  To install:", *INSTALLATION[shell]]
    print("\n".join(f"# {line}" for line in lines))
    # Not source(): for bash it would first start another process, to find the version of bash.
    complete = kind(commands, {}, "minireg", "_MINIREG_COMPLETE")
    print(complete.source_template % complete.source_vars())
