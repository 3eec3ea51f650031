"""The program ``dmcalc``, and ``python -m dmcalc``."""

import atexit
import gc
import os
import sys

# The collector took a sixth of a short run: it looked for circles while modules were imported. It
# is for the whole process, so it is set in the program alone, before its imports, and never in the
# package that others import.
gc.set_threshold(100_000)

from dmcalc import cli  # noqa: E402


def main() -> None:
    """Run the command line and exit, without taking apart what was imported and computed.

    The system frees it at once; object by object it took 2 per cent of a short run.
    """
    try:
        cli.main()
    except SystemExit as stop:
        if not _watched() and isinstance(stop.code, int | None) and _nothing_is_left():
            os._exit(stop.code or 0)
        raise


def _watched() -> bool:
    """Tell whether a profiler or debugger is at work, which has more to do after the run."""
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on, with six tools at most
    tools = [monitoring.get_tool(number) for number in range(6)] if monitoring else []
    return any((sys.getprofile(), sys.gettrace(), *tools))


def _nothing_is_left() -> bool:
    """Run what is registered for the exit, and tell whether all that was printed is written."""
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except (OSError, ValueError):  # Python's own exit says what could not be written
        return False
    return True


if __name__ == "__main__":
    main()
