#: relu 0
#: says: cannot be loaded
import importlib.machinery
import sys

del sys.modules["_signal"]
spec = importlib.machinery.BuiltinImporter.find_spec("_signal")
found = importlib.machinery.BuiltinImporter.create_module(spec)
