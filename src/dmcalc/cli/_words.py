"""Words of a command line: names of drugs in a list, an order or an amount without quotes."""

import re
from collections.abc import Sequence

from dmcalc.errors import UsageError

_AMOUNT = r"(?<![^ ])([0-9][0-9.,]*)(?: ?(mcg|mg|g))?(?![^ ])"
_WEIGHT = r"[0-9]+(?:\.[0-9]+)? ?(?:kgs?|lbs?|st)?|kgs?|lbs?"
_TYPED = re.ASCII | re.IGNORECASE
_BETWEEN = ("to", "into", "as", "in")


def drug_and_order(
    drug: str | None, words: Sequence[str] | None, command: str = "check"
) -> tuple[str, str]:
    """Return a drug and its order, however they are parted into words.

    ``prednisone 60 mg daily`` may be one word, two or four: an order begins with a figure. Raise
    UsageError where one of them is missing.
    """
    rest = list(words or ())
    if drug is not None and len(rest) != 1:
        before, order = _at_the_first_figure(" ".join([drug, *rest]))
        if order:
            drug, rest = before, [order]
    if not drug or not rest:
        missing = "ORDER" if drug else "DRUG"
        raise UsageError(f"{missing} is missing", f'Write: dmcalc {command} DRUG "60 mg daily"')
    return drug, " ".join(rest)


def _at_the_first_figure(text: str) -> tuple[str, str]:
    """Part a text before its first word that begins with a figure."""
    match = re.search(r"(?<![^ ])\.?[0-9]", text)
    return (text, "") if match is None else (text[: match.start()].strip(), text[match.start() :])


def amount_and_drugs(words: Sequence[str]) -> tuple[str, str, str]:
    """Return the amount to convert, of what it is and into what: ``40 mg prednisone to X``.

    The amount may be anywhere. Raise UsageError where there are no two drugs and one amount.
    """
    text = " ".join(words)
    amounts = list(re.finditer(_AMOUNT, text, _TYPED))
    rest = (f"{text[: amounts[0].start()]} {text[amounts[0].end() :]}" if amounts else text).split()
    between = next((at for at, word in enumerate(rest) if word.lower() in _BETWEEN and at), None)
    if between is not None:
        names = [" ".join(rest[:between]), " ".join(rest[between + 1 :])]
    else:
        names = rest
    if len(amounts) != 1 or len(names) != 2 or not all(names):
        raise UsageError(
            f"{text!r} is not one amount and two drugs",
            "Write: dmcalc convert 40mg DRUG to DRUG",
        )
    return f"{amounts[0][1]}{amounts[0][2] or ''}", names[0], names[1]


def drug_names(texts: Sequence[str] | None) -> list[str] | None:
    """Return the names of drugs, in one text or several; raise UsageError for a size of a body.

    Names may stand in one word, with commas between them. A word that is empty, as a shell leaves
    it of a variable that is not set, is a name that no drug has, and never means all drugs.
    """
    if texts is None:
        return None
    # a comma next to the blank between two words parts them as the blank does: "a , b", "a, b"
    parts = re.split(r"\0,\0|\0,|,\0|\0|,", "\0".join(text.strip() for text in texts))
    names = [part.strip() for part in parts]
    if any(not text.strip() for text in texts) or not any(names):
        return ["", *filter(None, names)] if texts else []
    for name in names:
        if re.fullmatch(_WEIGHT, name, _TYPED):
            raise UsageError(
                f"{name!r} is no drug, and looks like a weight", "Write it so: --weight 70kg"
            )
    return names
