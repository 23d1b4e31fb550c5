"""What an epoch costs: as a ratio to its bare matrix products, to PyTorch and to scikit-learn."""

import importlib.util
import tracemalloc

import numpy as np

from mlp_lib import SGD, Adam, CrossEntropyLoss, batches, fit, load_mnist, make_quadrants, mlp

from .timing import medians, table

NETWORKS = {(784, 128, 10): 60_000, (784, 256, 128, 10): 20_000, (784, 1024, 1024, 10): 5_000}
BATCH_SIZES = (64, 128, 512)
ROUNDS = 5
LR = 0.01


def digits(n):
    """The shipped digits, repeated up to n of them."""
    (x, y), _ = load_mnist()
    times = -(-n // len(x))
    return np.tile(x, (times, 1))[:n], np.tile(y, times)[:n]


def floor(sizes, X, y, batch_size):
    """Gather the minibatches, and do the matrix products of a step, and nothing else."""
    rng = np.random.default_rng(0)
    weights = [layer.weight.data for layer in mlp(sizes, rng=rng).layers[::2]]

    def epoch():
        for x, _ in batches(X, y, batch_size, rng=rng):
            inputs = [x]
            for W in weights:
                inputs.append(inputs[-1] @ W)
            dy = inputs.pop()
            for i in reversed(range(len(weights))):
                inputs[i].T @ dy
                dy = dy @ weights[i].T if i > 0 else dy

    return epoch


def ours(sizes, X, y, batch_size, optimizer=SGD):
    rng = np.random.default_rng(0)
    model = mlp(sizes, rng=rng)
    steps = model, CrossEntropyLoss(), optimizer(model.parameters(), lr=LR)
    return lambda: fit(*steps, X, y, epochs=1, batch_size=batch_size, rng=rng)


def pytorch(sizes, X, y, batch_size, optimizer="SGD"):
    import torch

    torch.set_num_threads(1)
    layers = [torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
    pairs = [module for layer in layers for module in (layer, torch.nn.ReLU())]
    model = torch.nn.Sequential(*pairs[:-1])
    loss_fn = torch.nn.CrossEntropyLoss()
    optimizer = getattr(torch.optim, optimizer)(model.parameters(), lr=LR)
    X, y = torch.from_numpy(X), torch.from_numpy(y)

    def epoch():
        total = 0.0
        for i in torch.randperm(len(X)).split(batch_size):
            optimizer.zero_grad()
            loss = loss_fn(model(X[i]), y[i])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(i)
        return total

    return epoch


def scikit_learn(sizes, X, y, batch_size, solver="sgd"):
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore", ConvergenceWarning)
    options = {"solver": solver, "alpha": 0, "momentum": 0, "nesterovs_momentum": False}
    if solver == "adam":
        options = {"solver": "adam", "alpha": 0}
    model = MLPClassifier(
        sizes[1:-1],
        batch_size=batch_size,
        learning_rate_init=LR,
        max_iter=1,
        random_state=0,
        **options,
    )
    return lambda: model.fit(X, y)


def contestants(sizes, X, y, batch_size):
    runs = {"mlp_lib": ours(sizes, X, y, batch_size), "floor": floor(sizes, X, y, batch_size)}
    if importlib.util.find_spec("torch"):
        runs["PyTorch"] = pytorch(sizes, X, y, batch_size)
    if importlib.util.find_spec("sklearn"):
        runs["scikit-learn"] = scikit_learn(sizes, X, y, batch_size)
    return runs


def ratio(seconds, name, to):
    return f"{seconds[name] / seconds[to]:.2f}" if name in seconds and to in seconds else "–"


def epoch_rows():
    for sizes, n in NETWORKS.items():
        X, y = digits(n)
        for batch_size in BATCH_SIZES:
            seconds = medians(contestants(sizes, X, y, batch_size), ROUNDS)
            yield [
                "-".join(map(str, sizes)), batch_size, ratio(seconds, "mlp_lib", "floor"),
                ratio(seconds, "PyTorch", "mlp_lib"), ratio(seconds, "scikit-learn", "mlp_lib"),
            ]  # fmt: skip


def overhead_rows():
    X, y = make_quadrants(400, rng=np.random.default_rng(0))
    problem = (2, 64, 64, 2), X, y, 64
    seconds = medians(contestants(*problem), 5 * ROUNDS)
    yield [
        "2-64-64-2, 400 points, batch 64: PyTorch / mlp_lib",
        ratio(seconds, "PyTorch", "mlp_lib"),
    ]
    yield ["the same: scikit-learn / mlp_lib", ratio(seconds, "scikit-learn", "mlp_lib")]
    problem = (784, 128, 10), *digits(10_000), 128
    both = {"SGD": ours(*problem), "Adam": ours(*problem, optimizer=Adam)}
    yield [
        "784-128-10, 10,000 digits, batch 128: Adam / SGD",
        ratio(medians(both, ROUNDS), "Adam", "SGD"),
    ]
    yield ["training on 60,000 digits: peak memory / the float32 data", f"{memory():.2f}"]


def memory():
    """Peak memory of having the data and training on it, over the size of the data."""
    tracemalloc.start()
    X = np.random.default_rng(0).random((60_000, 784), dtype=np.float32)
    ours((784, 128, 10), X, np.arange(60_000) % 10, 128)()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / X.nbytes


def main():
    print("One epoch, float32, one BLAS thread, medians of interleaved runs.\n")
    head = [
        "network",
        "batch",
        "mlp_lib / bare products",
        "PyTorch / mlp_lib",
        "scikit-learn / mlp_lib",
    ]
    print(table(head, epoch_rows()), "\n", sep="\n")
    print(table(["what", "ratio"], overhead_rows()))


if __name__ == "__main__":
    main()
