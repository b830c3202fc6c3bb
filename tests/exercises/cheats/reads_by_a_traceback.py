#: relu 0
#: says: opened the file '/etc/passwd'
exec(compile("1 / 0", "/etc/passwd", "exec"))
