"""`python -m tncut` is the command `tncut`."""

from .cli import main

main()
