"""The shape of a drug's code in a system of codes, such as ATC or RxNorm."""

from typing import Annotated, NamedTuple

from dmcalc.sources.cite import Cite, Cites


class Code(NamedTuple):
    """What a system of codes calls a drug. It is text: a name, and nothing to compute with."""

    code: Annotated[str | None, "The code as text, digits in quotes; absent if there is none."] = (
        None
    )
    cite: Annotated[Cites | None, "Sources; the code stands in a quote that names the drug."] = None
    reading: Annotated[str | None, "What the code is of, and others that it has had."] = None
    no_code: Annotated[str | None, "Why there is no code, where there is none."] = None

    @property
    def cites(self) -> tuple[Cite, ...]:
        """Its sources; that there is no code may have none."""
        return self.cite or ()
