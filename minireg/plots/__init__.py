"""Floor 0: figures of plain NumPy arrays.

Every function returns a matplotlib `Figure` that belongs to nobody: there is no current figure, no
window, no global state.  Save it with `figure.savefig(...)` or take its `png_bytes`.

>>> import numpy as np
>>> figure = learning_curves({"none": np.array([[0.5, 0.7, 0.9]])}, {"none": [[0.5, 0.6, 0.6]]})
>>> png_bytes(figure)[:4]
b'\\x89PNG'

Importing this package does not load matplotlib; drawing does.
"""

from .comparison import gap_chart, memorised_chart
from .curves import learning_curves
from .figure import png_bytes, save_figure
from .images import image_grid, image_rows
from .network import dropout_picture, weight_histograms
from .training import rate_sweep, training_curves

__all__ = [
    "dropout_picture",
    "gap_chart",
    "image_grid",
    "image_rows",
    "learning_curves",
    "memorised_chart",
    "png_bytes",
    "rate_sweep",
    "save_figure",
    "training_curves",
    "weight_histograms",
]
