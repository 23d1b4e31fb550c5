"""Layers: the pieces an MLP is made of. Every layer keeps one contract::

    y  = layer(x)            # forward: compute y, remember what backward needs
    dx = layer.backward(dy)  # backward: fill p.grad for each parameter, return dx

``dy`` is short for ∂L/∂y, the gradient of the loss, and has the shape of y. N is the batch size, D
the features going in, H those coming out. A layer never writes to an array it was given; backward()
overwrites the gradients of the step before, so there is no zero_grad() to forget. Errors: ValueError
for a wrong shape or dtype, RuntimeError for backward before forward.
"""

import copy

import numpy as np

from . import initializers

__all__ = (
    "Parameter Module Linear ReLU LeakyReLU Sigmoid Tanh Dropout BatchNorm Residual Sequential mlp"
).split()


def as_float(x):
    """Return x as a float array: float32 and float64 as they are, the rest promoted with float32."""
    x = np.asarray(x)
    if x.dtype.kind not in "biuf":
        raise ValueError(f"expected an array of real numbers, got dtype {x.dtype}")
    return x.astype(np.result_type(x.dtype, np.float32), copy=False)


def sigmoid(x):
    """σ(x) = 1/(1 + e⁻ˣ); the exponent is never positive, so it cannot overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


class Parameter:
    """A trainable array, ``data``, and ∂L/∂data, ``grad``, of the same shape and dtype.

    >>> Parameter(np.ones((2, 3))).grad.tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """

    def __init__(self, data):
        self.data = as_float(data)
        self.grad = np.zeros_like(self.data)


class Module:
    """y = forward(x), dx = backward(dy): a subclass writes these two; the rest is bookkeeping.

    forward ends in ``return self._remember(y, …)`` with whatever backward will need; backward
    begins with ``dy, … = self._recall(dy)``, which checks dy's shape and gives it back.

    >>> ReLU().training, ReLU().eval().training, ReLU().parameters()
    (True, False, [])
    """

    training = True
    _memory = None

    def __call__(self, x):
        return self.forward(x)

    def children(self):
        """Return the modules that this one holds, as attributes or in lists."""
        held = [v if isinstance(v, list) else [v] for v in vars(self).values()]
        return [v for values in held for v in values if isinstance(v, Module)]

    def modules(self):
        """Yield this module and every one nested inside it, in order."""
        yield self
        for child in self.children():
            yield from child.modules()

    def named_parameters(self, prefix=""):
        """Yield each Parameter with its path: ``weight``, ``0.weight``, ``1.0.bias``, …"""
        for name, value in vars(self).items():
            if isinstance(value, Parameter):
                yield prefix + name, value
        for i, child in enumerate(self.children()):
            yield from child.named_parameters(f"{prefix}{i}.")

    def parameters(self):
        """Return every Parameter, in order."""
        return [p for _, p in self.named_parameters()]

    def train(self, mode=True):
        """Switch to training mode, or to evaluation mode with ``mode=False``; return self."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self):
        """Switch to evaluation mode: dropout passes all, batch norm is frozen; return self."""
        return self.train(False)

    def astype(self, dtype):
        """Return a deep copy that holds every array, gradients too, in this dtype."""
        twin = copy.deepcopy(self)
        for module in twin.modules():
            module._memory = None
            for name, value in vars(module).items():
                if isinstance(value, Parameter):
                    value.data, value.grad = value.data.astype(dtype), value.grad.astype(dtype)
                elif isinstance(value, np.ndarray):
                    setattr(module, name, value.astype(dtype))
        return twin

    def _remember(self, y, *memory):
        self._memory = (y.shape, y.dtype, *memory)
        return y

    def _recall(self, dy):
        if self._memory is None:
            raise RuntimeError(f"{self} expects a forward before backward, got none")
        shape, dtype, *memory = self._memory
        dy = as_float(dy).astype(dtype, copy=False)
        if dy.shape != shape:
            raise ValueError(f"{self} expects dy of the output's shape {shape}, got {dy.shape}")
        return dy, *memory

    def __repr__(self):
        return f"{type(self).__name__}()"


class Linear(Module):
    r"""Fully connected layer, :math:`y = xW + b`: x (N, D), N ≥ 1, W (D, H), b (H,), y (N, H).

    ``weight_init(D, H, rng)`` draws ``weight``, the transpose of ``torch.nn.Linear.weight``, so that
    the code reads like the formula; ``bias`` starts at zero. Chapter 3 derives

    .. math:: dW = x^\top dy, \qquad db = \textstyle\sum_n dy_n, \qquad dx = dy\,W^\top.

    Source: Goodfellow, Bengio & Courville (2016), section 6.5.

    >>> layer = Linear(784, 10, rng=np.random.default_rng(0))
    >>> layer(np.ones((32, 784), dtype=np.float32)).shape
    (32, 10)
    """

    def __init__(self, in_features, out_features, *, rng, weight_init=initializers.he_normal):
        wanted = (in_features, out_features)
        if min(wanted) < 1:
            raise ValueError(f"Linear expects in_features and out_features ≥ 1, got {wanted}")
        W = np.array(weight_init(in_features, out_features, rng), dtype=np.float32)
        if W.shape != wanted:
            raise ValueError(f"Linear expects weight_init to return shape {wanted}, got {W.shape}")
        self.weight = Parameter(W)
        self.bias = Parameter(np.zeros(out_features, dtype=np.float32))

    def forward(self, x):
        x, W, b = as_float(x), self.weight.data, self.bias.data
        if x.ndim != 2 or x.shape[1] != len(W) or len(x) == 0:
            raise ValueError(f"{self} expects x of shape (N, {len(W)}), N ≥ 1, got {x.shape}")
        y = x @ W
        y += b
        return self._remember(y, x)

    def backward(self, dy, *, input_grad=True):
        """Map dy (N, H) to dx (N, D); a first layer can spare that work: input_grad=False."""
        dy, x = self._recall(dy)
        np.matmul(x.T, dy, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
        return (dy @ self.weight.data.T).astype(x.dtype, copy=False) if input_grad else None

    def __repr__(self):
        return "Linear({}, {})".format(*self.weight.data.shape)


class ReLU(Module):
    r"""Rectified linear unit, :math:`y = \max(x, 0)`, elementwise, any shape.

    :math:`dx = dy` where :math:`x > 0`, else 0 (at the kink too). Source: Nair & Hinton (2010).

    >>> relu = ReLU()
    >>> relu(np.array([-2.0, 0.0, 3.0])), relu.backward(np.ones(3))
    (array([0., 0., 3.]), array([0., 0., 1.]))
    """

    def forward(self, x):
        y = np.maximum(as_float(x), 0)
        return self._remember(y, y)

    def backward(self, dy):
        dy, y = self._recall(dy)
        return dy * (y > 0)


class LeakyReLU(Module):
    r"""Leaky rectifier, :math:`y = x` where :math:`x > 0`, else :math:`s\,x`, elementwise, any shape.

    :math:`dx = dy` where :math:`x > 0`, else :math:`s\,dy`. Source: Maas, Hannun & Ng (2013).

    >>> leaky = LeakyReLU(0.1)
    >>> leaky(np.array([-2.0, 3.0])), leaky.backward(np.ones(2))
    (array([-0.2,  3. ]), array([0.1, 1. ]))
    """

    def __init__(self, negative_slope=0.01):
        self.negative_slope = float(negative_slope)

    def forward(self, x):
        x = as_float(x)
        return self._remember(np.where(x > 0, x, self.negative_slope * x), x)

    def backward(self, dy):
        dy, x = self._recall(dy)
        return np.where(x > 0, dy, self.negative_slope * dy)


class Sigmoid(Module):
    r"""Logistic function, :math:`y = \sigma(x) = 1/(1 + e^{-x})`, elementwise, any shape.

    :math:`dx = dy \odot y(1 - y)`, at most dy/4. Source: Rumelhart, Hinton & Williams (1986).

    >>> layer = Sigmoid()
    >>> layer(np.array([-1000.0, 0.0, 1000.0])), layer.backward(np.ones(3))
    (array([0. , 0.5, 1. ]), array([0.  , 0.25, 0.  ]))
    """

    def forward(self, x):
        y = sigmoid(as_float(x))
        return self._remember(y, y)

    def backward(self, dy):
        dy, y = self._recall(dy)
        return dy * y * (1 - y)


class Tanh(Module):
    r"""Hyperbolic tangent, :math:`y = \tanh x`, elementwise, any shape.

    :math:`dx = dy \odot (1 - y^2)`. Source: LeCun et al. (1998), *Efficient BackProp*.

    >>> layer = Tanh()
    >>> layer(np.array([0.0, 1000.0])), layer.backward(np.ones(2))
    (array([0., 1.]), array([1., 0.]))
    """

    def forward(self, x):
        y = np.tanh(as_float(x))
        return self._remember(y, y)

    def backward(self, dy):
        dy, y = self._recall(dy)
        return dy * (1 - y * y)


class Dropout(Module):
    r"""Inverted dropout, :math:`y = m \odot x`, m = 0 with probability p, else 1/(1 − p); any shape.

    :math:`dx = m \odot dy`, with the mask of the forward pass. The scale keeps the mean of y at x,
    so that in evaluation y = x. p lies in [0, 1), else ValueError. Source: Srivastava et al. (2014).

    >>> dropout = Dropout(0.5, rng=np.random.default_rng(0))
    >>> sorted(set(dropout(np.ones(100)).tolist())), dropout.eval()(np.ones(3))
    ([0.0, 2.0], array([1., 1., 1.]))
    """

    def __init__(self, p, *, rng):
        if not 0 <= p < 1:
            raise ValueError(f"Dropout expects p, the probability of dropping, in [0, 1), got {p}")
        self.p, self.rng = float(p), rng

    def forward(self, x):
        x = as_float(x)
        mask = (self.rng.random(x.shape) >= self.p) / (1 - self.p) if self.training else np.ones(())
        mask = mask.astype(x.dtype)
        return self._remember(x * mask, mask)

    def backward(self, dy):
        dy, mask = self._recall(dy)
        return dy * mask


class BatchNorm(Module):
    r"""Batch normalization, :math:`y = w\hat x + b`, :math:`\hat x = (x - \mu)/\sqrt{v + \varepsilon}`.

    In training μ and v are the mean and (biased) variance over the batch, x (N, D), N ≥ 2, and
    ``running_mean`` and ``running_var`` (unbiased) move towards them by ``momentum``; in evaluation
    those are used. All is as in ``torch.nn.BatchNorm1d``. Source: Ioffe & Szegedy (2015).

    .. math:: dx = \frac{d\hat x - \overline{d\hat x} - \hat x\,\overline{d\hat x\,\hat x}}
              {\sqrt{v + \varepsilon}}, \qquad d\hat x = w\,dy, \text{ the bar a mean over the batch.}

    >>> layer = BatchNorm(1)
    >>> layer(np.array([[1.0], [3.0]])).round(3).tolist(), layer.running_mean
    ([[-1.0], [1.0]], array([0.2], dtype=float32))
    """

    def __init__(self, num_features, *, eps=1e-5, momentum=0.1):
        one = np.ones(num_features, dtype=np.float32)
        self.weight, self.bias = Parameter(one), Parameter(0 * one)
        self.running_mean, self.running_var = 0 * one, one.copy()
        self.eps, self.momentum = float(eps), float(momentum)

    def forward(self, x):
        x, D, least = as_float(x), len(self.bias.data), 2 if self.training else 1
        if x.ndim != 2 or x.shape[1] != D or len(x) < least:
            raise ValueError(f"{self} expects x of shape (N, {D}), N ≥ {least}, got {x.shape}")
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var, N = x.mean(axis=0), x.var(axis=0), len(x)
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var * (N / (N - 1)) - self.running_var)
        std = np.sqrt(var + self.eps)
        x_hat = (x - mean) / std
        return self._remember(self.weight.data * x_hat + self.bias.data, x_hat, std, self.training)

    def backward(self, dy):
        dy, x_hat, std, training = self._recall(dy)
        np.sum(dy * x_hat, axis=0, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
        dx_hat = dy * self.weight.data
        if training:
            dx_hat = dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)
        return (dx_hat / std).astype(x_hat.dtype, copy=False)

    def __repr__(self):
        return f"BatchNorm({len(self.bias.data)})"


class Sequential(Module):
    """y = fₖ(… f₂(f₁(x))): layers applied one after another, backward in reverse.

    Each layer may stand in one place only: it remembers one input.

    >>> Sequential(Sigmoid(), ReLU())(np.array([0.0]))
    array([0.5])
    """

    def __init__(self, *layers):
        self.layers = list(layers)
        modules = list(self.modules())
        if not layers or len(set(modules)) < len(modules):
            raise ValueError(f"{type(self).__name__} expects distinct layers, got {layers}")

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, dy, *, input_grad=True):
        first, *rest = self.layers
        for layer in reversed(rest):
            dy = layer.backward(dy)
        spare = {"input_grad": input_grad} if isinstance(first, (Linear, Sequential)) else {}
        dx = first.backward(dy, **spare)
        return dx if input_grad else None

    def __repr__(self):
        return "{}({})".format(type(self).__name__, ", ".join(map(repr, self.layers)))


class Residual(Sequential):
    """y = x + f(x), f the layers in a row: the identity carries the gradient past them.

    dx = dy + f.backward(dy). f(x) must have the shape of x. Source: He et al. (2016).

    >>> block = Residual(Linear(2, 2, rng=np.random.default_rng(0), weight_init=initializers.zeros))
    >>> block(np.array([[1.0, 2.0]])), block.backward(np.array([[3.0, 4.0]]))
    (array([[1., 2.]]), array([[3., 4.]]))
    """

    def forward(self, x):
        x = as_float(x)
        f = super().forward(x)
        if f.shape != x.shape:
            raise ValueError(f"{self} expects f(x) of the shape of x, {x.shape}, got {f.shape}")
        return self._remember(x + f, x.dtype)

    def backward(self, dy, *, input_grad=True):
        dy, dtype = self._recall(dy)
        dx = super().backward(dy, input_grad=input_grad)
        return (dy + dx).astype(dtype, copy=False) if input_grad else None


def mlp(sizes, *, rng, activation=ReLU, weight_init=initializers.he_normal):
    """Linear layers sizes[0] → sizes[1] → … (two sizes or more), activation() between them.

    >>> mlp([784, 128, 10], rng=np.random.default_rng(0))
    Sequential(Linear(784, 128), ReLU(), Linear(128, 10))
    """
    sizes, layers = list(sizes), []
    if len(sizes) < 2:
        raise ValueError(f"mlp expects at least an input and an output size, got {sizes}")
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        layers += [Linear(fan_in, fan_out, rng=rng, weight_init=weight_init), activation()]
    return Sequential(*layers[:-1])
