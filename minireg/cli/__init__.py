"""Floor 8: the command line, which parses options, calls the library and prints.

Read `app.py` first (how a command starts and how it ends), then `options.py` (how options are made
from `models.Settings`).  Each command has a file of its own; all of them use `terminal.py`.
"""

from .app import main

__all__ = ["main"]
