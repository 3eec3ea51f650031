"""Ways to spoil an input that is right: each is made from a seeded source of chance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

#: What people, programs and attackers write where something else is expected.
PIECES = (
    *("", " ", "-", "--", "-1", "0", "00", ".5", "5.", "1e5", "1e999", "NaN", "inf", "1_000"),
    *("9" * 30, "1" * 400, "1,5", "1.000,5", "٧٠", "７０", "½", "70kg", "70 st", "\u2212" + "1"),
    *("mg", "µg", "QD", "once a week", "daily", "twice", "every", "mg/kg/day", "g/m2", "IU"),
    *("prednisone", "prednisolone", "methotrexate", "ivig", "severe", "2026-02-30", "9999-12-31"),
    *("\0", "\n", "\r", "\t", '"', "'", ",", ";", "=cmd()", "$(id)", "`id`", "%s", "{}", "../x"),
    *("\x1b[31m", "\x1b]0;t\x07", "[bold]", "[/]", ":smile:", "<script>", "\u202e", "\ud800"),
    *("é", "日本", "\U0001f4a9", "\u200b", "\ufeff", "A" * 3000, "null", "true", "~", "!!python"),
)

#: The same for JSON.
BYTES = (
    *(
        b'"',
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"0",
        b"-1",
        b"1e99",
        b"null",
        b"true",
        b"\x00",
        b"\xff",
    ),
    *(
        b'"value"',
        b'"period"',
        b'"when":["MORN"]',
        b'"mg"',
        b"2026-02-30",
        b"9999-12-31",
        b"1" * 40,
    ),
)


def spoiled(text: str, chance: random.Random) -> str:
    """Return a text with one or a few things in it changed."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        at = chance.randrange(len(text) + 1)
        to = min(len(text), at + chance.choice((1, 1, 2, 8)))
        text = chance.choice(
            (
                text[:at] + text[to:],
                text[:at] + chance.choice(PIECES) + text[at:],
                text[:at] + chance.choice(PIECES) + text[to:],
                text[:at] + text[at:to] * 3 + text[to:],
                text[:at] + chr(chance.randrange(1, 0x250)) + text[to:],
                text.swapcase(),
            )
        )
    return text


def spoiled_bytes(content: bytes, chance: random.Random) -> bytes:
    """Return a file with one to five bytes or pieces changed."""
    text = bytearray(content)
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(text))
        way = chance.randrange(4)
        if way == 0:
            text[at] = chance.randrange(256)
        elif way == 1:
            del text[at : at + chance.randint(1, 40)]
        elif way == 2:
            text[at:at] = chance.choice(BYTES)
        else:
            other = chance.randrange(len(text))
            text[at:at] = text[other : other + chance.randint(1, 80)]
        if not text:
            return b"{}"
    return bytes(text)
