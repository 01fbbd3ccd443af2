"""What chapters say: sentences in two languages, the source of tested code, checks that fail."""
