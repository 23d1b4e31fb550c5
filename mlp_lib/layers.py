"""Layers: ``y = layer(x)``, then ``dx = layer.backward(dy)``, which fills each parameter's grad.

``dy`` is short for ∂L/∂y, and has y's shape. N is the batch size, D the features going in, H those coming
out. A layer never writes to an array it was given; backward() overwrites the gradients of the step before,
so there is no zero_grad() to forget. ValueError for a wrong shape, RuntimeError for no forward before it.
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
    forward returns ``self._remember(y, …)``, with whatever backward will need; backward begins with
    ``dy, … = self._recall(dy)``, which checks dy's shape and gives it back.

    >>> ReLU().training, ReLU().eval().training, ReLU().parameters()
    (True, False, [])
    """

    training = True
    _memory = None

    def __call__(self, x):
        return self.forward(x)

    def named_modules(self, path=""):
        """Yield this module, then all that it holds as attributes or in lists, with their paths."""
        yield path, self
        held = [v if isinstance(v, list) else [v] for v in vars(self).values()]
        for i, child in enumerate(v for values in held for v in values if isinstance(v, Module)):
            yield from child.named_modules(f"{path}{i}.")

    def named_parameters(self):
        """Yield each Parameter with its path: ``weight``, ``0.weight``, ``1.0.bias``, …"""
        for path, module in self.named_modules():
            yield from ((path + k, v) for k, v in vars(module).items() if isinstance(v, Parameter))

    def parameters(self):
        """Return every Parameter, in order."""
        return [parameter for _, parameter in self.named_parameters()]

    def train(self, mode=True):
        """Switch to training mode, or to evaluation mode (mode=False); return self."""
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self):
        """Switch to evaluation mode: dropout passes all, batch norm is frozen; return self."""
        return self.train(False)

    def astype(self, dtype):
        """Return a deep copy that holds every array, gradients too, in this dtype."""
        twin = copy.deepcopy(self)
        for _, holder in (*twin.named_modules(), *twin.named_parameters()):
            for name, value in vars(holder).items():
                if isinstance(value, np.ndarray):
                    setattr(holder, name, value.astype(dtype))
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
    :math:`dW = x^\top dy`, :math:`db = \sum_n dy_n`, :math:`dx = dy\,W^\top`, as chapter 4 derives.
    ``weight``, drawn by ``weight_init(D, H, rng)``, is the transpose of PyTorch's; ``bias`` starts at
    zero. Source: Goodfellow, Bengio & Courville (2016), section 6.5.

    >>> Linear(784, 10, rng=np.random.default_rng(0))(np.ones((32, 784))).shape
    (32, 10)
    """

    def __init__(self, in_features, out_features, *, rng, weight_init=initializers.he_normal):
        W = np.array(weight_init(in_features, out_features, rng), dtype=np.float32)
        if W.shape != (in_features, out_features):
            raise ValueError(f"expected weight_init of shape {(in_features, out_features)}, got {W.shape}")
        self.weight = Parameter(W)
        self.bias = Parameter(np.zeros(out_features, dtype=np.float32))

    def forward(self, x):
        x, W, b = as_float(x), self.weight.data, self.bias.data
        if x.ndim != 2 or x.shape[1] != len(W) or len(x) == 0:
            raise ValueError(f"{self} expects x of shape (N, {len(W)}), N ≥ 1, got {x.shape}")
        return self._remember(x @ W + b, x)

    def backward(self, dy, *, input_grad=True):
        """Map dy (N, H) to dx (N, D); a first layer can spare that work: input_grad=False."""
        dy, x = self._recall(dy)
        np.matmul(x.T, dy, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
        return (dy @ self.weight.data.T).astype(x.dtype, copy=False) if input_grad else None

    def __repr__(self):
        return "Linear({}, {})".format(*self.weight.data.shape)


class _Elementwise(Module):
    """y = f(x), dx = dy ⊙ f′(x), elementwise, any shape: ``f`` returns y and, beside it, f′(x)."""

    def forward(self, x):
        return self._remember(*self.f(as_float(x)))

    def backward(self, dy):
        dy, slope = self._recall(dy)
        return dy * slope


class ReLU(_Elementwise):
    r"""Rectified linear unit, y = max(x, 0), of slope 1 for x > 0, else 0. Source: Nair & Hinton (2010).

    >>> ReLU()(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """

    def f(self, x):
        return np.maximum(x, 0), x > 0


class LeakyReLU(_Elementwise):
    r"""Leaky rectifier, y = s·x, of slope s = 1 where x > 0, else negative_slope. Source: Maas et al. (2013).

    >>> LeakyReLU(negative_slope=0.1)(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    """

    def __init__(self, negative_slope=0.01):
        self.negative_slope = float(negative_slope)

    def f(self, x):
        slope = np.where(x > 0, 1, self.negative_slope).astype(x.dtype)
        return slope * x, slope


class Sigmoid(_Elementwise):
    r"""Logistic function, :math:`y = 1/(1 + e^{-x})`, of slope y(1 − y). Source: Rumelhart et al. (1986).

    >>> Sigmoid()(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """

    def f(self, x):
        y = sigmoid(x)
        return y, y * (1 - y)


class Tanh(_Elementwise):
    r"""Hyperbolic tangent, :math:`y = \tanh x`, of slope 1 − y². Source: LeCun et al. (1998).

    >>> Tanh()(np.array([0.0, 1000.0]))
    array([0., 1.])
    """

    def f(self, x):
        y = np.tanh(x)
        return y, 1 - y * y


class Dropout(_Elementwise):
    r"""Inverted dropout, :math:`y = m x`: m = 0 with probability p, else 1/(1 − p), in backward too.
    The scale keeps the mean of y at x, so that in evaluation y = x. Source: Srivastava et al. (2014).

    >>> sorted(set(Dropout(0.5, rng=np.random.default_rng(0))(np.ones(100)).tolist()))
    [0.0, 2.0]
    """

    def __init__(self, p, *, rng):
        if not 0 <= p < 1:
            raise ValueError(f"Dropout expects p, the probability of dropping, in [0, 1), got {p}")
        self.p, self.rng = float(p), rng

    def f(self, x):
        m = (self.rng.random(x.shape) >= self.p) / (1 - self.p) if self.training else np.ones(())
        m = m.astype(x.dtype)
        return x * m, m


class BatchNorm(Module):
    r"""Batch normalization, :math:`y = w\hat x + b`, :math:`\hat x = (x - \mu)/\sqrt{v + \varepsilon}`.
    :math:`dx = (d\hat x - \overline{d\hat x} - \hat x\,\overline{d\hat x\,\hat x})/\sqrt{v + \varepsilon}`,
    :math:`d\hat x = w\,dy`, the bar a mean over the batch. In training μ and v are the mean and (biased)
    variance over x (N, D), N ≥ 2, and ``running_mean`` and ``running_var`` (unbiased) move towards them by
    ``momentum``; in evaluation those are used, all as in PyTorch. Source: Ioffe & Szegedy (2015).

    >>> BatchNorm(1)(np.array([[1.0], [3.0]])).round(3).tolist()
    [[-1.0], [1.0]]
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


class Sequential(Module):
    """y = fₖ(… f₂(f₁(x))), backward in reverse. A layer remembers one input, so it stands in one place only.

    >>> Sequential(Sigmoid(), ReLU())(np.array([0.0]))
    array([0.5])
    """

    def __init__(self, *layers):
        self.layers = list(layers)
        modules = [module for _, module in self.named_modules()]
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
        spared = isinstance(first, (Linear, Sequential))
        dx = first.backward(dy, input_grad=input_grad) if spared else first.backward(dy)
        return dx if input_grad else None

    def __repr__(self):
        return "{}({})".format(type(self).__name__, ", ".join(map(repr, self.layers)))


class Residual(Sequential):
    """y = x + f(x), f the layers in a row, f(x) of x's shape: dx = dy + f's dx. Source: He et al. (2016).

    >>> Residual(ReLU())(np.array([-1.0, 2.0]))
    array([-1.,  4.])
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
