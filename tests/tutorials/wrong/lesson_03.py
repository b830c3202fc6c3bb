"""Lesson 3: wrong answers of students, and what the report or the error tells them."""

STOP = """
best = {start}
for epoch, loss in enumerate(losses, start=1):
    if loss {better} losses[{other}]:
        best = epoch
    if epoch - best {over} patience:
        return epoch, best
return len(losses), best"""
RIGHT = {"start": 1, "better": "<", "other": "best - 1", "over": ">="}
COUNTED_ON = """
best, waited = 1, 0
for epoch, loss in enumerate(losses, start=1):
    if loss < losses[best - 1]:
        best = epoch
    elif epoch > 1:
        waited += 1
    if waited == patience:
        return epoch, best
return len(losses), best"""
FROM_ZERO = """
best = 0
for epoch, loss in enumerate(losses):
    if loss < losses[best]:
        best = epoch
    if epoch - best >= patience:
        return epoch, best
return len(losses) - 1, best"""
AFTER_THE_LAST = """
best = 1
for epoch, loss in enumerate(losses, start=1):
    if loss < losses[best - 1]:
        best = epoch
    if epoch - best >= patience:
        return epoch, best"""
GAP = "return train_accuracy - new_accuracy, np.sqrt(new_accuracy * (1 - new_accuracy) / n)"

# exercise, answer, what is told
WRONG = [
    (1, "return", "but you returned None"),
    (1, "return np.sum(logits.argmax(axis=1) == labels)", "the number of right answers"),
    (1, "return 100 * np.mean(logits.argmax(axis=1) == labels)", "This is a percentage"),
    (1, "return np.mean(logits.argmax(axis=1) != labels)", "the share of wrong answers"),
    (1, "return logits.argmax(axis=1) == labels", "take their mean"),
    (1, "return np.mean(logits.argmax(axis=0) == labels)", "could not be broadcast"),
    (1, "return np.mean(logits.argmax() == labels)", "the place of the largest number"),
    (1, "return np.mean(logits.max(axis=1) == labels)", "not the number, in each row"),
    (1, "return np.mean(logits[np.arange(len(labels)), labels] > 0)", "Do only logits above 0"),
    (1, "return np.mean(logits[np.arange(len(labels)), labels] > 0.5)", "no probabilities"),
    (2, "return", "but you returned None"),
    (2, "return train_accuracy - new_accuracy", "Return two numbers"),
    (2, GAP.replace("train_accuracy - new", "new_accuracy - train"), "The sign of the gap"),
    (2, GAP.replace("np.sqrt", ""), "its root is missing"),
    (2, GAP.replace(" / n", ""), "where is n?"),
    (2, GAP.replace(" / n)", ") / n"), "The root of n is missing"),
    (2, GAP.replace("(new_accuracy * (1 - new", "(train_accuracy * (1 - train"), "is exact"),
    (2, GAP.replace("/ n", "/ (n - 1)"), "not by n - 1"),
    (3, "return", "but you returned None"),
    (3, "return len(losses), 1 + int(np.argmin(losses))", "training never gets to 10"),
    (3, "return 8, 1 + int(np.argmin(losses))", "is not known then"),
    (3, FROM_ZERO, "Epochs count from 1"),
    (3, STOP.format(**RIGHT).replace("epoch, best", "epoch, epoch"), "is not the best one"),
    (3, STOP.format(**RIGHT).replace("epoch, best", "epoch, min(losses[:epoch])"), "a loss"),
    (3, STOP.format(**RIGHT | {"over": ">"}), "one too many"),
    (3, STOP.format(**RIGHT | {"over": "+ 1 >="}), "only two epochs"),
    (3, STOP.format(**RIGHT | {"better": "<="}), "An equal loss is not an improvement"),
    (3, STOP.format(**RIGHT | {"other": "epoch - 2"}), "training never gets to 10"),
    (3, COUNTED_ON, "an improvement starts the count anew"),
    (3, AFTER_THE_LAST, "but you returned None. (The losses are"),
]
