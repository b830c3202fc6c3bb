#: relu 0
#: says: Is there a loop without end?
while True:
    pass
