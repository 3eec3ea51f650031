"""Named tuples that cost little to define: a start on the drug table defines some seventy of them.

``typing.NamedTuple`` checks the type of each field, and compiles it where it is text; and each
``namedtuple`` compiles a constructor. Here the annotations stay as they are written, for whoever
asks, and records with as many fields share what ``namedtuple`` makes for that number of them.
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
    import sys
    from collections import namedtuple
    from functools import cache
    from types import FunctionType

    @cache
    def _of_size(size):
        """Return a named tuple of so many fields: making one is slow, taking its parts is not."""
        return namedtuple("Record", [f"field_{number}" for number in range(size)])

    def _text(self):
        """Write it as the call that makes it."""
        parts = zip(self._fields, self, strict=True)
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in parts)})"

    def _replacing(places):
        """Return a ``_replace`` that costs what is replaced: namedtuple's goes by all fields."""

        def _replace(self, /, **replaced):
            values = list(self)
            try:
                for field, value in replaced.items():
                    values[places[field]] = value
            except KeyError:
                unknown = [field for field in replaced if field not in places]
                kind = TypeError if sys.version_info >= (3, 13) else ValueError  # as namedtuple
                raise kind(f"Got unexpected field names: {unknown!r}") from None
            return tuple.__new__(type(self), values)

        return _replace

    class _Defined(type):
        """Make a named tuple of a class whose annotations are its fields."""

        def __new__(cls, name, bases, body):
            fields = tuple(body.get("__annotations__", ()))
            model = _of_size(len(fields))
            parts = dict(vars(model))
            getters = [parts.pop(field) for field in model._fields]
            defaults = {field: body.pop(field) for field in fields if field in body}
            code = model.__new__.__code__.replace(
                co_varnames=("_cls", *fields), co_qualname=f"{name}.__new__"
            )
            new = FunctionType(code, model.__new__.__globals__, "__new__", (*defaults.values(),))
            parts |= zip(fields, getters, strict=True)
            parts |= {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            replace = _replacing({field: at for at, field in enumerate(fields)})
            parts |= {"__new__": new, "_replace": replace, "__replace__": replace}
            return type(name, (tuple,), {**parts, "__repr__": _text, **body})

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
