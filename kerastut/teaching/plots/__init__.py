"""Plots of computed numbers."""
