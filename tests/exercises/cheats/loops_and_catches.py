#: relu 0
#: says: Is there a loop without end?
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
