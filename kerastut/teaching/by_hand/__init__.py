"""What libraries compute, written out in NumPy to be compared with them."""
