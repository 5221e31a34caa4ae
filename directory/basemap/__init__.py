"""The scaffold of every map; knows no initiative."""
