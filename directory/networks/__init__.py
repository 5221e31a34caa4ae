"""Regional multi-actor networks, the territories they cover, the people who act for them."""
