#: relu 0
#: says: started a thread
import threading

def go_on():
    while True:
        pass

threading.Thread(target=go_on, daemon=True).start()
