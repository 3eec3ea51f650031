"""Which schedules of a drug the table has, and which of them is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dmcalc.errors import UnknownNameError
from dmcalc.text.spelling import near

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dmcalc.table.model.schedules import CourseTaper, DailyTaper, MilestoneTaper, Titration
    from dmcalc.table.model.table import Table


def protocols(table: Table, drug: str) -> list[str]:
    """List the keys of a drug's tapers."""
    return published_for(table.tapers, drug)


def published_for(
    published: Mapping[str, DailyTaper | CourseTaper | MilestoneTaper | Titration], drug: str
) -> list[str]:
    """List the keys of those schedules that are of a drug."""
    return [key for key, schedule in published.items() if drug in schedule.drugs]


def default_protocol(
    published: Mapping[str, DailyTaper | CourseTaper | MilestoneTaper | Titration], drug: str
) -> str:
    """Return the key of a drug's default: the first of its schedules where none is marked."""
    own = published_for(published, drug)
    return next((key for key in own if published[key].default), own[0])


def find_protocol(
    published: Mapping[str, DailyTaper | CourseTaper | MilestoneTaper | Titration],
    drug: str,
    protocol_id: str | None,
    *,
    unknown: str = "protocol",
    listed: str = "Its protocols",
) -> str:
    """Return the key of a drug's schedule: the one that is wanted, or the default.

    The drug has one. Raise UnknownNameError for a name that is none of its schedules.
    """
    known = published_for(published, drug)
    if protocol_id is None:
        return default_protocol(published, drug)
    key = protocol_id.strip().lower()
    if key not in known:
        raise UnknownNameError(
            f"{drug} has no {unknown} {protocol_id!r}{near(key, known)}",
            f"{listed}: {', '.join(known)}",
        )
    return key


def regimens(table: Table, drug: str) -> list[str]:
    """Name the base regimens of a drug."""
    return [f"{drug}.{regimen.name}" for regimen in table.drugs[drug].regimens]
