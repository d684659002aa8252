"""The commands: read arguments, call kg, print, exit.

Exit status: 0 all well, 1 the graph has faults or differs, 2 the request made no sense.
"""

from kg.cli import asking, building, looking, taking
from kg.cli.commands import main

__all__ = ["asking", "building", "looking", "main", "taking"]
