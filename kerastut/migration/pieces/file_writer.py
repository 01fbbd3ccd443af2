import tensorflow as tf


class FileWriter:
    """Writes numbers for TensorBoard."""

    def __init__(self, logdir, *_, **__):
        self.writer = tf.summary.create_file_writer(logdir)
        self.flush, self.close = self.writer.flush, self.writer.close

    def add_summary(self, summary, global_step=0):
        with self.writer.as_default():
            for value in summary.value:
                tf.summary.scalar(value.tag, value.simple_value, step=int(global_step or 0))

    def add_graph(self, graph):
        pass
