"""`python -m kerastut`."""

from kerastut.cli import main

if __name__ == "__main__":
    main()
