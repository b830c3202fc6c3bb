"""rotation: which way an image turns, and where each pixel comes from."""

import numpy as np

from ..checks import Property, Values
from ..comparing import compare
from ..exercise import Exercise
from ..student import describe_inputs


def rotation(degrees):
    cos, sin = np.cos(np.deg2rad(degrees)), np.sin(np.deg2rad(degrees))
    return np.array([[cos, -sin], [sin, cos]])


def rotation_inverse(degrees, height, width):
    back = rotation(-degrees)
    centre = np.array([(height - 1) / 2, (width - 1) / 2])
    return np.column_stack([back, centre - back @ centre])


ANGLES = tuple({"degrees": degrees} for degrees in (30.0, -45.0, 200.0))
IMAGES = (
    {"degrees": 0, "height": 3, "width": 5},
    {"degrees": 90, "height": 3, "width": 3},
    {"degrees": 30.0, "height": 5, "width": 8},
    {"degrees": -100.0, "height": 6, "width": 4},
)


def name_call(student, function, given):
    return f"{function}{student.locate(function)}, called with {describe_inputs(given)}:"


def a_full_turn_is_360_degrees(student):
    given = {"degrees": 360}
    if difference := compare(student.call("rotation", 360), np.eye(2), given):
        return (
            f"{name_call(student, 'rotation', given)}\n{difference}\n360 degrees are a full turn, "
            f"which changes nothing. np.cos and np.sin take radians, and not degrees."
        )


def a_positive_angle_turns_counter_clockwise(student):
    given, found = {"degrees": 90}, student.call("rotation", 90)
    if difference := compare(found, rotation(90), given):
        clockwise = (
            "\nYours moves the point (0, 1), on the right of the centre, to (1, 0). Rows are "
            "counted downwards, so this is below the centre: clockwise."
        )
        opposite = not compare(found, rotation(-90), {})
        return f"{name_call(student, 'rotation', given)}\n{difference}{clockwise * opposite}"


EXERCISE = Exercise(
    title="Turn an image",
    statement="""
To turn an image, we turn points. A point is (r, c): a row and a column. Rows
are counted downwards and columns to the right. A positive angle turns the
image counter-clockwise, as you see it on the screen.

1. rotation(degrees): the matrix R (2, 2) that moves a point about (0, 0),

       new point = R @ (r, c)

   R for 90 degrees moves (0, 1), on the right, to (-1, 0), above. An angle of
   30 degrees goes a third of this way.

2. rotation_inverse(degrees, height, width): for each pixel of the turned
   image we must know where it comes from. This is the way back, and the centre
   of the image, ((height - 1) / 2, (width - 1) / 2), does not move. Return
   the matrix A (2, 3) with

       point in the image = A @ (r, c, 1)

   where (r, c) is the point in the turned image. The last column of A is the
   shift.

degrees is a number, and height and width are whole numbers.
""",
    stub='''
def rotation(degrees):
    """Return R, of shape (2, 2)."""
    return ...  # replace this line


def rotation_inverse(degrees, height, width):
    """Return A, of shape (2, 3)."""
    return ...  # replace this line
''',
    checks=(
        Property(a_full_turn_is_360_degrees),
        Property(a_positive_angle_turns_counter_clockwise),
        Values(rotation, *ANGLES),
        Values(rotation_inverse, *IMAGES),
    ),
    hints=(
        "The columns of R are the points to which (1, 0) and (0, 1) move. For 90 degrees (0, 1) "
        "moves to (-1, 0). Where does (1, 0), below the centre, move to?",
        "With cos and sin of the angle, (0, 1) moves to (-sin, cos) and (1, 0) to (cos, sin). "
        "np.deg2rad turns degrees into radians.",
        "The way back is the rotation by -degrees, B = rotation(-degrees). About the centre m it "
        "is B @ (p - m) + m. Which part of this is the shift?",
        "B @ (p - m) + m = B @ p + (m - B @ m). np.column_stack([B, m - B @ m]) makes A.",
    ),
)
