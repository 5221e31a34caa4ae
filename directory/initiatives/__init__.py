"""The corpus: content, rules, projection, filters, index, search."""
