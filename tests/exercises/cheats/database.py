#: relu 0
#: says: _sqlite3
import sqlite3
sqlite3.connect("/tmp/answers")
