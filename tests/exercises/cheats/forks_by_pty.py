#: relu 0
#: says: used 'os.forkpty'
import os

os.forkpty()
