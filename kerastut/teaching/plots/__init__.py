"""Plots of computed numbers; each function returns its figure."""
