"""`python -m salesloop.cli`: the command where its script is not on the path."""

from salesloop.cli import main

if __name__ == "__main__":
    main()
