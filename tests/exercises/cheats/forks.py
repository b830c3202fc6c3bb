#: relu 0
#: says: used 'os.fork'
import os
if os.fork() == 0:
    while True:
        pass
