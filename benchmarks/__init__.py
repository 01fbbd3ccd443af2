"""Paired measurements: kerastut, the tutorials' settings and other libraries, in one run."""
