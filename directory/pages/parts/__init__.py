"""What several pages are made of: sentences, lists, pictures and maps, no page among them."""
