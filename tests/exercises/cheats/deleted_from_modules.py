#: relu 0
#: says: loaded the compiled module
import sys
del sys.modules["_socket"]
import _socket
