"""Edits that mend what is found."""
