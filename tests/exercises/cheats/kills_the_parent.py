#: relu 0
#: says: used 'os.kill'
import os
os.kill(os.getppid(), 9)
