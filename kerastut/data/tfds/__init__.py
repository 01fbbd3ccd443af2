"""Data sets of TensorFlow Datasets, prepared on disk or downloaded."""
