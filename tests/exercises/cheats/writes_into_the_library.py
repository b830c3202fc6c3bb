#: relu 0
#: says: opened the file
import os
import numpy as np

with open(os.path.join(os.path.dirname(np.__file__), "cheat.py"), "w") as file:
    file.write("relu = 1")
