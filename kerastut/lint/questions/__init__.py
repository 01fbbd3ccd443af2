"""What several detectors ask of a value: where it comes from, what it is, what is done with it."""
