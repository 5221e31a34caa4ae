"""What other programs follow: feeds of what was last published."""
