"""Associations and other actors, here and there, and who belongs to them."""
