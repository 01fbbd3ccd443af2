"""The pages of the site that are not chapters, as Markdown for Sphinx."""
