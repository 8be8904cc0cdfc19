"""The command ``virtkit``: a thin face of the library.

=============  ===========================================================================
main.py        from the words of the command line to an exit code
parser.py      argparse, loading each command's module only when that command is asked for
command.py     what a command is: Command, and the Call and Result that pass through it
targets.py     the domains that a command is about, one after the other
sources.py     what stands for a domain: a spec, XML, a template with its variables, stdin
exits.py       exit codes, and what is said about an error
output.py      the one place that prints; tables.py: columns; summary.py: what ``show`` tells
progress.py    the progress of a migration
commands/      one file for each group of commands: arguments, one call, what is printed
demo.py        a domain's life, step by step
doctor.py      what is missing on this machine
=============  ===========================================================================

Exit codes: 0 it worked, 1 it failed, 2 the command line is wrong, 3 not found, 4 not in time, 5 no
connection, 130 Ctrl-C, 141 the reader of a pipe has gone. With ``--json``, stdout holds one JSON document and
nothing else, for an error too: an object ``error``. Only a wrong command line leaves it empty.

Starting is a budget. What runs before a command is known imports argparse and nothing else: ``TYPE_CHECKING``
is written out as False there, because importing it from typing would take a third of the time of ``--help``.
"""
