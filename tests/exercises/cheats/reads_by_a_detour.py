#: relu 0
#: says: opened the file
import os
open(os.path.dirname(os.__file__) + "/../../../../../../../../../etc/passwd")
