#: relu 0
#: says: loaded the compiled module | has no attribute '__file__'
import importlib.machinery
import importlib.util
import math
import os

folder = os.path.dirname(math.__file__)
path = folder + "/" + next(f for f in os.listdir(folder) if f.startswith("_posixsubprocess"))
loader = importlib.machinery.ExtensionFileLoader("x._posixsubprocess", path)
loader.create_module(importlib.util.spec_from_loader("x._posixsubprocess", loader))
