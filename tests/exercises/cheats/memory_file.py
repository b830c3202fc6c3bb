#: relu 0
#: says: ended Python
import os

place = os.memfd_create("relu")
os.write(place, b"x" * 100)
