"""The application that a WSGI server runs: gunicorn wsgi:app."""

import config
from directory import create_app

app = create_app(config.load())
