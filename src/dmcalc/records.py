"""Named tuples that cost little to define: a start on the drug table defines some seventy of them.

``typing.NamedTuple`` checks the type of each field, and compiles it where it is text; and each
``namedtuple`` compiles a constructor. Here the annotations stay as they are written, for whoever
asks, and a constructor is one of those below, with the names of its fields put in.
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
    from collections import _tuplegetter
    from functools import cache
    from types import FunctionType

    _new = tuple.__new__
    #: The constructors of records with so many fields: most are made often.
    _CONSTRUCTORS = (
        lambda _cls: _new(_cls, ()),
        lambda _cls, a: _new(_cls, (a,)),
        lambda _cls, a, b: _new(_cls, (a, b)),
        lambda _cls, a, b, c: _new(_cls, (a, b, c)),
        lambda _cls, a, b, c, d: _new(_cls, (a, b, c, d)),
        lambda _cls, a, b, c, d, e: _new(_cls, (a, b, c, d, e)),
        lambda _cls, a, b, c, d, e, f: _new(_cls, (a, b, c, d, e, f)),
        lambda _cls, a, b, c, d, e, f, g: _new(_cls, (a, b, c, d, e, f, g)),
        lambda _cls, a, b, c, d, e, f, g, h: _new(_cls, (a, b, c, d, e, f, g, h)),
        lambda _cls, a, b, c, d, e, f, g, h, i: _new(_cls, (a, b, c, d, e, f, g, h, i)),
    )

    def _of_many(_cls):
        """Make a record with more fields than those, which takes twice as long."""
        return _new(_cls, tuple(locals().values())[1:])

    def _constructor(name, fields, defaults):
        """Return the constructor of a record with those fields."""
        count = len(fields)
        model = _CONSTRUCTORS[count] if count < len(_CONSTRUCTORS) else _of_many
        code = model.__code__.replace(
            co_argcount=count + 1,
            co_nlocals=count + 1,
            co_varnames=("_cls", *fields),
            co_name="__new__",
            co_qualname=f"{name}.__new__",
        )
        return FunctionType(code, globals(), "__new__", defaults)

    @cache
    def _getter(at):
        return _tuplegetter(at, f"Alias for field number {at}")

    def _make(cls, parts):
        """Make a record of an iterable; raise TypeError for too few or too many."""
        made = _new(cls, parts)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _parts(self):
        """Return what it is made of again, where it is copied or pickled."""
        return tuple(self)

    def _asdict(self):
        """Return a dictionary of the fields."""
        return dict(zip(self._fields, self, strict=True))

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

    _COMMON = {
        "__slots__": (),
        "__repr__": _text,
        "__getnewargs__": _parts,
        "_asdict": _asdict,
        "_make": classmethod(_make),
    }

    class _Defined(type):
        """Make a named tuple of a class whose annotations are its fields."""

        def __new__(cls, name, bases, body):
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body.pop(field) for field in fields if field in body}
            places = {field: at for at, field in enumerate(fields)}
            parts = {field: _getter(at) for field, at in places.items()}
            parts |= {"_fields": fields, "_field_defaults": defaults, "__match_args__": fields}
            parts["__new__"] = _constructor(name, fields, (*defaults.values(),))
            parts["_replace"] = parts["__replace__"] = _replacing(places)
            return type(name, (tuple,), {**_COMMON, **parts, **body})

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
