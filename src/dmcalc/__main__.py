"""The program ``dmcalc``, and ``python -m dmcalc``."""

import atexit
import gc

# The collector took a sixth of a short run: it looked for circles while modules were imported, and
# once more through all objects at exit. Both are for the whole process, so they are set in the
# program alone, before its imports, and never in the package that others import.
gc.set_threshold(100_000)
atexit.register(gc.freeze)

from dmcalc.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
