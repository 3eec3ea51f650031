"""Named tuples that cost little to define: a start on the drug table defines some sixty of them.

``typing.NamedTuple`` checks the type of each field, and compiles it where it is text. Here the
annotations stay as they are written, for whoever asks; all else is what ``namedtuple`` makes.
Where a file is read, pydantic checks them: ``read_first`` is for types that read themselves.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import NamedTuple as Record

    from pydantic_core import CoreSchema

    JsonSchema = dict[str, object]
    Described = Callable[[CoreSchema, Callable[[CoreSchema], JsonSchema]], JsonSchema]
else:
    from collections import namedtuple

    def _replacing(places):
        """Return a ``_replace`` that costs what is replaced: namedtuple's goes by all fields."""

        def _replace(self, /, **replaced):
            values = list(self)
            try:
                for field, value in replaced.items():
                    values[places[field]] = value
            except KeyError:
                unknown = [field for field in replaced if field not in places]
                raise ValueError(f"Got unexpected field names: {unknown!r}") from None
            return tuple.__new__(type(self), values)

        return _replace

    class _Defined(type):
        """Make a named tuple of a class whose annotations are its fields."""

        def __new__(cls, name, bases, body):
            types = body.pop("__annotations__", {})
            defaults = [body.pop(field) for field in types if field in body]
            made = namedtuple(name, types, defaults=defaults, module=body.pop("__module__"))
            made.__annotations__ = types
            made._replace = _replacing({field: at for at, field in enumerate(types)})
            for key, value in body.items():
                setattr(made, key, value)
            return made

    Record = type.__new__(_Defined, "Record", (), {})


def read_first(
    read: "Callable[[object], object]", schema: "CoreSchema", described: "Described"
) -> "CoreSchema":
    """Return pydantic's schema of a value that ``read`` turns into what ``schema`` checks.

    ``described`` makes its JSON Schema.
    """
    from pydantic_core import core_schema  # start-up: only a file is read by pydantic

    return core_schema.no_info_before_validator_function(
        read, schema, metadata={"pydantic_js_functions": [described]}
    )


__all__ = ["Record", "read_first"]
