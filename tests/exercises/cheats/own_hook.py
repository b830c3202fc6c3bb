#: relu 0
#: says: used 'sys.addaudithook'
import sys

sys.addaudithook(lambda *a: None)
