#: relu 0
#: says: readline
import readline
readline.read_history_file("/etc/passwd")
