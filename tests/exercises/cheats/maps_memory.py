#: relu 0
#: says: mmap
import mmap
mmap.mmap(-1, 2**30)
