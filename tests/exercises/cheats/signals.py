#: relu 0
#: says: signal
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
