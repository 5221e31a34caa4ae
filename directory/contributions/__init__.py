"""An association's side: drafts and their sending. The ten questions come with their doors."""
