#: relu 0
#: says: used 'os.exec'
import os
os.execv("/bin/sh", ["sh", "-c", "true"])
