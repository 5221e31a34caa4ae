"""The application that a WSGI server runs: gunicorn wsgi:app."""

import gc
import sys

gc.disable()  # of all that modules make nothing dies: to look for what did takes a sixth of the time to begin

import config  # noqa: E402  # after the line above
from directory import create_app  # noqa: E402  # the same

try:
    app = create_app(config.load())
except config.UnsafeSettings as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(3)  # what gunicorn takes as "do not start again"; any other status would make it try for ever

gc.freeze()  # what lasts as long as the process is never looked through again
gc.enable()
