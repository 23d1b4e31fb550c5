"""Multi-layer perceptrons and backpropagation in NumPy, to be read in an evening.

Read layers, initializers, losses, optimizers, gradcheck, data, training; their names can be
imported from here. plots and explore need Matplotlib.
"""

from .data import *  # noqa: F403
from .gradcheck import *  # noqa: F403
from .initializers import *  # noqa: F403
from .layers import *  # noqa: F403
from .losses import *  # noqa: F403
from .optimizers import *  # noqa: F403
from .training import *  # noqa: F403
