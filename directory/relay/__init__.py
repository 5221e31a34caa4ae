"""Writing to the structure of a sheet without any address being shown."""
