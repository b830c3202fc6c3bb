#: relu 0
#: says: opened the file '/proc/
import os
open(f"/proc/{os.getppid()}/mem", "rb")
