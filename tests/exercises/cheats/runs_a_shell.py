#: relu 0
#: says: used 'os.system'
import os
os.system("cat /etc/passwd")
