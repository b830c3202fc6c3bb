#: relu 0
import sys
del sys.modules["_socket"]
import _socket
