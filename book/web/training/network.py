"""Trains a small network in the page, one epoch at a time, by the library itself.

The page's worker calls ``start`` and ``epoch``; ``picture`` is what the page draws of a network.
"""

import numpy as np

import mlp_lib
from mlp_lib import Adam, CrossEntropyLoss, accuracy, fit, mlp, softmax

SIDE = 50  # the plane is looked at in SIDE × SIDE points
MARGIN = 1.2  # it reaches a little farther than the data
DATA = {
    "spirals": "make_spirals(210, noise=0.08, rng=rng)",
    "moons": "make_moons(200, noise=0.15, rng=rng)",
    "quadrants": "make_quadrants(200, rng=rng)",
    "XOR": "make_xor()",
}
CODE = """\
rng = np.random.default_rng(0)
X, y = {data}
rng = np.random.default_rng(1)
model = mlp([2, {hidden_units}, {hidden_units}, {classes}], rng=rng, activation={activation})
optimizer = Adam(model.parameters(), lr={lr})
history = fit(model, CrossEntropyLoss(), optimizer, X, y,
              epochs={epochs}, batch_size={batch_size}, rng=rng)
"""


class Training:
    """A network with two hidden layers that learns to tell the classes of X (N, 2) apart.

    Parameters
    ----------
    data : str
        A name in DATA.
    hidden_units : int
        In each hidden layer.
    activation : str
        The name of an activation of the library: ReLU, LeakyReLU, Tanh, Sigmoid.
    lr : float
    batch_size : int
    """

    def __init__(self, data, hidden_units, activation, lr, batch_size):
        rng = np.random.default_rng(0)
        self.X, self.y = eval(DATA[data], vars(mlp_lib) | {"rng": rng})
        self.rng = np.random.default_rng(1)
        self.classes = int(self.y.max()) + 1
        sizes = [2, hidden_units, hidden_units, self.classes]
        self.model = mlp(sizes, rng=self.rng, activation=getattr(mlp_lib, activation))
        self.loss_fn = CrossEntropyLoss()
        self.optimizer = Adam(self.model.parameters(), lr=lr)
        self.batch_size = batch_size
        self.losses = []
        self.options = {"data": DATA[data], "hidden_units": hidden_units, "activation": activation}
        self.options |= {"lr": lr, "batch_size": batch_size, "classes": self.classes}
        low, high = self.X.min(axis=0), self.X.max(axis=0)
        self.center, self.reach = (low + high) / 2, MARGIN * (high - low).max() / 2
        axis = np.linspace(-self.reach, self.reach, SIDE)
        # The plane's points, row by row, from the top.
        plane = np.stack(np.meshgrid(axis, -axis), axis=-1) + self.center
        self.plane = plane.reshape(-1, 2).astype(np.float32)  # (SIDE², 2)

    def epoch(self):
        """Train for one epoch: the generator and the optimizer go on where they stopped."""
        run = {"epochs": 1, "batch_size": self.batch_size, "rng": self.rng, "progress": False}
        history = fit(self.model, self.loss_fn, self.optimizer, self.X, self.y, **run)
        self.losses += history.loss

    def code(self):
        """Return the lines that do the same."""
        return CODE.format(**self.options, epochs=len(self.losses))

    def points(self):
        """Return the examples, in fractions of the picture's width and height, and classes."""
        places = (self.X - self.center) * [1, -1] / (2 * self.reach) + 0.5
        return places.round(4).tolist(), self.y.tolist()

    def picture(self):
        """Return what the network says of the plane, and each first-layer unit, as bytes.

        Returns
        -------
        p : numpy.ndarray, uint8 (SIDE², classes)
            The probability of each class, 255 for 1.
        units : numpy.ndarray, int8 (hidden units, SIDE²)
            Each unit's activation, 127 for the largest of the unit, by its absolute value.
        """
        first, activation, *others = self.model.layers
        units = logits = activation(first(self.plane))  # (SIDE², H)
        for layer in others:
            logits = layer(logits)
        largest = np.abs(units).max(axis=0) + np.float32(1e-9)
        p = np.rint(255 * softmax(logits)).astype(np.uint8)
        return p, np.ascontiguousarray(np.rint(127 * units / largest).astype(np.int8).T)


def start(**options):
    """Begin anew; return what the page needs to know once, and the untrained network."""
    global training
    training = Training(**options)
    points, classes = training.points()
    return {"points": points, "labels": classes, "side": SIDE} | shown()


def epoch():
    """Train for one epoch; return the network after it."""
    training.epoch()
    return shown()


def shown():
    p, units = training.picture()
    return {
        "epoch": len(training.losses),
        "loss": training.losses[-1] if training.losses else None,
        "accuracy": accuracy(training.model(training.X), training.y),
        "code": training.code(),
        "p": p.ravel(),  # one row after the other
        "units": units.ravel(),
    }
