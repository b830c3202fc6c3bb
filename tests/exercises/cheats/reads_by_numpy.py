#: relu 0
#: says: opened the file
import numpy as np
text = np.fromfile("/etc/passwd", dtype=np.uint8)
