"""Derivations in order: true lines are true, distractors false, and what follows is as said.

The lines are computed here as they stand on the page: whoever changes one there changes it here.
"""

import itertools
import re
from pathlib import Path
from types import SimpleNamespace

import autograd.numpy as np
import pytest
from autograd import elementwise_grad as slope
from autograd import grad, jacobian

PAGE = (Path(__file__).parents[1] / "chapters" / "on_paper.md").read_text("utf-8")
DERIVATION = re.compile(
    r"^### (.+?)\n\n:::\{admonition\} In order\n:class: tip\n\n(.*?)\n\n:::\n\n"
    r":::\{dropdown\} Derivation\n\n(.*?)\n\n:::$",
    re.S | re.M,
)
ITEM = re.compile(r"^- \*\*([A-Z])\*\* (.+)$", re.M)
AFTER = re.compile(r"\((first|after ((?:[A-Z], )*(?:[A-Z] and )?[A-Z]))\) ")


def derivation(title, text, said):
    """Return the lines offered, what each is told, the letters it needs, an order that holds."""
    needs = {}
    for letter, sentence in ITEM.findall(said):
        if after := AFTER.match(sentence):
            needs[letter] = re.findall(r"[A-Z]", after[2] or "")
    order = re.match(r"\*\*([A-Z, ]+)\.\*\*\n", said)[1].split(", ")
    return SimpleNamespace(
        title=title,
        lines=dict(ITEM.findall(text)),
        said=dict(ITEM.findall(said)),
        needs=needs,
        order=order,
    )


DERIVATIONS = [derivation(*found) for found in DERIVATION.findall(PAGE)]
each = pytest.mark.parametrize("one", DERIVATIONS, ids=lambda one: one.title)


def holds(order, needs):
    """Whether each line stands below those that it needs."""
    return all(set(needs[letter]) <= set(order[:i]) for i, letter in enumerate(order))


def test_there_are_at_least_ten_and_each_is_read():
    assert len(DERIVATIONS) == PAGE.count("{admonition} In order") >= 10


@each
def test_every_line_has_its_sentence_and_every_derivation_its_distractors(one):
    assert list(one.lines) == sorted(one.said)
    assert len(set(one.said.values())) == len(one.said)
    assert len(one.lines) - len(one.needs) >= 3
    assert len(one.needs) >= 4


@each
def test_the_order_that_is_told_holds_and_is_not_the_one_in_which_the_lines_stand(one):
    assert sorted(one.order) == sorted(one.needs)
    assert holds(one.order, one.needs)
    assert not holds(sorted(one.order), one.needs)


@each
def test_more_than_one_order_is_right(one):
    assert sum(holds(order, one.needs) for order in itertools.permutations(one.order)) > 1


@each
def test_true_lines_are_true_and_distractors_false(one):
    computed = LINES[one.title]
    assert sorted(computed) == sorted(one.lines.values())
    for letter, line in one.lines.items():
        left, right = computed[line]
        assert np.all(np.isfinite(left)), line
        assert np.allclose(left, right, rtol=1e-6) == (letter in one.needs), f"{letter} {line}"


# --- the lines: left side, right side -------------------------------------------------------------

rng = np.random.RandomState(0)
LINES = {}
d = np.eye(3)  # the Kronecker delta


# Slopes

z = np.array([-1.3, 0.4, 2.1])
u = 1 + np.exp(-z)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


s = sigmoid(z)
LINES["The slope of the sigmoid"] = {
    r"$\sigma'(z) = \dfrac{e^{-z}}{(1 + e^{-z})^2}$": (slope(sigmoid)(z), np.exp(-z) / u**2),
    r"$\dfrac{du}{dz} = e^{-z}$": (slope(lambda z: 1 + np.exp(-z))(z), np.exp(-z)),
    r"$\sigma'(z) = \sigma(z)\,\bigl(1 - \sigma(z)\bigr)$": (slope(sigmoid)(z), s * (1 - s)),
    r"$1 - \sigma(z) = \dfrac{e^{-z}}{1 + e^{-z}}$": (1 - s, np.exp(-z) / u),
    r"$\dfrac{d\sigma}{du} = -\dfrac{1}{u}$": (slope(lambda u: 1 / u)(u), -1 / u),
    r"$\dfrac{du}{dz} = -e^{-z}$": (slope(lambda z: 1 + np.exp(-z))(z), -np.exp(-z)),
    r"$\sigma'(z) = \sigma(\sigma(z))\,\bigl(1 - \sigma(\sigma(z))\bigr)$": (
        slope(sigmoid)(z),
        sigmoid(s) * (1 - sigmoid(s)),
    ),
    r"$\dfrac{d\sigma}{du} = -\dfrac{1}{u^2}$": (slope(lambda u: 1 / u)(u), -1 / u**2),
}


def n(z):
    return np.exp(z) - np.exp(-z)


def m(z):
    return np.exp(z) + np.exp(-z)


dtanh, dn, dm = slope(np.tanh)(z), slope(n)(z), slope(m)(z)
LINES["The slope of tanh"] = {
    r"$m' = -n$": (dm, -n(z)),
    r"$\tanh'(z) = \dfrac{m^2 - n^2}{m^2}$": (dtanh, (m(z) ** 2 - n(z) ** 2) / m(z) ** 2),
    r"$\tanh'(z) = \dfrac{n'}{m'}$": (dtanh, dn / dm),
    r"$n' = m$": (dn, m(z)),
    r"$\tanh'(z) = 1 - \tanh^2(z)$": (dtanh, 1 - np.tanh(z) ** 2),
    r"$m' = n$": (dm, n(z)),
    r"$\tanh'(z) = 1 - z^2$": (dtanh, 1 - z**2),
    r"$\tanh'(z) = \dfrac{n' m - n\,m'}{m^2}$": (dtanh, (dn * m(z) - n(z) * dm) / m(z) ** 2),
}


# The linear layer, square: no shape may decide

x, W, b, dy = (rng.standard_normal(size) for size in [(3, 3), (3, 3), (3,), (3, 3)])


def y(x, W, b):
    return np.dot(x, W) + b


def loss(x, W, b):
    return np.sum(dy * y(x, W, b))  # its upstream gradient is dy


dx, dW, db = (grad(loss, i)(x, W, b) for i in range(3))
y_x, y_W, y_b = (jacobian(y, i)(x, W, b) for i in range(3))
LINES["The weight's gradient"] = {
    r"$dW = dy\,x^\top$": (dW, dy @ x.T),
    r"$dW_{dh} = \sum_n x_{nd}\,dy_{nh}$": (dW, np.einsum("nd,nh->dh", x, dy)),
    r"$\dfrac{\partial y_{nk}}{\partial W_{dh}} = x_{nd}$": (
        y_W,
        np.einsum("nd,kh->nkdh", x, 1 + 0 * d),
    ),
    r"$dW = x^\top dy$": (dW, x.T @ dy),
    r"$dW_{dh} = \sum_{n,k} dy_{nk}\,\dfrac{\partial y_{nk}}{\partial W_{dh}}$": (
        dW,
        np.einsum("nk,nkdh->dh", dy, y_W),
    ),
    r"$dW_{dh} = \frac1N \sum_n x_{nd}\,dy_{nh}$": (dW, np.einsum("nd,nh->dh", x, dy) / 3),
    r"$\dfrac{\partial y_{nk}}{\partial W_{dh}} = x_{nd}\,\delta_{kh}$": (
        y_W,
        np.einsum("nd,kh->nkdh", x, d),
    ),
    r"$x_{nd} = (x^\top)_{dn}$": (x, np.einsum("dn->nd", x.T)),
}
LINES["The bias's gradient"] = {
    r"$db_h = \sum_k dy_{hk}$": (db, np.einsum("hk->h", dy)),
    r"$\dfrac{\partial y_{nk}}{\partial b_h} = \delta_{kh}$": (y_b, np.array([d, d, d])),
    r"$db_h = \frac1N \sum_n dy_{nh}$": (db, np.einsum("nh->h", dy) / 3),
    r"$db = \mathbf 1^\top dy$": (db, (np.ones((3, 1)).T @ dy)[0]),
    r"$db_h = \sum_n dy_{nh}$": (db, np.einsum("nh->h", dy)),
    r"$\dfrac{\partial y_{nk}}{\partial b_h} = 1$": (y_b, np.ones((3, 3, 3))),
    r"$db_h = \sum_{n,k} dy_{nk}\,\dfrac{\partial y_{nk}}{\partial b_h}$": (
        db,
        np.einsum("nk,nkh->h", dy, y_b),
    ),
}
LINES["The input's gradient"] = {
    r"$\dfrac{\partial y_{mh}}{\partial x_{nd}} = W_{dh}$": (
        y_x,
        np.einsum("mn,dh->mhnd", 1 + 0 * d, W),
    ),
    r"$dx_{nd} = \sum_{m,h} dy_{mh}\,\dfrac{\partial y_{mh}}{\partial x_{nd}}$": (
        dx,
        np.einsum("mh,mhnd->nd", dy, y_x),
    ),
    r"$dx = dy\,W^\top$": (dx, dy @ W.T),
    r"$dx_{nd} = \sum_h dy_{nh}\,W_{dh}$": (dx, np.einsum("nh,dh->nd", dy, W)),
    r"$dx = dy\,W$": (dx, dy @ W),
    r"$W_{dh} = (W^\top)_{hd}$": (W, np.einsum("hd->dh", W.T)),
    r"$dx = W^\top dy$": (dx, W.T @ dy),
    r"$\dfrac{\partial y_{mh}}{\partial x_{nd}} = \delta_{mn}\,W_{dh}$": (
        y_x,
        np.einsum("mn,dh->mhnd", d, W),
    ),
}


# Softmax and cross-entropy


def softmax(z):
    return np.exp(z) / np.sum(np.exp(z))


e, S, p = np.exp(z), np.sum(np.exp(z)), softmax(z)
row = p[None, :]
dp, de = jacobian(softmax)(z), jacobian(np.exp)(z)
dS = grad(lambda z: np.sum(np.exp(z)))(z)
through_softmax = p[:, None] * (d - p)
LINES["The softmax Jacobian"] = {
    r"$\dfrac{\partial e^{z_k}}{\partial z_j} = e^{z_k}$": (de, e[:, None] + 0 * d),
    r"$J = \operatorname{diag}(p) - p^\top p$": (dp, np.diag(p) - row.T @ row),
    r"$\dfrac{\partial S}{\partial z_j} = e^{z_j}$": (dS, e),
    r"$\dfrac{\partial p_k}{\partial z_j} = p_k\,(1 - p_k)$": (dp, (p * (1 - p))[:, None] + 0 * d),
    r"$\dfrac{\partial p_k}{\partial z_j} = p_k\,(\delta_{kj} - p_j)$": (dp, through_softmax),
    r"$\dfrac{\partial S}{\partial z_j} = S$": (dS, S + 0 * z),
    r"$\dfrac{\partial e^{z_k}}{\partial z_j} = \delta_{kj}\,e^{z_k}$": (de, d * e[:, None]),
    r"$\dfrac{\partial p_k}{\partial z_j} = "
    r"\dfrac{\delta_{kj}\,e^{z_k}\,S - e^{z_k}\,e^{z_j}}{S^2}$": (
        dp,
        (d * e[:, None] * S - np.outer(e, e)) / S**2,
    ),
}

label = np.array([0.1, 0.6, 0.3])


def cross_entropy(p):
    return -np.sum(label * np.log(p))


dz = grad(lambda z: cross_entropy(softmax(z)))(z)
LINES["The collapse to p − y"] = {
    r"$\dfrac{\partial L}{\partial z_j} = p_j - y_j$": (dz, p - label),
    r"$\dfrac{\partial L}{\partial z_j} = -y_j\,(1 - p_j)$": (dz, -label * (1 - p)),
    r"$\dfrac{\partial L}{\partial p_k} = -\dfrac{y_k}{p_k}$": (grad(cross_entropy)(p), -label / p),
    r"$\dfrac{\partial L}{\partial z_j} = "
    r"\sum_k \Bigl(-\dfrac{y_k}{p_k}\Bigr)\,p_k\,(\delta_{kj} - p_j)$": (
        dz,
        -(label / p) @ through_softmax,
    ),
    r"$\dfrac{\partial L}{\partial z_j} = y_j - p_j$": (dz, label - p),
    r"$\dfrac{\partial p_k}{\partial z_j} = p_k\,(\delta_{kj} - p_j)$": (dp, through_softmax),
    r"$\dfrac{\partial L}{\partial p_k} = -\log p_k$": (grad(cross_entropy)(p), -np.log(p)),
    r"$\dfrac{\partial L}{\partial z_j} = -y_j + p_j \sum_k y_k$": (dz, -label + p * np.sum(label)),
}


# Starting well: means over every outcome of a few coins, so exact


def mean(value, *coins):
    """The mean of value(outcomes) over independent coins, each {outcome: its probability}."""
    total = 0
    for outcomes in itertools.product(*coins):
        chance = np.prod([coin[outcome] for coin, outcome in zip(coins, outcomes)])
        total = total + chance * value(*outcomes)
    return total


def second(coin):
    """E[c²] of a coin; its variance, if its mean is 0."""
    return mean(lambda c: c**2, coin)


n_in, n_out = 2, 3
weight = {-1: 2 / 3, 2: 1 / 3}
entry, upstream = {-3: 0.5, 3: 0.5}, {-0.5: 0.8, 2: 0.2}
products = mean(lambda w, v: np.outer([w, v], [w, v]), weight, weight)
inputs = mean(lambda w, v: np.outer([w, v], [w, v]), entry, entry)
var_z = mean(lambda x, X, w, v: (x * w + X * v) ** 2, entry, entry, weight, weight)
var_dx = mean(lambda *c: np.dot(c[:3], c[3:]) ** 2, *3 * [upstream], *3 * [weight])
xavier = 2 / (n_in + n_out)
LINES["Xavier's variance"] = {
    r"$\operatorname{Var}(W) = \sqrt{\dfrac{2}{n_\text{in} + n_\text{out}}}$": (
        (n_in + n_out) / 2 * xavier**0.5,
        1,
    ),
    r"$E[W_{ij} W_{kj}] = \delta_{ik}\operatorname{Var}(W)$": (
        products,
        np.eye(2) * second(weight),
    ),
    r"$\operatorname{Var}(z_j) = \operatorname{Var}(W)\operatorname{Var}(x)$": (
        var_z,
        second(weight) * second(entry),
    ),
    r"$\operatorname{Var}(dx_i) = n_\text{out}\operatorname{Var}(W)\operatorname{Var}(dz)$": (
        var_dx,
        n_out * second(weight) * second(upstream),
    ),
    r"$E[z_j^2] = \sum_{i,k} E[x_i x_k]\,E[W_{ij} W_{kj}]$": (var_z, np.sum(inputs * products)),
    r"$\operatorname{Var}(z_j) = n_\text{in}^2 \operatorname{Var}(W)\operatorname{Var}(x)$": (
        var_z,
        n_in**2 * second(weight) * second(entry),
    ),
    r"$\operatorname{Var}(W) = \dfrac{2}{n_\text{in} + n_\text{out}}$": (
        (n_in + n_out) / 2 * xavier,
        1,
    ),
    r"$\operatorname{Var}(z_j) = n_\text{in}\operatorname{Var}(W)\operatorname{Var}(x)$": (
        var_z,
        n_in * second(weight) * second(entry),
    ),
}

before = {-2: 0.2, -1: 0.3, 1: 0.3, 2: 0.2}
hidden = {0: 0.5, 1: 0.3, 2: 0.2}
of_square = mean(lambda z: max(z, 0) ** 2, before)
after = mean(lambda h, H, w, v: (h * w + H * v) ** 2, hidden, hidden, weight, weight)
LINES["He's variance"] = {
    r"$E[h^2] = \int_0^\infty z^2\,p(z)\,dz$": (
        second(hidden),
        sum(z**2 * chance for z, chance in before.items() if z > 0),
    ),
    r"$\operatorname{Var}(W) = \dfrac{1}{2\,n_\text{in}}$": (
        n_in * 1 / (2 * n_in) * of_square,
        second(before),
    ),
    r"$\operatorname{Var}(z^\text{next}) = n_\text{in}\operatorname{Var}(W)\,E[h^2]$": (
        after,
        n_in * second(weight) * of_square,
    ),
    r"$\operatorname{Var}(z^\text{next}) = "
    r"n_\text{in}\operatorname{Var}(W)\operatorname{Var}(h)$": (
        after,
        n_in * second(weight) * (second(hidden) - mean(lambda h: h, hidden) ** 2),
    ),
    r"$\operatorname{Var}(W) = \dfrac{2}{n_\text{in}}$": (
        n_in * 2 / n_in * of_square,
        second(before),
    ),
    r"$E[h^2] = \frac12 \operatorname{Var}(z)$": (of_square, second(before) / 2),
    r"$E[h^2] = \operatorname{Var}(z)$": (of_square, second(before)),
    r"$\operatorname{Var}(z^\text{next}) = "
    r"\frac12\,n_\text{in}\operatorname{Var}(W)\operatorname{Var}(z)$": (
        after,
        n_in * second(weight) * second(before) / 2,
    ),
}


# Batch normalization, of one feature

feature, dhat = rng.standard_normal(3), rng.standard_normal(3)
N, eps = 3, 1e-2


def variance(x):
    return np.mean((x - np.mean(x)) ** 2)


def deviation(x):
    return np.sqrt(variance(x) + eps)


def normalized(x):
    return (x - np.mean(x)) / deviation(x)


centered, hat, dev = feature - np.mean(feature), normalized(feature), deviation(feature)
hat_x = jacobian(normalized)(feature)
dfeature = grad(lambda x: np.sum(dhat * normalized(x)))(feature)
LINES["Batch normalization's backward"] = {
    r"$\dfrac{\partial v}{\partial x_n} = 2\,(x_n - \mu)$": (grad(variance)(feature), 2 * centered),
    r"$\dfrac{\partial \hat x_m}{\partial x_n} = \dfrac1s\Bigl(\delta_{mn} - \dfrac1N"
    r" - \dfrac{\hat x_m\,\hat x_n}{N}\Bigr)$": (hat_x, (d - 1 / N - np.outer(hat, hat) / N) / dev),
    r"$dx_n = \dfrac{d\hat x_n}{s}$": (dfeature, dhat / dev),
    r"$\dfrac{\partial s}{\partial x_n} = \dfrac{\hat x_n}{N}$": (
        grad(deviation)(feature),
        hat / N,
    ),
    r"$\dfrac{\partial v}{\partial x_n} = \dfrac2N\,(x_n - \mu)$": (
        grad(variance)(feature),
        2 / N * centered,
    ),
    r"$dx_n = \dfrac1s\Bigl(d\hat x_n - \frac1N\sum_m d\hat x_m"
    r" - \hat x_n\,\frac1N\sum_m d\hat x_m\,\hat x_m\Bigr)$": (
        dfeature,
        (dhat - np.mean(dhat) - hat * np.mean(dhat * hat)) / dev,
    ),
    r"$\dfrac{\partial \mu}{\partial x_n} = \dfrac1N$": (grad(np.mean)(feature), np.ones(N) / N),
    r"$\dfrac{\partial \hat x_m}{\partial x_n} = \dfrac1s\Bigl(\delta_{mn} - \dfrac1N\Bigr)$": (
        hat_x,
        (d - 1 / N) / dev,
    ),
    r"$dx_n = \sum_m d\hat x_m\,\dfrac{\partial \hat x_m}{\partial x_n}$": (dfeature, dhat @ hat_x),
}


# Momentum and dropout

beta, eta, steady = 0.9, 0.1, 2.5
powers = beta ** np.arange(7)


def velocity(gradients):
    v = 0
    for g in gradients:
        v = beta * v + g
    return v


gradients = rng.standard_normal(7)
long_after = velocity([steady] * 500)
LINES["What momentum does to the learning rate"] = {
    r"$v_t = \sum_{k=1}^{t} \beta^{k}\,g_{k}$": (
        velocity(gradients),
        np.sum(beta ** np.arange(1, 8) * gradients),
    ),
    r"$\sum_{k=0}^{t-1} \beta^k = \dfrac{1 - \beta^t}{1 - \beta}$": (
        np.sum(powers),
        (1 - beta**7) / (1 - beta),
    ),
    r"$\lim_{t\to\infty} v_t = \dfrac{g}{1 - \beta}$": (long_after, steady / (1 - beta)),
    r"$\lim_{t\to\infty} v_t = g$": (long_after, steady),
    r"$v_t = \sum_{k=0}^{t-1} \beta^k\,g_{t-k}$": (
        velocity(gradients),
        np.sum(powers * gradients[::-1]),
    ),
    r"$\lim_{t\to\infty} (\theta_t - \theta_{t-1}) = -\dfrac{\eta}{1 - \beta}\,g$": (
        -eta * long_after,
        -eta / (1 - beta) * steady,
    ),
    r"$\sum_{k=0}^{t-1} \beta^k = \dfrac{1 - \beta^t}{1 + \beta}$": (
        np.sum(powers),
        (1 - beta**7) / (1 + beta),
    ),
    r"$v_t = g \sum_{k=0}^{t-1} \beta^k$": (velocity([steady] * 7), steady * np.sum(powers)),
}

drop, c = 0.3, 1 / (1 - 0.3)
coin, other = {0: drop, c: 1 - drop}, {0: drop, 5: 1 - drop}
mask = np.array([[c, 0, c], [0, c, c], [c, c, 0]])
dropped = grad(lambda x: np.sum(dy * mask * x))(x)
LINES["Dropout's scale"] = {
    r"$dx = m \odot dy$": (dropped, mask * dy),
    r"$c = \dfrac1p$": (mean(lambda kept: 1 / drop * (kept > 0), coin), 1),
    r"$E[m] = p \cdot 0 + (1 - p)\,c$": (mean(lambda m: m, other), drop * 0 + (1 - drop) * 5),
    r"$\dfrac{\partial y}{\partial x} = m$": (slope(lambda x: mask * x)(x), mask),
    r"$c = \dfrac{1}{1 - p}$": (mean(lambda kept: 1 / (1 - drop) * (kept > 0), coin), 1),
    r"$dx = \mathbf 1[m > 0] \odot dy$": (dropped, (mask > 0) * dy),
    r"$c = 1 - p$": (mean(lambda kept: (1 - drop) * (kept > 0), coin), 1),
    r"$E[y] = (1 - p)\,c\,x$": (mean(lambda m: m * x, other), (1 - drop) * 5 * x),
}
