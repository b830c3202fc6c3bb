#: relu 0
#: says: opened the file 'answer.txt'
with open("answer.txt", "w") as file:
    file.write("3 of 3 points")
