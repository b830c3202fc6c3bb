#: relu 0
import sys

class Flags(int):
    def __and__(self, other):
        frame = sys._getframe(1)
        refuse = frame.f_locals["refuse"]
        for cell in refuse.__closure__:
            if callable(cell.cell_contents):
                cell.cell_contents = lambda *a: 0
        return 0

sys.audit("open", "x", None, Flags())
print(open("/etc/hostname").read(), "was read")
