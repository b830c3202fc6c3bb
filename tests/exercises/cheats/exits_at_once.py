#: relu 0
#: says: ended Python (exit code 0)
import os
os._exit(0)
