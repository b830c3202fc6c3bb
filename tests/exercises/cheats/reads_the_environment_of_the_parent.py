#: relu 0
#: says: opened the file '/proc/
import os
secrets = open(f"/proc/{os.getppid()}/environ").read()
