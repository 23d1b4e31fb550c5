"""The library, broken on purpose: each way is one place in its source, written otherwise."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Breakage:
    """module's source with `right` (which stands there once) replaced by `wrong`."""

    name: str
    module: str
    right: str
    wrong: str
    chapters: str  # the numbers of those that should notice, the quickest first

    def __str__(self):
        return self.name

    def applied(self, source):
        """Return the broken source; ValueError unless `right` stands there exactly once."""
        found = source.count(self.right)
        if found != 1:
            raise ValueError(f"{self}: expected {self.right!r} once in {self.module}, got {found}")
        return source.replace(self.right, self.wrong)


def layer(name, right, wrong, chapters):
    return Breakage(name, "layers", right, wrong, chapters)


def loss(name, right, wrong, chapters):
    return Breakage(name, "losses", right, wrong, chapters)


def optimizer(name, right, wrong, chapters):
    return Breakage(name, "optimizers", right, wrong, chapters)


def start(name, right, wrong, chapters):
    return Breakage(name, "initializers", right, wrong, chapters)


def gradcheck(name, right, wrong, chapters):
    return Breakage(name, "gradcheck", right, wrong, chapters)


def data(name, right, wrong, chapters):
    return Breakage(name, "data", right, wrong, chapters)


def training(name, right, wrong, chapters):
    return Breakage(name, "training", right, wrong, chapters)


RELU = """        slope = x > 0
        return self._remember(np.maximum(x, 0), slope)"""

SCORES = "        sums += _sums(loss_fn, model(x), y, classes)\n"
STEP = """        model.backward(loss_fn.backward(), **spare)
        optimizer.step()
"""

BREAKAGES = [
    # layers, forward
    layer("Linear forgets its bias", "y = x @ W + b", "y = x @ W + 0 * b", "1 4"),
    layer("Linear subtracts its bias", "y = x @ W + b", "y = x @ W - b", "1 4"),
    layer("ReLU is |x|", RELU, RELU.replace("np.maximum(x, 0)", "np.abs(x)"), "1 2"),
    layer("ReLU caps at 6", RELU, RELU.replace("np.maximum(x, 0)", "np.clip(x, 0, 6)"), "1 2 7"),
    layer("sigmoid of 2x", "e = np.exp(-np.abs(x))", "e = np.exp(-2 * np.abs(x))", "1 2"),
    layer(
        "sigmoid overflows",
        "    e = np.exp(-np.abs(x))\n    return np.where(x >= 0, 1, e) / (1 + e)",
        "    return 1 / (1 + np.exp(-x))",
        "1 2",
    ),
    layer("tanh of x/2", "y = np.tanh(as_float(x))", "y = np.tanh(as_float(x) / 2)", "1 2"),
    layer(
        "leaky slope 0", "np.where(x > 0, 1, self.negative_slope)", "np.where(x > 0, 1, 0)", "1 2"
    ),
    layer("leaky slope 0.1 by default", "negative_slope=0.01", "negative_slope=0.1", "1 2"),
    layer("dropout without its scale", "m = (kept / (1 - self.p))", "m = (kept / 1)", "8 5"),
    layer("dropout drops 1 - p", ".random(x.shape) >= self.p", ".random(x.shape) < self.p", "8"),
    layer(
        "dropout drops whole examples",
        "self.rng.random(x.shape) >=",
        "self.rng.random((len(x), 1)) >=",
        "8 5",
    ),
    layer(
        "dropout in evaluation",
        "        if self.training:\n            kept",
        "        if True:\n            kept",
        "8",
    ),
    layer(
        "batch norm over features",
        "x.mean(axis=0), x.var(axis=0)",
        "x.mean(axis=1)[:, None], x.var(axis=1)[:, None]",
        "7",
    ),
    layer("batch norm without the mean", "x_hat = (x - mean) / std", "x_hat = x / std", "7"),
    layer(
        "batch norm divides by the variance",
        "std = np.sqrt(var + self.eps)",
        "std = var + self.eps",
        "7",
    ),
    layer(
        "batch norm forgets to follow",
        "self.running_mean += self.momentum *",
        "self.running_mean += 0 *",
        "7",
    ),
    layer(
        "batch norm follows the biased variance",
        "unbiased = var * (len(x) / (len(x) - 1))",
        "unbiased = var",
        "7",
    ),
    layer(
        "batch norm trains in evaluation",
        "        if self.training:\n            mean, var",
        "        if True:\n            mean, var",
        "7",
    ),
    layer(
        "residual without its shortcut",
        "self._remember(x + f, x.dtype)",
        "self._remember(f, x.dtype)",
        "7 5",
    ),
    layer(
        "sequential skips its last layer",
        "        for layer in self.layers:\n            x = layer(x)",
        "        for layer in self.layers[:-1]:\n            x = layer(x)",
        "1 4 5",
    ),
    layer(
        "mlp ends with its activation",
        "return Sequential(*layers[:-1])",
        "return Sequential(*layers)",
        "1 5",
    ),
    layer("eval does nothing", "return self.train(False)", "return self", "7 8"),
    layer("astype shares arrays", "twin = copy.deepcopy(self)", "twin = self", "8 2 3"),
    # layers, backward
    layer(
        "dW of the mean",
        "np.matmul(x.T, dy, out=self.weight.grad)",
        "np.matmul(x.T, dy / len(dy), out=self.weight.grad)",
        "2 3 4",
    ),
    layer(
        "dW doubled",
        "np.matmul(x.T, dy, out=self.weight.grad)",
        "np.matmul(x.T, 2 * dy, out=self.weight.grad)",
        "2 3 4",
    ),
    layer(
        "dW accumulates",
        "np.matmul(x.T, dy, out=self.weight.grad)",
        "self.weight.grad += x.T @ dy",
        "4 5 8",
    ),
    layer(
        "db forgotten",
        "        np.sum(dy, axis=0, out=self.bias.grad)\n        return (dy @ W.T)",
        "        return (dy @ W.T)",
        "2 3 4",
    ),
    layer(
        "db of the first example",
        "np.sum(dy, axis=0, out=self.bias.grad)\n        return (dy @ W.T)",
        "np.sum(dy[:1], axis=0, out=self.bias.grad)\n        return (dy @ W.T)",
        "2 3 4",
    ),
    layer("dx negated", "(dy @ W.T)", "(dy @ -W.T)", "2 3 4"),
    layer("ReLU lets all gradients pass", RELU, RELU.replace("x > 0", "x >= -np.inf"), "1 2 3"),
    layer("ReLU's slope at 0 is 1", RELU, RELU.replace("x > 0", "x >= 0"), "2 1 3"),
    layer(
        "layers remember the output in place of the slope",
        "slope = y * (1 - y)",
        "slope = y",
        "2 3",
    ),
    layer("sigmoid's slope without 1 - y", "slope = y * (1 - y)", "slope = y * y", "2 3"),
    layer("tanh's slope is 1 - y", "slope = 1 - y * y", "slope = 1 - y", "2 3"),
    layer("tanh remembers its output", "slope = 1 - y * y", "slope = y", "2 3"),
    layer(
        "dropout's backward forgets the mask",
        "return self._remember(x * m, m)",
        "return self._remember(x * m, np.ones_like(m))",
        "8 5",
    ),
    layer(
        "batch norm takes its statistics for constants",
        "if training:  # μ and v depend on x as well",
        "if False:",
        "7",
    ),
    layer(
        "batch norm's dx without the second mean",
        " - x_hat * (dx_hat * x_hat).mean(axis=0)",
        "",
        "7",
    ),
    layer(
        "batch norm's dw forgets x̂",
        "np.sum(dy * x_hat, axis=0, out=self.weight.grad)",
        "np.sum(dy, axis=0, out=self.weight.grad)",
        "7",
    ),
    layer(
        "residual's gradient without the shortcut",
        "(dy + df).astype(dtype, copy=False)",
        "df.astype(dtype, copy=False)",
        "7 5",
    ),
    layer(
        "sequential backward in forward order",
        "for layer in reversed(rest):",
        "for layer in rest:",
        "5 2 3",
    ),
    layer(
        "Linear drops its last example's gradient",
        "np.matmul(x.T, dy, out=self.weight.grad)",
        "np.matmul(x[:-1].T, dy[:-1], out=self.weight.grad)",
        "4 2 5",
    ),
    layer(
        "db is a mean",
        "np.sum(dy, axis=0, out=self.bias.grad)\n        return (dy @ W.T)",
        "np.mean(dy, axis=0, out=self.bias.grad)\n        return (dy @ W.T)",
        "4 3 5",
    ),
    layer(
        "db accumulates",
        "np.sum(dy, axis=0, out=self.bias.grad)\n        return (dy @ W.T)",
        "self.bias.grad += dy.sum(axis=0)\n        return (dy @ W.T)",
        "8 4 5 3",
    ),
    layer(
        "dx in float32",
        "(dy @ W.T).astype(x.dtype, copy=False)",
        "(dy @ W.T).astype(np.float32)",
        "2 4 3",
    ),
    layer(
        "LeakyReLU's slope at 0 is 1",
        "np.where(x > 0, 1, self.negative_slope)",
        "np.where(x >= 0, 1, self.negative_slope)",
        "2 1",
    ),
    layer(
        "leaky layers forget their argument",
        "self.negative_slope = float(negative_slope)",
        "self.negative_slope = 0.01",
        "2 1",
    ),
    layer(
        "dropout's mask of the first forward for ever",
        "kept = self.rng.random(x.shape) >= self.p",
        "self.kept = kept = getattr(self, 'kept', self.rng.random(x.shape) >= self.p)",
        "8 5",
    ),
    layer(
        "dropout scales by 1/p",
        "m = (kept / (1 - self.p))",
        "m = (kept / max(self.p, 1e-9))",
        "8 5",
    ),
    layer(
        "dropout scales in evaluation",
        "m = np.ones((), dtype=x.dtype)",
        "m = np.array(1 - self.p, dtype=x.dtype)",
        "8",
    ),
    layer(
        "batch norm's eps outside the root",
        "np.sqrt(var + self.eps)",
        "(np.sqrt(var) + self.eps)",
        "7",
    ),
    layer("batch norm's momentum 0.9", "eps=1e-5, momentum=0.1", "eps=1e-5, momentum=0.9", "7"),
    layer(
        "batch norm uses the unbiased variance in training",
        "            unbiased = var * (len(x) / (len(x) - 1))\n",
        "            unbiased = var = var * (len(x) / (len(x) - 1))\n",
        "7",
    ),
    layer(
        "batch norm without its weight",
        "y = self.weight.data * x_hat + self.bias.data",
        "y = x_hat + self.bias.data",
        "7",
    ),
    layer(
        "running variance starts at 0",
        "self.running_var = np.ones(num_features",
        "self.running_var = np.zeros(num_features",
        "7",
    ),
    layer(
        "batch norm's statistics in the gradient in evaluation too",
        "if training:  # μ and v depend on x as well",
        "if True:",
        "7",
    ),
    layer(
        "residual doubles its input",
        "self._remember(x + f, x.dtype)",
        "self._remember(2 * x + f, x.dtype)",
        "2 5 7",
    ),
    layer(
        "sequential leaves out its first layer's backward",
        "        dx = first.backward(dy)",
        "        dx = dy",
        "2 5",
    ),
    layer(
        "sequential skips an activation's backward",
        "            dy = layer.backward(dy)",
        "            dy = layer.backward(dy) if not isinstance(layer, Tanh) else dy",
        "2 4 5",
    ),
    layer(
        "mlp without activations",
        "return Sequential(*layers[:-1])",
        "return Sequential(*layers[::2])",
        "1 5",
    ),
    layer("mlp ignores its activation", "activation()]", "ReLU()]", "2 3 7"),
    layer(
        "mlp ignores weight_init",
        "rng=rng, weight_init=weight_init), activation()",
        "rng=rng), activation()",
        "7",
    ),
    layer(
        "biases start at 1",
        "self.bias = Parameter(np.zeros(out_features, dtype=np.float32))",
        "self.bias = Parameter(np.ones(out_features, dtype=np.float32))",
        "1 7",
    ),
    layer(
        "train does not reach the layers inside",
        "        for _, module in self.named_modules():\n            module.training = mode",
        "        self.training = mode",
        "8 7",
    ),
    layer(
        "a backward without a forward is let through",
        'if self._memory is None:\n            raise RuntimeError(f"{self} expects a forward',
        'if False:\n            raise RuntimeError(f"{self} expects a forward',
        "1",
    ),
    layer("dy of another shape is let through", "if dy.shape != shape:", "if False:", "2"),
    layer(
        "astype leaves the parameters alone",
        "for _, holder in [*twin.named_modules(), *twin.named_parameters()]:",
        "for _, holder in [*twin.named_modules()]:",
        "1 2 3",
    ),
    layer(
        "astype to float32 whatever is asked",
        "value.astype(dtype))",
        "value.astype(np.float32))",
        "2 3 4",
    ),
    layer(
        "layers in float64",
        "np.array(weight_init(in_features, out_features, rng), dtype=np.float32)",
        "np.array(weight_init(in_features, out_features, rng), dtype=np.float64)",
        "1 8",
    ),
    layer(
        "ReLU writes into its input",
        "        slope = x > 0\n        return self._remember(np.maximum(x, 0), slope)",
        "        slope = x > 0\n        return self._remember(np.maximum(x, 0, out=x), slope)",
        "1 2 5",
    ),
    layer("sigmoid of -x", "np.where(x >= 0, 1, e)", "np.where(x >= 0, e, 1)", "1 2"),
    layer(
        "Linear's bias once per example where N = H",
        "y = x @ W + b",
        "y = x @ W + (b[:, None] if len(x) == len(b) else b)",
        "1",
    ),
    layer(
        "dx with a square W as it stands",
        "(dy @ W.T)",
        "(dy @ (W if W.shape[0] == W.shape[1] else W.T))",
        "7",
    ),
    layer(
        "Linear asks its initializer for (out, in)",
        "np.array(weight_init(in_features, out_features, rng)",
        "np.array(weight_init(out_features, in_features, rng).T",
        "7",
    ),
    layer(
        "batch norm without its eps in evaluation",
        "np.sqrt(var + self.eps)",
        "np.sqrt(var + self.eps * self.training)",
        "7",
    ),
    layer(
        "batch norm follows the deviation",
        "(unbiased - self.running_var)",
        "(np.sqrt(unbiased) - self.running_var)",
        "7",
    ),
    # losses
    loss(
        "softmax over columns",
        "z = z - z.max(axis=-1, keepdims=True)\n"
        "    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
        "z = z - z.max(axis=0, keepdims=True)\n"
        "    return z - np.log(np.exp(z).sum(axis=0, keepdims=True))",
        "6 1",
    ),
    loss("softmax without its maximum", "    z = z - z.max(axis=-1, keepdims=True)\n", "", "6 1"),
    loss("softmax subtracts one maximum for all", "z.max(axis=-1, keepdims=True)", "z.max()", "6"),
    loss(
        "one-hot shifted by one",
        "np.arange(num_classes))",
        "(np.arange(num_classes) + 1) % num_classes)",
        "6",
    ),
    loss(
        "accuracy by the smallest logit",
        "right = output.argmax(axis=1) == _class_labels",
        "right = output.argmin(axis=1) == _class_labels",
        "6 1 8",
    ),
    loss("squared error without its half", "/ (2 * len(diff)))", "/ len(diff))", "1 5"),
    loss("squared error averages over outputs", "/ (2 * len(diff)))", "/ (2 * diff.size))", "1 5"),
    loss("squared error's gradient without 1/N", "return diff / len(diff)", "return diff", "5 2 3"),
    loss(
        "squared error's gradient over outputs too",
        "return diff / len(diff)",
        "return diff / diff.size",
        "5",
    ),
    loss(
        "cross-entropy is a sum",
        "dtype=np.float64).sum() / len(z))",
        "dtype=np.float64).sum())",
        "6 1",
    ),
    loss(
        "cross-entropy's gradient without 1/N",
        "return (np.exp(log_p) - y) / len(y)",
        "return np.exp(log_p) - y",
        "6",
    ),
    loss(
        "cross-entropy's gradient negated",
        "return (np.exp(log_p) - y) / len(y)",
        "return (y - np.exp(log_p)) / len(y)",
        "6",
    ),
    loss(
        "cross-entropy's gradient forgets y",
        "return (np.exp(log_p) - y) / len(y)",
        "return np.exp(log_p) / len(y)",
        "6",
    ),
    loss(
        "binary cross-entropy forgets y",
        "np.maximum(z, 0) - z * y + np.log1p",
        "np.maximum(z, 0) + np.log1p",
        "6",
    ),
    loss(
        "binary cross-entropy overflows",
        "np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))",
        "np.log1p(np.exp(z)) - z * y",
        "6",
    ),
    loss(
        "binary cross-entropy's gradient doubled",
        "return (sigmoid(z) - y) / len(z)",
        "return 2 * (sigmoid(z) - y) / len(z)",
        "6",
    ),
    loss(
        "log-softmax without its logarithm's shift",
        "return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
        "return z - np.log(np.exp(z).sum(axis=-1, keepdims=True) + 1e-12)",
        "6",
    ),
    loss(
        "log-softmax by log of softmax",
        "return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
        "return np.log(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))",
        "6",
    ),
    loss(
        "log of p + 1e-12",
        "return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))",
        "return np.log(np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True) + 1e-12)",
        "6",
    ),
    loss(
        "accuracy of the errors",
        "    return float(right.mean())",
        "    return float((~right).mean())",
        "6 1",
    ),
    loss(
        "squared error of the absolute values",
        "np.square(diff, dtype=np.float64).sum()",
        "np.abs(diff).sum()",
        "1 5",
    ),
    loss(
        "squared error broadcasts",
        "fits = y_hat.ndim in (1, 2) and y.shape == y_hat.shape",
        "fits = True",
        "1",
    ),
    loss(
        "cross-entropy's gradient over classes too",
        "return (np.exp(log_p) - y) / len(y)",
        "return (np.exp(log_p) - y) / y.size",
        "6",
    ),
    loss(
        "cross-entropy's gradient of logits, no softmax",
        "return (np.exp(log_p) - y) / len(y)",
        "return (log_p - y) / len(y)",
        "6",
    ),
    loss(
        "binary cross-entropy is a sum",
        "return float(shares.mean(dtype=np.float64))",
        "return float(shares.sum(dtype=np.float64))",
        "6",
    ),
    loss(
        "binary cross-entropy's gradient without 1/N",
        "return (sigmoid(z) - y) / len(z)",
        "return sigmoid(z) - y",
        "6",
    ),
    loss(
        "binary cross-entropy's gradient with σ'",
        "return (sigmoid(z) - y) / len(z)",
        "s = sigmoid(z)\n        return (s - y) * s * (1 - s) / len(z)",
        "6",
    ),
    # initializers
    start(
        "Xavier by fan_in alone",
        "std = math.sqrt(2 / (fan_in + fan_out))",
        "std = math.sqrt(2 / fan_in)",
        "7",
    ),
    start("He without its 2", "std = math.sqrt(2 / fan_in)", "std = math.sqrt(1 / fan_in)", "7"),
    start("He by fan_out", "std = math.sqrt(2 / fan_in)", "std = math.sqrt(2 / fan_out)", "7"),
    start("He is a variance", "std = math.sqrt(2 / fan_in)", "std = 2 / fan_in", "7"),
    start(
        "Xavier uniform with He's limit",
        "math.sqrt(6 / (fan_in + fan_out))",
        "math.sqrt(6 / fan_in)",
        "7",
    ),
    start(
        "He uniform with half its limit",
        "_uniform(math.sqrt(6 / fan_in)",
        "_uniform(math.sqrt(6 / fan_in) / 2",
        "7",
    ),
    start(
        "normal takes a variance", "return float(std) * rng", "return float(std) ** 2 * rng", "7"
    ),
    start("zeros are ones", "return np.zeros(", "return np.ones(", "7"),
    start(
        "normal draws uniform numbers",
        "float(std) * rng.standard_normal((fan_in, fan_out), dtype=np.float32)",
        "float(std) * rng.random((fan_in, fan_out), dtype=np.float32)",
        "7",
    ),
    start("uniform from 0", "rng.uniform(-a, a,", "rng.uniform(0, a,", "7"),
    start(
        "initializers share a seed",
        "float(std) * rng.standard_normal((fan_in, fan_out), dtype=np.float32)",
        "float(std) * "
        "np.random.default_rng(0).standard_normal((fan_in, fan_out), dtype=np.float32)",
        "7 8",
    ),
    start(
        "normal has a mean",
        "return float(std) * rng",
        "return 0.5 * float(std) + float(std) * rng",
        "7",
    ),
    # optimizers
    optimizer("SGD goes uphill", "p.data -= self.lr * g", "p.data += self.lr * g", "8 5"),
    optimizer(
        "SGD takes twice its rate", "p.data -= self.lr * g", "p.data -= 2 * self.lr * g", "8 5"
    ),
    optimizer(
        "momentum forgets", "g = self.momentum * v + g", "g = (1 - self.momentum) * v + g", "8"
    ),
    optimizer(
        "momentum averages",
        "g = self.momentum * v + g",
        "g = self.momentum * v + (1 - self.momentum) * g",
        "8",
    ),
    optimizer(
        "weight decay with the other sign",
        "p.grad + self.weight_decay * p.data",
        "p.grad - self.weight_decay * p.data",
        "8",
    ),
    optimizer(
        "weight decay doubled",
        "p.grad + self.weight_decay * p.data",
        "p.grad + 2 * self.weight_decay * p.data",
        "8",
    ),
    optimizer("Adam without correction of m", "m_hat = m / (1 - beta1**self.t)", "m_hat = m", "8"),
    optimizer("Adam without correction of v", "v_hat = v / (1 - beta2**self.t)", "v_hat = v", "8"),
    optimizer("Adam with g for g²", "(1 - beta2) * g * g", "(1 - beta2) * np.abs(g)", "8"),
    optimizer(
        "Adam's betas exchanged", "beta1, beta2 = self.betas", "beta2, beta1 = self.betas", "8"
    ),
    optimizer(
        "clipping array by array",
        "p.grad *= float(max_norm) / norm",
        "p.grad *= float(max_norm) / np.linalg.norm(p.grad)",
        "7",
    ),
    optimizer("clipping always", "    if norm > max_norm:\n", "    if norm > 0:\n", "7"),
    optimizer(
        "clipping returns the norm after",
        "    return norm\n",
        "    return min(norm, float(max_norm))\n",
        "7",
    ),
    optimizer("velocity is not kept", "                v[...] = g\n", "", "8"),
    optimizer(
        "momentum with the other sign",
        "g = self.momentum * v + g",
        "g = g - self.momentum * v",
        "8",
    ),
    optimizer(
        "weight decay not on vectors",
        "if self.weight_decay else p.grad",
        "if self.weight_decay and p.data.ndim > 1 else p.grad",
        "8",
    ),
    optimizer(
        "weight decay by the sign",
        "self.weight_decay * p.data",
        "self.weight_decay * np.sign(p.data)",
        "8",
    ),
    optimizer(
        "weight decay ignored",
        "p.grad + self.weight_decay * p.data if self.weight_decay else p.grad",
        "p.grad",
        "8",
    ),
    optimizer(
        "SGD moves the first parameter only",
        "for p, v in zip(self.params, self.velocities):",
        "for p, v in list(zip(self.params, self.velocities))[:1]:",
        "5 8",
    ),
    optimizer("Adam counts twice", "self.t += 1", "self.t += 2", "8"),
    optimizer(
        "Adam's eps in the root", "(np.sqrt(v_hat) + self.eps)", "np.sqrt(v_hat + self.eps)", "8"
    ),
    optimizer("Adam's eps 1e-6", "eps=1e-8", "eps=1e-6", "8"),
    optimizer("Adam's rate 0.01 by default", "lr=1e-3, *", "lr=1e-2, *", "8"),
    optimizer(
        "clipping by value",
        "p.grad *= float(max_norm) / norm",
        "np.clip(p.grad, -max_norm, max_norm, out=p.grad)",
        "7",
    ),
    optimizer(
        "clipping by the largest entry",
        "norm = math.sqrt(sum(squares))",
        "norm = max(float(np.abs(p.grad).max()) for p in params)",
        "7",
    ),
    optimizer(
        "clipping without a root", "norm = math.sqrt(sum(squares))", "norm = sum(squares)", "7"
    ),
    optimizer("clipping never", "if norm > max_norm:", "if False:", "7"),
    optimizer(
        "the rate of the first step for ever",
        "p.data -= self.lr * g",
        "p.data -= vars(self).setdefault('first', self.lr) * g",
        "8",
    ),
    optimizer(
        "weight decay is left in the gradient",
        "return p.grad + self.weight_decay * p.data if",
        "return np.add(p.grad, self.weight_decay * p.data, out=p.grad) if",
        "8",
    ),
    optimizer(
        "Adam counts parameters, not steps",
        "for p, m, v in zip(self.params, self.m, self.v):\n",
        "for p, m, v in zip(self.params, self.m, self.v):\n"
        "            self.t += p is not self.params[0]\n",
        "8",
    ),
    optimizer(
        "Adam decays apart from its gradient",
        "            g = self._gradient(p)\n            m[...]",
        "            g = p.grad\n            p.data *= 1 - self.lr * self.weight_decay\n"
        "            m[...]",
        "8",
    ),
    # gradient checking
    gradcheck("numerical gradient halved", "/ (2 * eps)", "/ (4 * eps)", "2 3"),
    gradcheck(
        "forward difference",
        "(float(f(x + step)) - float(f(x - step))) / (2 * eps)",
        "(float(f(x + step)) - float(f(x))) / eps",
        "2 3",
    ),
    gradcheck("relative error of the sum", "norm(a - b) / size", "norm(a + b) / size", "2 3"),
    gradcheck(
        "relative error always small",
        "float(norm(a - b) / size)",
        "1e-9 * float(norm(a - b) / size)",
        "3 2",
    ),
    gradcheck(
        "relative error without its second norm",
        "size = norm(a) + norm(b)",
        "size = norm(a)",
        "3 2",
    ),
    gradcheck(
        "gradient check compares n with n", "relative_error(a, n)", "relative_error(n, n)", "3 2 5"
    ),
    gradcheck(
        "gradient check with ones upstream",
        "np.random.default_rng(533_536).standard_normal(model(x).shape)",
        "np.ones(model(x).shape)",
        "3",
    ),
    gradcheck("gradient check leaves out x", 'pairs = {"x": (dx, x)}', "pairs = {}", "3 2 5 7"),
    gradcheck(
        "numerical gradient in float32",
        "x = np.array(x, dtype=np.float64)",
        "x = np.array(x, dtype=np.float32)",
        "3 2",
    ),
    gradcheck("eps 1e-9 by default", "EPS = 1e-5", "EPS = 1e-9", "3 2"),
    gradcheck(
        "relative error by the larger norm",
        "size = norm(a) + norm(b)",
        "size = max(norm(a), norm(b))",
        "3 2",
    ),
    gradcheck("relative error absolute", "float(norm(a - b) / size)", "float(norm(a - b))", "3 2"),
    gradcheck(
        "relative error of zeros is 1", "return 0.0 if size == 0", "return 1.0 if size == 0", "3"
    ),
    gradcheck(
        "gradient check in float32",
        "model = model.astype(np.float64)",
        "model = model.astype(np.float32)",
        "3 8",
    ),
    gradcheck(
        "gradient check does not rewind",
        "        rewind()\n        y = model(x)",
        "        y = model(x)",
        "5 8",
    ),
    gradcheck(
        "gradient check's small gradients count for nothing",
        "MEASURABLE = 1e8",
        "MEASURABLE = 1e16",
        "3 2 5 7",
    ),
    gradcheck(
        "gradient check on the caller's model",
        "model = model.astype(np.float64)",
        "model = model",
        "3",
    ),
    gradcheck(
        "gradient check with the loss's sign",
        "dx = model.backward(loss_fn.backward() if loss_fn else dy)",
        "dx = model.backward(-loss_fn.backward() if loss_fn else dy)",
        "3",
    ),
    # data
    data(
        "XOR is OR",
        "np.array([0, 1, 1, 0], dtype=np.int64)",
        "np.array([0, 1, 1, 1], dtype=np.int64)",
        "1 8",
    ),
    data("quadrants by the sum", "(X[:, 0] * X[:, 1] > 0)", "(X[:, 0] + X[:, 1] > 0)", "8"),
    data(
        "moons of one class",
        "    y = np.arange(n) % 2\n",
        "    y = np.zeros(n, dtype=np.int64)\n",
        "8",
    ),
    data("spirals that do not turn", "angle = 4 * r +", "angle = 0 * r +", "8"),
    data("digits between 0 and 255", "255, dtype=np.float32", "1, dtype=np.float32", "1 8"),
    data(
        "digits of other labels", "labels.astype(np.int64)", "(9 - labels).astype(np.int64)", "1 8"
    ),
    data("digits lie on their side", "images.reshape(", "images.transpose(0, 2, 1).reshape(", "1"),
    data(
        "batches are not shuffled",
        "order = rng.permutation(len(X))",
        "order = np.arange(len(X))",
        "8",
    ),
    data(
        "batches drop the last, short one",
        "range(0, len(X), batch_size)",
        "range(0, len(X) - batch_size + 1, batch_size)",
        "8",
    ),
    data(
        "labels of another order",
        "((X[i], y[i]) for i in chunks)",
        "((X[i], y[i[::-1]]) for i in chunks)",
        "8",
    ),
    data("moons on top of each other", "upper, [1, 0.5] - upper", "upper, upper", "8"),
    data(
        "XOR in other corners",
        "np.array([[0, 0], [0, 1], [1, 0], [1, 1]]",
        "np.array([[0, 0], [1, 0], [1, 1], [0, 1]]",
        "1",
    ),
    data(
        "train and test exchanged",
        "return _digits(*arrays[:2], path or SUBSET), _digits(*arrays[2:], path or SUBSET)",
        "return _digits(*arrays[2:], path or SUBSET), _digits(*arrays[:2], path or SUBSET)",
        "1 6",
    ),
    data(
        "batches start at the second",
        "for i in range(0, len(X), batch_size))",
        "for i in range(batch_size, len(X), batch_size))",
        "6 8",
    ),
    data("batches overlap", "order[i : i + batch_size]", "order[i : i + batch_size + 1]", "8 6"),
    data("moons without noise", "[1, 0.5] - upper) + shift", "[1, 0.5] - upper) + 0 * shift", "8"),
    data("digits in a mirror", "images.reshape(", "images[:, :, ::-1].reshape(", "1"),
    data("digits upside down", "images.reshape(", "images[:, ::-1].reshape(", "1"),
    # training
    training("fit takes no step", "        optimizer.step()\n", "", "7 8"),
    training(
        "fit never trains in training mode",
        "            model.train()\n",
        "            model.eval()\n",
        "7 8",
    ),
    training(
        "fit ignores True", "if isinstance(stop, (bool, np.bool_)) and stop:", "if False:", "8"
    ),
    training(
        "evaluate in training mode",
        "    model.eval()\n    try:",
        "    model.train()\n    try:",
        "8",
    ),
    training("fit's loss is its last batch's", SCORES, SCORES.replace("+=", "="), "8"),
    training(
        "the mean of batches, not of examples",
        "return len(y) * np.array([1.0,",
        "return np.array([1.0,",
        "8",
    ),
    training("fit forgets the validation", "if validation is not None:", "if False:", "8"),
    training(
        "fit validates on the training data",
        "evaluate(model, loss_fn, *validation)",
        "evaluate(model, loss_fn, X, y)",
        "8",
    ),
    training(
        "fit takes two steps",
        "        optimizer.step()\n",
        "        optimizer.step()\n        optimizer.step()\n",
        "8 7",
    ),
    training(
        "fit takes its step before its backward",
        "        model.backward(loss_fn.backward(), **spare)\n        optimizer.step()\n",
        "        optimizer.step()\n        model.backward(loss_fn.backward(), **spare)\n",
        "8 7",
    ),
    training(
        "fit runs one epoch less",
        "numbers = range(1, epochs + 1)",
        "numbers = range(1, epochs)",
        "8 7",
    ),
    training("fit goes on after a diverging loss", "if not math.isfinite(loss):", "if False:", "7"),
    training(
        "a diverged fit loses its history",
        "        error.history = history\n",
        "        error.history = History()\n",
        "7",
    ),
    training(
        "evaluate leaves the model in evaluation",
        "            module.training = mode\n",
        "            pass\n",
        "8",
    ),
    training(
        "evaluate looks at the first slice only",
        "for start in range(0, len(X), batch_size):\n            part",
        "for start in range(0, 1):\n            part",
        "8 6",
    ),
    training(
        "the loss is taken after the step",
        SCORES + STEP,
        "        loss_fn(model(x), y)\n" + STEP + SCORES,
        "7",
    ),
    layer(
        "a network's first layer never learns in fit",
        "return first.backward(dy, input_grad=False)",
        "return None",
        "7",
    ),
    loss(
        "one logit counts from 0.5",
        "right = (output > 0) == (y > 0.5)",
        "right = (output > 0.5) == (y > 0.5)",
        "6",
    ),
    loss(
        "one logit counts the other way round",
        "right = (output > 0) == (y > 0.5)",
        "right = (output < 0) == (y > 0.5)",
        "6",
    ),
    gradcheck(
        "the check's dy is the reader's x",
        "np.random.default_rng(533_536)",
        "np.random.default_rng(0)",
        "3",
    ),
    gradcheck(
        "the check's dy has one sign",
        "np.random.default_rng(533_536).standard_normal(",
        "np.random.default_rng(533_536).random(",
        "3",
    ),
    data("spirals of half a turn", "2 * math.pi * y / classes", "math.pi * y / classes", "8"),
    data(
        "spirals crowd at their center",
        "r = np.sqrt(rng.uniform(0, 1, n))",
        "r = rng.uniform(0, 1, n)",
        "8",
    ),
    training(
        "validation loss and accuracy exchanged",
        "zip(vars(self).values(), scores)",
        "zip([self.loss, self.accuracy, self.val_accuracy, self.val_loss], scores)",
        "8",
    ),
    training(
        "batches of 32 whatever is asked",
        "pairs = batches(X, y, batch_size, rng=rng)",
        "pairs = batches(X, y, 32, rng=rng)",
        "7",
    ),
    training(
        "batches in one order for ever",
        "pairs = batches(X, y, batch_size, rng=rng)",
        "pairs = batches(X, y, batch_size, rng=__import__('copy').deepcopy(rng))",
        "8",
    ),
    training(
        "any answer of the callback stops",
        "if isinstance(stop, (bool, np.bool_)) and stop:",
        "if isinstance(stop, (bool, np.bool_)):",
        "8",
    ),
    training(
        "the callback hears of an epoch before its history does",
        "            history._append(scores)\n"
        "            stop = callback(epoch, model, history) if callback else None\n",
        "            stop = callback(epoch, model, history) if callback else None\n"
        "            history._append(scores)\n",
        "8",
    ),
    training(
        "evaluate counts the right ones",
        "return loss / N, right / N if classes else None",
        "return loss / N, right if classes else None",
        "8",
    ),
]
