"""The application that a WSGI server runs: gunicorn wsgi:app."""

import sys

import config
from directory import create_app

try:
    app = create_app(config.load())
except config.UnsafeSettings as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(3)  # what gunicorn takes as "do not start again"; any other status would make it try for ever
