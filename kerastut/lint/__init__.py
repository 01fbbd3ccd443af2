"""`kerastut check`: finds Keras code that Keras 3 refuses or runs wrongly, and mends it.

Neither Keras nor TensorFlow is imported.
"""
