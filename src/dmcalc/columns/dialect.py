"""How engines write a tree: decimals with their widths, whole division, and a strict reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from dmcalc.errors import TableError

if TYPE_CHECKING:
    from dmcalc.columns.tree import Term

Name = Literal["duckdb", "spark", "postgres"]
DIALECTS: tuple[Name, ...] = get_args(Name)

#: The digits of a whole number of 64 bits, and of the decimals that are as fast as that.
LONG_DIGITS = 18
MOST_DIGITS = 38


class Dialect(NamedTuple):
    """What engines write differently."""

    name: Name
    text: str
    #: The whole numbers of more than 64 bits.
    huge: str
    #: Quotient of two whole numbers, and a cast that gives NULL for what is not a number.
    quotient: str
    cast: str
    #: Whether a text matches a regular expression.
    matches: str
    #: What stands around the name of a column.
    mark: str = '"'
    #: Quotient of whole numbers of more than 64 bits, where it is another, and its most digits.
    wide: str | None = None
    most_quotient: int = MOST_DIGITS

    def name_of(self, column: str) -> str:
        """Write the name of a column."""
        return self.mark + column.replace(self.mark, self.mark * 2) + self.mark

    def doubled(self, name: str) -> str:
        """Write a column of single precision in double precision, with its shortest decimals."""
        return f"CAST(CAST({name} AS {self.text}) AS DOUBLE)"

    def expression(self, term: Term) -> str:
        """Write a term; raise TableError where the engine has no number that is wide enough."""
        written = [self.expression(part) for part in term.parts]
        match term.op, written:
            case "number", _:
                return f"CAST({term.name} AS {decimal_type(term)})"
            case "column" | "sure column", _:
                return term.name
            case "literal", _:
                return quoted(term.name)
            case "nothing", _:
                return "NULL"
            case "read", [text]:
                whole = term.digits - term.places
                return self._read(f"CAST({text} AS {self.text})", whole, term.places)
            case "lower", [text]:
                return f"LOWER(CAST({text} AS {self.text}))"
            case "listed", _:  # each begins with what parts it from the one before
                return f"NULLIF(SUBSTRING({' || '.join(written)}, 3), '')"
            case "multiply" | "subtract" | "add", _:
                return self._sum(term, written)
            case "scaled", [number]:
                return self._scaled(term, number)
            case "size", [number]:
                return f"ABS({number})"
            case "quotient", _:
                return self._quotient(term, written)
            case "least", _:
                known = [
                    f"{text} IS NOT NULL"
                    for text, part in zip(written, term.parts, strict=True)
                    if part.op != "number"
                ]
                least = f"CAST(LEAST({', '.join(written)}) AS {decimal_type(term)})"
                return f"CASE WHEN {' AND '.join(known)} THEN {least} END"
            case "choose", _:
                return self._choice(term, written)
            case "below" | "equal", _:  # no cast: a comparison makes no number
                left, right = (
                    part.name if part.op == "number" else text
                    for part, text in zip(term.parts, written, strict=True)
                )
                return f"({left} {'<' if term.op == 'below' else '='} {right})"
            case "known", [value]:
                return f"({value} IS NOT NULL)"
            case "is true", [value]:
                return f"({value} IS TRUE)"
            case "not", [value]:
                (truth,) = term.parts
                if truth.op == "known":
                    return f"({self.expression(truth.parts[0])} IS NULL)"
                return f"(NOT {value})"
            case "and" | "or", _:
                return f"({f' {term.op.upper()} '.join(written)})"
        raise AssertionError(term.op)

    def _read(self, text: str, whole: int, places: int) -> str:
        """Write the strict reading of a column of numbers: NULL for more places than that.

        The text of a binary number is the shortest decimal that it can be. Zeros at the end add
        nothing.
        """
        behind = f"([.][0-9]{{1,{places}}}0*)?" if places else "([.]0+)?"
        matches = self.matches.format(text, quoted(f"^[0-9]{{1,{whole}}}{behind}$"))
        number = f"DECIMAL({whole + places}, {places})"
        return f"CASE WHEN {matches} THEN {self.cast}({text} AS {number}) END"

    def _choice(self, term: Term, written: list[str]) -> str:
        when, then, otherwise = written
        after = ""
        if not term.parts[0].sure:
            after = f" WHEN NOT {when} THEN {otherwise}"
        elif term.kind == "text" and otherwise.startswith("CASE "):
            after = otherwise.removeprefix("CASE").removesuffix(" END")
        elif otherwise != "NULL":
            after = f" ELSE {otherwise}"
        case = f"CASE WHEN {when} THEN {then}{after} END"
        return f"CAST({case} AS {decimal_type(term)})" if term.kind == "number" else case

    def _sum(self, term: Term, written: list[str]) -> str:
        left, right = term.parts
        sign = {"multiply": "*", "subtract": "-", "add": "+"}[term.op]
        first = self._wide(written[0], left, term.digits)
        self._fits(left.digits + right.digits + 1 if sign == "*" else term.digits + 1)
        return f"CAST({first} {sign} {written[1]} AS {decimal_type(term)})"

    def _scaled(self, term: Term, written: str) -> str:
        (number,) = term.parts
        power = term.name
        behind = len(power.partition(".")[2])
        before = len(power.partition(".")[0].lstrip("0"))
        first = self._wide(written, number, term.digits - term.places + number.places + behind)
        self._fits(number.digits + before + behind + 1)
        factor = f"CAST({power} AS DECIMAL({max(1, before) + behind}, {behind}))"
        return f"CAST({first} * {factor} AS {decimal_type(term)})"

    def _quotient(self, term: Term, written: list[str]) -> str:
        widest = max(part.digits for part in term.parts)
        long, form = "BIGINT", self.quotient
        if widest > LONG_DIGITS:
            long, form = self.huge, self.wide or form
            if term.digits > self.most_quotient:
                raise TableError(f"a quotient of {term.digits} digits does not fit {self.name}")
        whole = form.format(*(f"CAST({text} AS {long})" for text in written))
        return f"CAST({whole} AS {decimal_type(term)})"

    def _wide(self, written: str, term: Term, digits: int) -> str:
        """Widen one side, where DuckDB would keep to 18 digits and fail on a larger product."""
        if self.name == "duckdb" and digits > LONG_DIGITS >= term.digits:
            return f"CAST({written} AS DECIMAL({MOST_DIGITS}, {term.places}))"
        return written

    def _fits(self, digits: int) -> None:
        """Raise TableError where Spark would round: beyond 38 digits it drops decimals."""
        if self.name == "spark" and digits > MOST_DIGITS:
            raise TableError(f"a product of {digits} digits would be rounded by Spark")


def quoted(text: str) -> str:
    """Write a text as SQL does."""
    return "'" + text.replace("'", "''") + "'"


def decimal_type(term: Term) -> str:
    """Write the type of a number that is as wide as a term."""
    return f"DECIMAL({term.digits}, {term.places})"


DUCKDB = Dialect("duckdb", "VARCHAR", "HUGEINT", "({} // {})", "TRY_CAST", "regexp_matches({}, {})")
#: Its DIV gives 64 bits. The quotient of a multiple is whole, so that no division of it rounds: it
#: has room for 32 digits beside the 6 decimals that Spark keeps.
SPARK = Dialect(
    "spark",
    "STRING",
    "DECIMAL(38, 0)",
    "({} DIV {})",
    "TRY_CAST",
    "({} RLIKE {})",
    mark="`",
    wide="(({0} - {0} % {1}) / {1})",
    most_quotient=32,
)
POSTGRES = Dialect("postgres", "TEXT", "DECIMAL(38, 0)", "DIV({}, {})", "CAST", "({} ~ {})")


def dialect(name: Name) -> Dialect:
    """Return a dialect by its name."""
    return {"duckdb": DUCKDB, "spark": SPARK, "postgres": POSTGRES}[name]
