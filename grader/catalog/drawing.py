"""Random inputs that the tasks share."""


def tidy(rng, *shape):
    """Draw multiples of one half, never 0: numbers that can be checked by hand."""
    return rng.choice([-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0], size=shape)


def normal(rng, *shape, scale=1.0):
    """Draw from a normal distribution."""
    return scale * rng.standard_normal(shape)


def away_from_zero(rng, *shape):
    """Draw entries of both signs with a magnitude of 0.1 to 2, for functions with a kink at 0."""
    return rng.uniform(0.1, 2.0, shape) * rng.choice([-1.0, 1.0], shape)


def large(rng, *shape):
    """Draw entries of exactly ±1e4 among ordinary ones; the first is +1e4, the last −1e4."""
    x = rng.choice([-1e4, -1.0, 0.5, 1e4], size=shape)
    x.flat[-1], x.flat[0] = -1e4, 1e4
    return x
