"""Floor 0: figures of plain NumPy arrays, independent of what the numbers mean.

Every function returns a matplotlib `Figure` that belongs to the caller: there is no current figure,
no window, no global state.  Save it with `save_figure` or take its `png_bytes`.

>>> figure = learning_curves({"a": [[0.5, 0.7, 0.9]]}, {"a": [[0.5, 0.6, 0.6]]})
>>> png_bytes(figure)[:4]
b'\\x89PNG'

Importing this package does not load matplotlib; drawing does.
"""

from .augmentation import plot_parameters
from .curves import learning_curves
from .figure import png_bytes, save_figure
from .gradients import plot_error_maps, plot_step_errors, plot_taylor_remainders
from .images import image_grid, image_rows, plot_masks
from .planes import plot_decision_boundary, plot_level_lines
from .training import rate_sweep, training_curves
from .weights import plot_coefficient_paths, plot_weights

__all__ = [
    "image_grid", "image_rows", "learning_curves", "plot_coefficient_paths",
    "plot_decision_boundary", "plot_error_maps", "plot_level_lines", "plot_masks",
    "plot_parameters", "plot_step_errors", "plot_taylor_remainders", "plot_weights", "png_bytes",
    "rate_sweep", "save_figure", "training_curves",
]  # fmt: skip
