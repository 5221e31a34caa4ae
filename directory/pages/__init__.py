"""Every public page, one file each."""
