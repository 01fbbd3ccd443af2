"""The reader's own files and folders."""
