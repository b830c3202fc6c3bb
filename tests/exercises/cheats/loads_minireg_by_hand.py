#: relu 0
#: says: opened the file
import importlib.util
import sys

folder = sys.modules["__main__"].__file__.removesuffix("grader/worker.py")
spec = importlib.util.spec_from_file_location("answer", folder + "path/relu.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
relu = module.relu
