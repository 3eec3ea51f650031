"""How a class says what machines read of it.

A field that machines read carries the sentence that ``dmcalc schema`` prints of it, next to its
type: ``low: Annotated[Decimal | None, "Low end of the dose, after the cap."]``. Of several
sentences the last one counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def described_by(shape: type) -> Callable[[type[T]], type[T]]:
    """Let machines read of a class what the annotated names of ``shape`` say, in their order.

    Each is an attribute of its instances; a class that is not marked so is read by all its fields.
    """

    def mark(described: type[T]) -> type[T]:
        described.shape = shape  # type: ignore[attr-defined]
        return described

    return mark


def flattened(part: str, keys: tuple[str, ...]) -> Callable[[type[T]], type[T]]:
    """Let machines read the fields of a class and of its field ``part`` side by side, as ``keys``.

    A key that is no attribute of the class is one of the part.
    """

    def mark(described: type[T]) -> type[T]:
        described.part, described.flat_keys = part, keys  # type: ignore[attr-defined]
        return described

    return mark
