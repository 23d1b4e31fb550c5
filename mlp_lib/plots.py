"""Plots: what a network computes, learns and remembers. Each draws on ``ax`` and returns it.

Without ``ax`` a new figure is made. Colors are told apart by shape or text as well.
"""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib.patches import FancyArrowPatch

from .layers import Linear

__all__ = [
    "activation_histograms",
    "computational_graph",
    "decision_boundary",
    "gradient_histograms",
    "history",
    "loss_grid",
    "loss_landscape",
    "weight_images",
]

COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442"]
MARKERS = ["o", "^", "s", "D", "v", "P", "X", "*"]


def _axes(ax):
    return plt.subplots()[1] if ax is None else ax


def decision_boundary(model, X, y, *, ax=None):
    """Class at each point of the plane, argmax of model's logits (or logit > 0), and the examples.

    Parameters
    ----------
    model : callable
        Maps points (M, 2) to logits (M, C), (M, 1) or (M,).
    X : array_like, (N, 2)
    y : array_like of int, (N,)
        From 0 to 7; a class has its color and its marker.
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        Other shapes, or other labels.

    Examples
    --------
    >>> from mlp_lib import make_xor, mlp
    >>> model = mlp([2, 3, 2], rng=np.random.default_rng(0))
    >>> decision_boundary(model, *make_xor()).get_xlabel()
    'x₁'
    """
    X, y = np.asarray(X), np.asarray(y).ravel()
    if X.ndim != 2 or X.shape[1] != 2 or y.shape != X.shape[:1]:
        raise ValueError(f"expected X (N, 2) and y (N,), got {X.shape} and {y.shape}")
    if y.min() < 0 or y.max() >= len(COLORS):
        raise ValueError(f"expected labels from 0 to {len(COLORS) - 1}, got {y.min()} to {y.max()}")
    ax = _axes(ax)
    low, high = X.min(axis=0), X.max(axis=0)
    margin = 0.15 * (high - low) + 1e-3
    x1, x2 = (np.linspace(a, b, 200) for a, b in zip(low - margin, high + margin))
    points = np.stack(np.meshgrid(x1, x2), axis=-1).reshape(-1, 2).astype(np.float32)
    output = np.asarray(model(points)).reshape(len(points), -1)
    region = output.argmax(axis=1) if output.shape[1] > 1 else output[:, 0] > 0
    classes = max(int(y.max()) + 1, output.shape[1], 2)
    ax.pcolormesh(
        x1, x2, region.reshape(200, 200), cmap=ListedColormap(COLORS[:classes]),
        vmin=-0.5, vmax=classes - 0.5, alpha=0.25, rasterized=True,
    )  # fmt: skip
    for c in np.unique(y):
        style = {"c": COLORS[c], "marker": MARKERS[c], "edgecolors": "#222222", "linewidths": 0.4}
        ax.scatter(*X[y == c].T, s=28, label=f"class {c}", **style)
    ax.set(xlabel="x₁", ylabel="x₂")
    ax.legend(loc="upper right", framealpha=0.9)
    return ax


def history(history, *, metric="loss", ax=None):
    """Loss or accuracy of each epoch: the training curve solid, the validation curve dashed.

    Parameters
    ----------
    history : History
    metric : str
        "loss" or "accuracy".
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        Another metric.

    Examples
    --------
    >>> from mlp_lib import History
    >>> past = History()
    >>> past.loss, past.val_loss = [1.0, 0.5], [1.1, 0.8]
    >>> len(history(past).lines)
    2
    """
    if metric not in ("loss", "accuracy"):
        raise ValueError(f"history expects metric 'loss' or 'accuracy', got {metric!r}")
    ax = _axes(ax)
    curves = [("training", metric, "-", "o"), ("validation", f"val_{metric}", "--", "s")]
    for (label, name, line, marker), color in zip(curves, COLORS):
        values = getattr(history, name)
        if values:
            epochs = np.arange(1, len(values) + 1)
            every = max(1, len(values) // 10)
            ax.plot(epochs, values, line, marker=marker, markevery=every, color=color, label=label)
    ax.set(xlabel="epoch", ylabel=metric)
    ax.legend()
    return ax


def _ridges(arrays, names, ax, what):
    """One smoothed histogram a row, each on its own scale, its standard deviation beside it."""
    for row, values in enumerate(arrays):
        values = np.asarray(values, dtype=np.float64).ravel()
        spread = float(np.abs(values).max()) or 1.0
        counts, edges = np.histogram(values / spread, bins=60, range=(-1, 1))
        heights = row + 0.85 * np.sqrt(counts / counts.max())
        ax.stairs(heights, edges, baseline=row, fill=True, color=COLORS[row % 6], alpha=0.75)
        ax.text(1.04, row + 0.15, f"std {values.std():.1e}, max {spread:.1e}", fontsize=8)
    ax.set_yticks(np.arange(len(names)) + 0.2, names)
    ax.invert_yaxis()
    ax.set_ylim(len(names), -0.1)
    ax.set(xlim=(-1, 1), xlabel=f"{what} ÷ the layer's largest")
    return ax


def activation_histograms(model, x, *, ax=None):
    """Histogram of each layer's output a = layer(… (x)): one row a layer, the first on top.

    Parameters
    ----------
    model : Sequential
    x : array_like
        What the model takes.
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    Each row has its own scale, written beside it; heights are square roots of counts, so that
    tails can be seen.

    Examples
    --------
    >>> from mlp_lib import mlp
    >>> rng = np.random.default_rng(0)
    >>> ax = activation_histograms(mlp([3, 5, 2], rng=rng), rng.standard_normal((20, 3)))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['0: Linear', '1: ReLU', '2: Linear']
    """
    outputs, names = [], []
    for i, layer in enumerate(model.layers):
        x = layer(x)
        outputs.append(x)
        names.append(f"{i}: {type(layer).__name__}")
    return _ridges(outputs, names, _axes(ax), "output")


def gradient_histograms(model, *, ax=None):
    """Histogram of ∂L/∂W for each weight matrix, after a backward: one row a matrix.

    Parameters
    ----------
    model : Module
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        The model holds no Linear layer.

    Notes
    -----
    Scales as in activation_histograms.

    Examples
    --------
    >>> from mlp_lib import mlp
    >>> model = mlp([3, 5, 2], rng=np.random.default_rng(0))
    >>> dx = model.backward(model(np.ones((4, 3))))
    >>> len(gradient_histograms(model).get_yticklabels())
    2
    """
    linears = [m for _, m in model.named_modules() if isinstance(m, Linear)]
    if not linears:
        raise ValueError(f"gradient_histograms expects a model with Linear layers, got {model}")
    gradients = [m.weight.grad for m in linears]
    return _ridges(gradients, [f"dW{i + 1}" for i in range(len(linears))], _axes(ax), "gradient")


def weight_images(weight, *, shape=(28, 28), columns=8, count=None, ax=None):
    """Columns of W (D, H), one a unit, as pictures of the given shape: what input each unit likes.

    Parameters
    ----------
    weight : array_like, (D, H)
    shape : pair of int
        Height and width of a picture, of product D.
    columns : int
        How many pictures stand in a row.
    count : int
        How many are shown, from the first on; all by default.
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        D is not height·width.

    Notes
    -----
    Red is positive, blue negative, white 0, each picture on its own scale.

    Examples
    --------
    >>> weight_images(np.ones((784, 10)), columns=5).images[0].get_array().shape
    (59, 146)
    """
    weight = np.asarray(weight)
    if weight.ndim != 2 or len(weight) != shape[0] * shape[1]:
        raise ValueError(f"expected weight ({shape[0] * shape[1]}, H), got {weight.shape}")
    ax = _axes(ax)
    images = weight.T[:count].reshape(-1, *shape)
    height, width = shape[0] + 1, shape[1] + 1
    rows = -(-len(images) // columns)
    canvas = np.full((rows * height + 1, columns * width + 1), np.nan)
    for i, image in enumerate(images):
        top, left = (i // columns) * height + 1, (i % columns) * width + 1
        canvas[top : top + shape[0], left : left + shape[1]] = image / (np.abs(image).max() or 1)
    ax.imshow(canvas, cmap="RdBu_r", vmin=-1, vmax=1, interpolation="nearest")
    ax.set_axis_off()
    return ax


def computational_graph(nodes, edges, *, values=None, gradients=None, ax=None):
    """A graph of values: nodes {name: (x, y)}, edges [(from, to)], read from left to right.

    Parameters
    ----------
    nodes : dict of str to (x, y)
    edges : list of (from, to)
    values, gradients : dict of str to str
        What is written above a node (forward), and below it (backward).
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        An edge between nodes that are not there.

    Examples
    --------
    >>> ax = computational_graph({"x": (0, 0), "y": (1, 0)}, [("x", "y")], values={"x": "3"})
    >>> [text.get_text() for text in ax.texts]
    ['x', '3', 'y']
    """
    unknown = {name for edge in edges for name in edge} - set(nodes)
    if unknown:
        raise ValueError(f"expected edges between {sorted(nodes)}, got {sorted(unknown)}")
    ax = _axes(ax)
    for start, end in edges:
        arrow = FancyArrowPatch(
            nodes[start], nodes[end], arrowstyle="-|>", mutation_scale=14, color="#555555",
            shrinkA=17, shrinkB=17,
        )  # fmt: skip
        ax.add_patch(arrow)
    notes = [(values or {}, COLORS[0], 22, "bottom"), (gradients or {}, "#A84300", -22, "top")]
    box = {"boxstyle": "circle,pad=0.35", "fc": "white", "ec": "black"}
    gap = {"pad": 1, "fc": "white", "ec": "none"}  # an arrow stops where a number stands
    for name, at in nodes.items():
        ax.text(*at, name, ha="center", va="center", bbox=box)
        for texts, color, offset, va in notes:
            if name in texts:
                ax.annotate(
                    texts[name], at, (0, offset), textcoords="offset points", ha="center", va=va,
                    color=color, fontweight="bold", bbox=gap,
                )  # fmt: skip
    x, y = zip(*nodes.values())
    ax.set(xlim=(min(x) - 0.5, max(x) + 0.5), ylim=(min(y) - 0.6, max(y) + 0.6))
    ax.set_axis_off()
    return ax


def loss_grid(loss, model, *, rng, radius=1.0, points=25):
    """The loss at θ + a·u + b·v, u and v random, as long as θ array by array.

    Parameters
    ----------
    loss : callable
        Maps the model to a float.
    model : Module
        Put back as it was.
    rng : numpy.random.Generator
        Draws u and v.
    radius : float
        The largest a and b.
    points : int
        How many values of a, and of b.

    Returns
    -------
    steps : ndarray of shape (points,)
        The values of a, and of b.
    losses : ndarray of shape (points, points)
        A row for each b, a column for each a.

    Notes
    -----
    Source: Li et al. (2018).

    Examples
    --------
    >>> from mlp_lib import mlp
    >>> model, rng = mlp([2, 2], rng=np.random.default_rng(0)), np.random.default_rng(1)
    >>> steps, losses = loss_grid(lambda m: 1.0, model, rng=rng, points=3)
    >>> steps.tolist(), losses.shape
    ([-1.0, 0.0, 1.0], (3, 3))
    """
    params = model.parameters()
    start = [p.data.copy() for p in params]
    u, v = ([_as_long_as(p, rng) for p in start] for _ in range(2))
    steps = np.linspace(-radius, radius, points)
    losses = np.empty((points, points))
    try:
        for i, b in enumerate(steps):
            for j, a in enumerate(steps):
                for p, p0, pu, pv in zip(params, start, u, v):
                    p.data[...] = p0 + a * pu + b * pv
                losses[i, j] = loss(model)
    finally:
        for p, p0 in zip(params, start):
            p.data[...] = p0
    return steps, losses


def loss_landscape(loss, model, *, rng, radius=1.0, points=25, ax=None):
    """Contours of loss(θ + a·u + b·v), u and v random, as long as θ array by array; a star marks θ.

    Parameters
    ----------
    loss : callable
        Maps the model to a float.
    model : Module
        Put back as it was.
    rng : numpy.random.Generator
        Draws u and v.
    radius : float
        The largest a and b.
    points : int
        How many values of a, and of b.
    ax : matplotlib Axes

    Returns
    -------
    matplotlib Axes

    Notes
    -----
    Source: Li et al. (2018).

    Examples
    --------
    >>> from mlp_lib import mlp
    >>> model = mlp([2, 2], rng=np.random.default_rng(0))
    >>> loss = lambda m: float((m.layers[0].weight.data ** 2).sum())
    >>> loss_landscape(loss, model, rng=np.random.default_rng(1), points=5).get_xlabel()
    'a, along u'
    """
    ax = _axes(ax)
    steps, losses = loss_grid(loss, model, rng=rng, radius=radius, points=points)
    contours = ax.contour(steps, steps, losses, levels=12, colors=COLORS[0], linewidths=1)
    ax.clabel(contours, fontsize=7)
    ax.plot(0, 0, "*", color=COLORS[1], markersize=12)
    ax.set(xlabel="a, along u", ylabel="b, along v", aspect="equal")
    return ax


def _as_long_as(array, rng):
    direction = rng.standard_normal(array.shape)
    return direction * np.linalg.norm(array) / np.linalg.norm(direction)
