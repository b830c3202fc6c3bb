"""Floor 6: a trained network from the outside, from Python and from the command line.

Read `settings.py` (everything that decides what is trained; `kinds.py` has the values that settings
take) and `run.py` (the training; `folder.py`: what it leaves in its folder).  It reads the data
(`inputs.py`), and builds the network (`architecture.py`), its optimizer (`optimization.py`), its
penalty and its augmentation (`regularization.py`).  `saved.py` is the trained model, which takes
new data (`new_data.py`).
"""

from .architecture import Architecture, build_model, choose_architecture
from .folder import FILES, read_run_settings
from .inputs import Parts, describe_shape
from .new_data import Examples
from .optimization import describe_optimizer
from .regularization import describe_regularizers
from .run import Result, Training, train
from .saved import SavedModel, load_model
from .settings import Settings, read_settings
