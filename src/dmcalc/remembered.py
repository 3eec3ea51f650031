"""Answers that are kept because they are asked for again, and never too many of them."""

from __future__ import annotations

from typing import TypeVar

_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


class Remembered(dict[_Key, _Answer]):
    """What was computed, by what it depends on; emptied before it would hold more than ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: _Key, answer: _Answer) -> None:
        """Keep an answer."""
        if len(self) >= self._most:
            self.clear()
        super().__setitem__(key, answer)
