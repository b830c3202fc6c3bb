#: relu 0
#: says: used 'os.symlink'
import os
os.symlink("/etc/passwd", "passwd")
