"""Reference lists: territories on both sides, sectors, goals, types of actors, countries under vigilance."""
