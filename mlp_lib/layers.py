"""Layers: ``y = layer(x)``, then ``dx = layer.backward(dy)``, which fills each parameter's grad.

``dy`` is short for ∂L/∂y, the gradient of the loss, and has y's shape. N is the batch size, D the
features going in, H those coming out. A layer never writes to an array it was given, and
backward() overwrites the gradients of the step before, so there is no zero_grad() to forget.
"""

import copy

import numpy as np

from . import initializers

__all__ = (
    "Parameter Module Linear ReLU LeakyReLU Sigmoid Tanh Dropout BatchNorm Residual Sequential mlp"
).split()


def expect(true, wanted, *got):
    """Raise a ValueError that names what was wanted and what came, unless true holds.

    Parameters
    ----------
    true : bool
    wanted : str
    *got
        Whatever can be printed; it is written out only when it is wanted.

    Raises
    ------
    ValueError
        true is False.
    """
    if not true:
        raise ValueError(f"expected {wanted}, got {' and '.join(map(str, got))}")


def as_float(x):
    """Return x as a float array: float32 and float64 as they are, the rest promoted with float32.

    Parameters
    ----------
    x : array_like of real numbers

    Returns
    -------
    numpy.ndarray
        x itself where it is a float array already.

    Raises
    ------
    ValueError
        x does not hold real numbers.
    """
    x = np.asarray(x)
    expect(x.dtype.kind in "biuf", "an array of real numbers", x.dtype)
    return x.astype(np.result_type(x.dtype, np.float32), copy=False)


def sigmoid(x):
    """σ(x) = 1/(1 + e⁻ˣ), written so that the exponent is never positive: it cannot overflow.

    Parameters
    ----------
    x : numpy.ndarray of floats

    Returns
    -------
    numpy.ndarray
        Of x's shape and dtype.
    """
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


class Parameter:
    """A trainable array θ, ``data``, beside its gradient ∂L/∂θ, ``grad``.

    Parameters
    ----------
    data : array_like of real numbers, any shape

    Attributes
    ----------
    data : numpy.ndarray
    grad : numpy.ndarray
        Of data's shape and dtype; zeros until the first backward.

    Examples
    --------
    >>> Parameter(np.ones((2, 3))).grad.tolist()
    [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]
    """

    def __init__(self, data):
        self.data = as_float(data)
        self.grad = np.zeros_like(self.data)


class Module:
    """y = forward(x), dx = backward(dy): a subclass writes these two; the rest is bookkeeping.

    ``forward`` ends with ``return self._remember(y, …)``, which keeps what backward will need, and
    ``backward`` begins with ``dy, … = self._recall(dy)``, which checks dy and gives it back.

    Attributes
    ----------
    training : bool
        True at first; dropout and batch normalization behave otherwise in evaluation.

    Examples
    --------
    >>> class Double(Module):
    ...     def forward(self, x):
    ...         return self._remember(2 * x)
    ...
    ...     def backward(self, dy):
    ...         (dy,) = self._recall(dy)
    ...         return 2 * dy
    >>> double = Double()
    >>> double(np.ones(2)).tolist(), double.backward(np.ones(2)).tolist()
    ([2.0, 2.0], [2.0, 2.0])
    """

    training = True
    _memory = None

    def __call__(self, x):
        """y = forward(x): the module is called like a function.

        Parameters
        ----------
        x : array_like

        Returns
        -------
        numpy.ndarray
        """
        return self.forward(x)

    def forward(self, x):
        """y = f(x): what a subclass computes; it remembers what its backward will need.

        Parameters
        ----------
        x : array_like
            A batch, one example a row.

        Returns
        -------
        y : numpy.ndarray
            A new array, sharing no memory with x.

        Raises
        ------
        NotImplementedError
            A subclass has to write it.
        """
        raise NotImplementedError(f"{self} expects its class to define forward(x), got none")

    def backward(self, dy):
        """dx = dy · ∂y/∂x: the gradient on its way back; fills each parameter's grad.

        Parameters
        ----------
        dy : array_like
            ∂L/∂y, of the shape of the last forward's y.

        Returns
        -------
        dx : numpy.ndarray
            ∂L/∂x, of the shape of the last forward's x.

        Raises
        ------
        RuntimeError
            No forward came before.
        ValueError
            dy has not the shape of y.
        NotImplementedError
            A subclass has to write it.
        """
        raise NotImplementedError(f"{self} expects its class to define backward(dy), got none")

    def named_modules(self, path=""):
        """Yield (path, module) for this module, "", then for all inside it: "0.", "1.", "1.0.", …

        Parameters
        ----------
        path : str
            What each path begins with.

        Yields
        ------
        tuple of str and Module
        """
        yield path, self
        held = []
        for value in vars(self).values():
            held += value if isinstance(value, list) else [value]
        children = [value for value in held if isinstance(value, Module)]
        for i, child in enumerate(children):
            yield from child.named_modules(f"{path}{i}.")

    def named_parameters(self):
        """Yield (path, parameter) for each Parameter: "weight", "0.weight", "1.0.bias", …

        Yields
        ------
        tuple of str and Parameter
        """
        for path, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, Parameter):
                    yield path + name, value

    def parameters(self):
        """Return every Parameter θ of this module and of those inside it, in order.

        Returns
        -------
        list of Parameter
        """
        return [parameter for _, parameter in self.named_parameters()]

    def train(self, mode=True):
        """training ← mode, in this module and in all inside it.

        Parameters
        ----------
        mode : bool

        Returns
        -------
        Module
            The module itself.
        """
        for _, module in self.named_modules():
            module.training = mode
        return self

    def eval(self):
        """training ← False: dropout lets everything pass, batch normalization is frozen.

        Returns
        -------
        Module
            The module itself.
        """
        return self.train(False)

    def astype(self, dtype):
        """Return a deep copy that holds every array θ, and every gradient, in another dtype.

        Parameters
        ----------
        dtype : numpy dtype

        Returns
        -------
        Module
        """
        twin = copy.deepcopy(self)
        for _, holder in [*twin.named_modules(), *twin.named_parameters()]:
            for name, value in vars(holder).items():
                if isinstance(value, np.ndarray):
                    setattr(holder, name, value.astype(dtype))
        return twin

    def _remember(self, y, *memory):
        """Keep what backward will need, with y's shape and dtype; return y."""
        self._memory = (y.shape, y.dtype, *memory)
        return y

    def _recall(self, dy):
        """Return dy, checked and in y's dtype, then all that was remembered."""
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
    r"""Fully connected layer, :math:`y = xW + b`.

    Parameters
    ----------
    in_features, out_features : int
        D and H.
    rng : numpy.random.Generator
        Draws the initial weights; the bias starts at zero.
    weight_init : callable
        An initializer: maps (D, H, rng) to a (D, H) array.

    Attributes
    ----------
    weight : Parameter, (D, H)
        W, the transpose of PyTorch's, so that the code reads like the formula.
    bias : Parameter, (H,)

    Raises
    ------
    ValueError
        weight_init returns another shape.

    Notes
    -----
    Chapter 4 derives :math:`dW = x^\top dy`, :math:`db = \sum_n dy_n` and :math:`dx = dy\,W^\top`.
    Source: Goodfellow, Bengio & Courville (2016), section 6.5.

    Examples
    --------
    >>> Linear(784, 10, rng=np.random.default_rng(0))(np.ones((32, 784))).shape
    (32, 10)
    """

    def __init__(self, in_features, out_features, *, rng, weight_init=initializers.he_normal):
        shape = (in_features, out_features)
        W = np.array(weight_init(in_features, out_features, rng), dtype=np.float32)
        expect(W.shape == shape, f"weight_init of shape {shape}", W.shape)
        self.weight = Parameter(W)
        self.bias = Parameter(np.zeros(out_features, dtype=np.float32))

    def forward(self, x):
        """y = x W + b; remembers x.

        Parameters
        ----------
        x : array_like, (N, D)
            N ≥ 1.

        Returns
        -------
        y : numpy.ndarray, (N, H)

        Raises
        ------
        ValueError
            x has another shape.
        """
        x = as_float(x)
        W, b = self.weight.data, self.bias.data
        D = len(W)
        if x.ndim != 2 or x.shape[1] != D or len(x) == 0:
            raise ValueError(f"{self} expects x of shape (N, {D}), N ≥ 1, got {x.shape}")
        y = x @ W + b
        return self._remember(y, x)

    def backward(self, dy, *, input_grad=True):
        """dW = xᵀ dy, db = Σₙ dyₙ, dx = dy Wᵀ.

        Parameters
        ----------
        dy : array_like, (N, H)
        input_grad : bool
            False spares a first layer the work of dx, which nobody asks for.

        Returns
        -------
        dx : numpy.ndarray, (N, D)
            None without input_grad.

        Raises
        ------
        RuntimeError, ValueError
            As Module.backward.
        """
        dy, x = self._recall(dy)
        W = self.weight.data
        np.matmul(x.T, dy, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
        return (dy @ W.T).astype(x.dtype, copy=False) if input_grad else None

    def __repr__(self):
        return "Linear({}, {})".format(*self.weight.data.shape)


class _Elementwise(Module):
    """y = f(x), dx = dy ⊙ f′(x): a subclass's forward remembers the slope f′(x)."""

    def backward(self, dy):
        """dx = dy ⊙ f′(x), elementwise.

        Parameters
        ----------
        dy : array_like
            Of x's shape.

        Returns
        -------
        dx : numpy.ndarray
            Of x's shape.

        Raises
        ------
        RuntimeError, ValueError
            As Module.backward.
        """
        dy, slope = self._recall(dy)
        return dy * slope


class ReLU(_Elementwise):
    """Rectified linear unit, y = max(x, 0), of slope 1 where x > 0, else 0.

    Notes
    -----
    At the kink, x = 0, the slope is taken to be 0. Source: Nair & Hinton (2010).

    Examples
    --------
    >>> ReLU()(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """

    def forward(self, x):
        """y = max(x, 0); remembers where x > 0.

        Parameters
        ----------
        x : array_like, any shape

        Returns
        -------
        y : numpy.ndarray
            Of x's shape.
        """
        x = as_float(x)
        slope = x > 0
        return self._remember(np.maximum(x, 0), slope)


class LeakyReLU(_Elementwise):
    """Leaky rectifier, y = s x, of slope s = 1 where x > 0, else negative_slope.

    Parameters
    ----------
    negative_slope : float

    Notes
    -----
    Source: Maas, Hannun & Ng (2013).

    Examples
    --------
    >>> LeakyReLU(negative_slope=0.1)(np.array([-2.0, 3.0]))
    array([-0.2,  3. ])
    """

    def __init__(self, negative_slope=0.01):
        self.negative_slope = float(negative_slope)

    def forward(self, x):
        """y = s x, s = 1 where x > 0, else negative_slope; remembers s.

        Parameters
        ----------
        x : array_like, any shape

        Returns
        -------
        y : numpy.ndarray
            Of x's shape.
        """
        x = as_float(x)
        slope = np.where(x > 0, 1, self.negative_slope).astype(x.dtype)
        return self._remember(slope * x, slope)


class Sigmoid(_Elementwise):
    r"""Logistic function, :math:`y = 1/(1 + e^{-x})`, of slope y(1 − y).

    Notes
    -----
    Source: Rumelhart, Hinton & Williams (1986).

    Examples
    --------
    >>> Sigmoid()(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """

    def forward(self, x):
        """y = 1/(1 + e⁻ˣ); remembers the slope y(1 − y).

        Parameters
        ----------
        x : array_like, any shape

        Returns
        -------
        y : numpy.ndarray
            Of x's shape.
        """
        y = sigmoid(as_float(x))
        slope = y * (1 - y)
        return self._remember(y, slope)


class Tanh(_Elementwise):
    r"""Hyperbolic tangent, :math:`y = \tanh x`, of slope 1 − y².

    Notes
    -----
    Source: LeCun, Bottou, Orr & Müller (1998).

    Examples
    --------
    >>> Tanh()(np.array([0.0, 1000.0]))
    array([0., 1.])
    """

    def forward(self, x):
        """y = tanh x; remembers the slope 1 − y².

        Parameters
        ----------
        x : array_like, any shape

        Returns
        -------
        y : numpy.ndarray
            Of x's shape.
        """
        y = np.tanh(as_float(x))
        slope = 1 - y * y
        return self._remember(y, slope)


class Dropout(_Elementwise):
    """Inverted dropout, y = m ⊙ x: m = 0 with probability p, else 1/(1 − p).

    Parameters
    ----------
    p : float
        The probability of dropping, 0 ≤ p < 1.
    rng : numpy.random.Generator
        Draws a new mask at each forward in training.

    Raises
    ------
    ValueError
        p lies outside [0, 1).

    Notes
    -----
    The scale 1/(1 − p) keeps the mean of y at x, so that in evaluation y = x.
    Source: Srivastava et al. (2014).

    Examples
    --------
    >>> sorted(set(Dropout(0.5, rng=np.random.default_rng(0))(np.ones(100)).tolist()))
    [0.0, 2.0]
    """

    def __init__(self, p, *, rng):
        expect(0 <= p < 1, "p, the probability of dropping, in [0, 1)", p)
        self.p = float(p)
        self.rng = rng

    def forward(self, x):
        """y = m ⊙ x in training, y = x in evaluation; remembers m.

        Parameters
        ----------
        x : array_like, any shape

        Returns
        -------
        y : numpy.ndarray
            Of x's shape.
        """
        x = as_float(x)
        m = np.ones((), dtype=x.dtype)
        if self.training:
            kept = self.rng.random(x.shape) >= self.p
            m = (kept / (1 - self.p)).astype(x.dtype)
        return self._remember(x * m, m)


class BatchNorm(Module):
    r"""Batch normalization, :math:`y = w\hat x + b`, with x̂ = (x − μ)/√(v + ε).

    Parameters
    ----------
    num_features : int
        D.
    eps : float
        ε, which keeps the root away from 0.
    momentum : float
        How far the running statistics move towards a batch's, in training.

    Attributes
    ----------
    weight, bias : Parameter, (D,)
        w and b.
    running_mean, running_var : numpy.ndarray, (D,)

    Notes
    -----
    In training μ and v are the batch's mean and (biased) variance, and the running mean and
    (unbiased) variance follow them; in evaluation μ and v are these running ones: all as in
    PyTorch. Backward, with :math:`d\hat x = w\,dy` and the bar a mean over the batch,

    .. math::

       dx = (d\hat x - \overline{d\hat x} - \hat x\,\overline{d\hat x\,\hat x})
       /\sqrt{v + \varepsilon}.

    Source: Ioffe & Szegedy (2015).

    Examples
    --------
    >>> BatchNorm(1)(np.array([[1.0], [3.0]])).round(3).tolist()
    [[-1.0], [1.0]]
    """

    def __init__(self, num_features, *, eps=1e-5, momentum=0.1):
        self.weight = Parameter(np.ones(num_features, dtype=np.float32))
        self.bias = Parameter(np.zeros(num_features, dtype=np.float32))
        self.running_mean = np.zeros(num_features, dtype=np.float32)
        self.running_var = np.ones(num_features, dtype=np.float32)
        self.eps = float(eps)
        self.momentum = float(momentum)

    def forward(self, x):
        """y = w x̂ + b, x̂ = (x − μ)/√(v + ε); remembers x̂ and the root.

        Parameters
        ----------
        x : array_like, (N, D)
            N ≥ 2 in training, N ≥ 1 in evaluation.

        Returns
        -------
        y : numpy.ndarray, (N, D)

        Raises
        ------
        ValueError
            x has another shape.
        """
        x = as_float(x)
        D = len(self.bias.data)
        least = 2 if self.training else 1
        if x.ndim != 2 or x.shape[1] != D or len(x) < least:
            raise ValueError(f"{self} expects x of shape (N, {D}), N ≥ {least}, got {x.shape}")
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            unbiased = var * (len(x) / (len(x) - 1))
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (unbiased - self.running_var)
        std = np.sqrt(var + self.eps)
        x_hat = (x - mean) / std
        y = self.weight.data * x_hat + self.bias.data
        return self._remember(y, x_hat, std, self.training)

    def backward(self, dy):
        """dw = Σₙ dyₙ x̂ₙ, db = Σₙ dyₙ, and dx as in the class's notes.

        Parameters
        ----------
        dy : array_like, (N, D)

        Returns
        -------
        dx : numpy.ndarray, (N, D)

        Raises
        ------
        RuntimeError, ValueError
            As Module.backward.
        """
        dy, x_hat, std, training = self._recall(dy)
        np.sum(dy * x_hat, axis=0, out=self.weight.grad)
        np.sum(dy, axis=0, out=self.bias.grad)
        dx_hat = dy * self.weight.data
        if training:  # μ and v depend on x as well
            dx_hat = dx_hat - dx_hat.mean(axis=0) - x_hat * (dx_hat * x_hat).mean(axis=0)
        return (dx_hat / std).astype(x_hat.dtype, copy=False)


class Sequential(Module):
    """y = fₖ(… f₂(f₁(x))): layers in a row, backward in reverse.

    Parameters
    ----------
    *layers : Module
        At least one; a layer remembers one input, so it may stand in one place only.

    Attributes
    ----------
    layers : list of Module

    Raises
    ------
    ValueError
        No layer, or one in two places.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), section 6.5.

    Examples
    --------
    >>> Sequential(Sigmoid(), ReLU())(np.array([0.0]))
    array([0.5])
    """

    def __init__(self, *layers):
        self.layers = list(layers)
        modules = [module for _, module in self.named_modules()]
        expect(layers and len(set(modules)) == len(modules), "distinct layers", layers)

    def forward(self, x):
        """y = fₖ(… f₂(f₁(x))).

        Parameters
        ----------
        x : array_like
            What the first layer takes.

        Returns
        -------
        y : numpy.ndarray
            What the last layer returns.

        Raises
        ------
        ValueError
            A layer refuses the shape of what reaches it.
        """
        for layer in self.layers:
            x = layer(x)
        return x

    def backward(self, dy, *, input_grad=True):
        """dx = f₁'s backward(… fₖ's backward(dy)): the layers in reverse.

        Parameters
        ----------
        dy : array_like
            Of y's shape.
        input_grad : bool
            False spares a first Linear layer the work of dx.

        Returns
        -------
        dx : numpy.ndarray
            Of x's shape; None without input_grad.

        Raises
        ------
        RuntimeError, ValueError
            As Module.backward.
        """
        first, *rest = self.layers
        for layer in reversed(rest):
            dy = layer.backward(dy)
        if not input_grad and isinstance(first, (Linear, Sequential)):
            return first.backward(dy, input_grad=False)
        dx = first.backward(dy)
        return dx if input_grad else None

    def __repr__(self):
        return f"{type(self).__name__}({', '.join(map(repr, self.layers))})"


class Residual(Sequential):
    """y = x + f(x), f the layers in a row; f(x) has to have x's shape.

    Parameters
    ----------
    *layers : Module
        At least one, as in Sequential.

    Attributes
    ----------
    layers : list of Module

    Raises
    ------
    ValueError
        No layer, or one in two places.

    Notes
    -----
    Source: He et al. (2016).

    Examples
    --------
    >>> Residual(ReLU())(np.array([-1.0, 2.0]))
    array([-1.,  4.])
    """

    def forward(self, x):
        """y = x + f(x).

        Parameters
        ----------
        x : array_like
            What the first layer takes.

        Returns
        -------
        y : numpy.ndarray
            Of x's shape.

        Raises
        ------
        ValueError
            f(x) has another shape than x.
        """
        x = as_float(x)
        f = super().forward(x)
        if f.shape != x.shape:
            raise ValueError(f"{self} expects f(x) of the shape of x, {x.shape}, got {f.shape}")
        return self._remember(x + f, x.dtype)

    def backward(self, dy, *, input_grad=True):
        """dx = dy + f's dx: the shortcut passes dy on as it is.

        Parameters
        ----------
        dy : array_like
            Of y's shape.
        input_grad : bool
            False spares a first Linear layer the work of dx.

        Returns
        -------
        dx : numpy.ndarray
            Of x's shape; None without input_grad.

        Raises
        ------
        RuntimeError, ValueError
            As Module.backward.
        """
        dy, dtype = self._recall(dy)
        df = super().backward(dy, input_grad=input_grad)
        return (dy + df).astype(dtype, copy=False) if input_grad else None


def mlp(sizes, *, rng, activation=ReLU, weight_init=initializers.he_normal):
    """Linear layers sizes[0] → sizes[1] → …, activation() between every two of them.

    Parameters
    ----------
    sizes : sequence of int
        Two or more: input, hidden ones, output.
    rng : numpy.random.Generator
        Draws the weights, layer by layer.
    activation : callable
        Returns a new activation layer; none follows the last Linear.
    weight_init : callable
        An initializer, as in Linear.

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        Fewer than two sizes.

    Notes
    -----
    Source: Goodfellow, Bengio & Courville (2016), chapter 6.

    Examples
    --------
    >>> mlp([784, 128, 10], rng=np.random.default_rng(0))
    Sequential(Linear(784, 128), ReLU(), Linear(128, 10))
    """
    sizes = list(sizes)
    expect(len(sizes) >= 2, "at least an input and an output size", sizes)
    layers = []
    for fan_in, fan_out in zip(sizes, sizes[1:]):
        layers += [Linear(fan_in, fan_out, rng=rng, weight_init=weight_init), activation()]
    return Sequential(*layers[:-1])
