"""Named tuples that cost little to define: a start on the drug table defines some sixty of them.

``typing.NamedTuple`` checks the type of each field, and compiles it where it is text. Here the
annotations stay as they are written, for whoever asks; all else is what ``namedtuple`` makes.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from collections import namedtuple

    class _Defined(type):
        """Make a named tuple of a class whose annotations are its fields."""

        def __new__(cls, name, bases, body):
            types = body.pop("__annotations__", {})
            defaults = [body.pop(field) for field in types if field in body]
            made = namedtuple(name, types, defaults=defaults, module=body.pop("__module__"))
            made.__annotations__ = types
            for key, value in body.items():
                setattr(made, key, value)
            return made

    Record = type.__new__(_Defined, "Record", (), {})

__all__ = ["Record"]
