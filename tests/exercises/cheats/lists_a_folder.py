#: relu 0
#: says: listed the folder
import os
names = os.listdir("/")
