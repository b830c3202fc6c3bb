#: relu 0
#: says: loaded the compiled module | _socket cannot be loaded
import sys
del sys.modules["_socket"]
import _socket
