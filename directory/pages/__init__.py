"""Every public page, one file each; what they are made of is in `parts`."""
