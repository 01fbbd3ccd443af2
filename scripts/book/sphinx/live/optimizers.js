// Update rules as Keras has them: each takes a step from the weights along a gradient.

const EPSILON = 1e-7;
const each = (weights, change) => weights.map((weight, place) => weight + change(place));

export const OPTIMIZERS = {
  SGD: (rate) => (weights, gradient) => each(weights, (place) => -rate * gradient[place]),

  Momentum(rate) {
    const speed = [0, 0];
    return (weights, gradient) => each(weights, (place) => (speed[place] = 0.9 * speed[place] - rate * gradient[place]));
  },

  Adagrad(rate) {
    const squares = [0.1, 0.1];
    return (weights, gradient) =>
      each(weights, (place) => {
        squares[place] += gradient[place] ** 2;
        return (-rate * gradient[place]) / Math.sqrt(squares[place] + EPSILON);
      });
  },

  RMSprop(rate) {
    const squares = [0, 0];
    return (weights, gradient) =>
      each(weights, (place) => {
        squares[place] = 0.9 * squares[place] + 0.1 * gradient[place] ** 2;
        return (-rate * gradient[place]) / Math.sqrt(squares[place] + EPSILON);
      });
  },

  Adam(rate) {
    const [means, squares] = [[0, 0], [0, 0]];
    let steps = 0;
    return (weights, gradient) => {
      steps++;
      const scaled = (rate * Math.sqrt(1 - 0.999 ** steps)) / (1 - 0.9 ** steps);
      return each(weights, (place) => {
        means[place] += 0.1 * (gradient[place] - means[place]);
        squares[place] += 0.001 * (gradient[place] ** 2 - squares[place]);
        return (-scaled * means[place]) / (Math.sqrt(squares[place]) + EPSILON);
      });
    };
  },
};
