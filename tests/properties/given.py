"""What the properties are shown for: weights, surfaces and start doses, as people write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
E = TypeVar("E", bound=Exception)


def decimals(low: int, high: int, places: int = 3) -> st.SearchStrategy[str]:
    """Write numbers with up to so many decimals, from ``low`` to ``high``."""
    scale = 10**places

    def written(count: int) -> str:
        whole, rest = divmod(count, scale)
        return f"{whole}.{rest:0{places}d}".rstrip("0").rstrip(".")

    return st.integers(low * scale, high * scale).map(written)


kilograms = st.builds("{}{}".format, decimals(30, 300), st.sampled_from(["", "kg", " kg"]))
pounds = st.builds("{}{}".format, decimals(67, 661), st.sampled_from(["lb", " lb"]))
weights = kilograms | pounds
surfaces = decimals(1, 3, 4)
severities = st.sampled_from(["mild", "moderate", "severe"])


def tried(call: Callable[[], T], refusal: type[E]) -> tuple[T | None, E | None]:
    """Return what a call answers, or the one kind of error that it may end in."""
    try:
        return call(), None
    except refusal as error:
        return None, error
