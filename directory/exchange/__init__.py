"""Export of what the public may see: a table and features."""
