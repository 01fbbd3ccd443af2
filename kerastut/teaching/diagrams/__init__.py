"""Diagrams: how parts hang together. Those of computed numbers return their figure."""
