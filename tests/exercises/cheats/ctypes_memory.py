#: relu 0
#: says: ctypes
import ctypes
ctypes.string_at(0)
