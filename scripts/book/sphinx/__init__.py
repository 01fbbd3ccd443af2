"""What Sphinx reads: settings, templates, styles."""
