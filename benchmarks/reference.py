"""What dmcalc's start is measured against: a program of one command on Typer."""

import typer


def main(word: str) -> None:
    """Print a word."""
    print(word)


if __name__ == "__main__":
    typer.run(main)
