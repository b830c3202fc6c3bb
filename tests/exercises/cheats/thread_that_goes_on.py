#: relu 0
#: says: used '_thread.start_new_thread'
import threading

def go_on():
    while True:
        pass

threading.Thread(target=go_on, daemon=True).start()
