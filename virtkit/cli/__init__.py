"""The command ``virtkit``: a thin face of the library.

=============  ===========================================================================
main.py        from the words of the command line to an exit code
parser.py      argparse, loading each command's module only when that command is asked for
command.py     what a command is: Command, and the Call and Result that pass through it
exits.py       exit codes, and what is said about an error
tables.py      columns as plain text
commands/      one file for each group of commands: arguments, one call, what is printed
demo.py        a domain's life, step by step
doctor.py      what is missing on this machine
=============  ===========================================================================

Exit codes: 0 it worked, 1 it failed, 2 the command line is wrong, 3 not found, 4 not in time, 5 no
connection, 130 Ctrl-C. With ``--json``, stdout holds one JSON document and nothing else.

Starting is a budget. What runs before a command is known imports argparse and nothing else: ``TYPE_CHECKING``
is written out as False there, because importing it from typing would take a third of the time of ``--help``.
"""
