class OldSteps:
    """Gives what environments of gym gave before its version 0.26."""

    def __init__(self, env):
        self.env = env

    def __getattr__(self, name):
        return getattr(self.env, name)

    @property
    def unwrapped(self):
        return OldSteps(self.env.unwrapped)

    def seed(self, seed=None):
        self.env.reset(seed=seed)

    def reset(self, **options):
        return self.env.reset(**options)[0]

    def step(self, action):
        observation, reward, terminated, truncated, told = self.env.step(action)
        return observation, reward, terminated or truncated, told
