#: relu 0
#: says: calls exit(): leave it out
import sys
sys.exit(0)
