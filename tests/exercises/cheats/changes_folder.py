#: relu 0
#: says: used 'os.chdir'
import os
os.chdir("/")
