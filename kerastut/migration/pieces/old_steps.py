try:
    import gymnasium as gym
except ImportError:
    import gym


class OldSteps(gym.Wrapper):
    """Gives what environments of gym gave before its version 0.26."""

    def seed(self, seed=None):
        self.env.reset(seed=seed)

    def reset(self, **options):
        return self.env.reset(**options)[0]

    def step(self, action):
        observation, reward, terminated, truncated, told = self.env.step(action)
        return observation, reward, terminated or truncated, told
