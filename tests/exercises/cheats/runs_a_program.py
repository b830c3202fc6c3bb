#: relu 0
#: says: subprocess
import subprocess
subprocess.run(["python", "-c", "import minireg"])
