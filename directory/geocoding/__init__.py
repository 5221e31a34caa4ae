"""Words or a point → a place: the embedded gazetteer, which needs no network."""
