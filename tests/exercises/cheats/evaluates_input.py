#: relu 0
#: says: EOFError
eval(input("What is the answer? "))
