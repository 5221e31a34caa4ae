"""The demonstration: real initiatives told from cited public pages, loaded by the way that people take."""
