"""Floor 6: train a network from settings, save it, and use it on new data.

Read `settings.py` (everything that decides what is trained; `kinds.py`: the values that settings
take) and `run.py` (the training; `folder.py`: the files that it writes).  `run.py` reads the data
(`inputs.py`) and builds the network (`architecture.py`), its optimizer (`optimization.py`), its
penalty and its augmentation (`regularization.py`).  `saved.py` holds the trained model, which can
read new data (`new_data.py`).
"""

from .architecture import Architecture, build_model, choose_architecture
from .folder import FILES, read_run_settings
from .inputs import Parts, describe_shape
from .new_data import Examples, read_images
from .optimization import describe_optimizer
from .regularization import describe_regularizers
from .run import Result, Training, train
from .saved import SavedModel, load_model
from .settings import Settings, read_settings
