#: relu 0
#: says: No module named 'minireg'
from minireg.ops import relu
