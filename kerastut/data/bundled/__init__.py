"""The data sets that come with kerastut, embedded or generated."""
