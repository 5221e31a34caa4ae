"""Building the gazetteer's file from installed packages and the tables of ``data``, without any network."""

from .build import BuildError, Progress, build

__all__ = ["BuildError", "Progress", "build"]
