"""The version of dmcalc: a module of its own, so that no package imports the one that holds it."""

__version__ = "0.1.0"
