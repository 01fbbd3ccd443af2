"""Diagrams: how parts hang together."""
