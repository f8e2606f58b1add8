"""`python -m salesloop`: the command line."""

from salesloop.cli import main

main()
