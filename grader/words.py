"""What is said about mistakes that any task knows."""

from .diagnosis import Diagnosis

ADVICE = {
    "not-answered": "Write your answer in place of `raise NotImplementedError`, run the cell, then "
    "this one again.",
    "not-defined": "Keep the answer's first line as it was given, from `def` to the colon, and "
    "run its cell.",
    "not-callable": "Give the function itself, without parentheses: check(name, function).",
    "endless-loop": "Run it on a small input and print inside the loop: what never changes?",
    "too-slow": "Matrix products over whole minibatches are fast, loops over examples slow; fewer "
    "epochs and fewer hidden units may do. Print inside the loop: does it come to its end?",
    "too-much-memory": "Print the shapes of the arrays you make.",
    "returns-none": "End the function with `return` and the result.",
    "wrong-type": "Return exactly what the task asks for, made of NumPy arrays and plain numbers.",
    "wrong-arguments": "Keep the parameters as the task gives them.",
    "raises": "Run the function on the input below and read the last line of the error.",
}

# Where the task does not ask for arrays, "wrong-type" is advised otherwise.
TWO_WORDS = {
    "function": "Return a function: "
    "`def predict(X): …` inside, and `return predict` without calling it.",
    "iterable": "Let the function `yield` one pair after the other, or return a list of pairs.",
}

CHANGES = {
    "tag": "changes-argument",
    "text": "It fails when its arguments are read-only: it writes to one of them.",
    "advice": "Make a new array instead of writing into the one you were given.",
}
OVERWRITTEN = Diagnosis(
    "result-overwritten",
    "A later call changes the array that an earlier call returned.",
    "Make a new array in every call instead of reusing one.",
    "repeat",
)
DEPENDS = Diagnosis(
    "depends-on-earlier-calls",
    "The same call gives another result later on.",
    "Something outlives the call: a global, a default argument that is a list or an array, or "
    "random numbers that are not drawn from `rng`.",
    "repeat",
)
TRAINED_TWICE = Diagnosis(
    "depends-on-earlier-calls",
    "Trained twice from the same rng, it gives two different functions.",
    "All randomness has to come from `rng`, and nothing may outlive the call: look for "
    "`np.random.…`, for an rng of your own and for a global.",
    "repeat",
)
IGNORES_RNG = Diagnosis(
    "ignores-rng",
    "It gives the same result whatever `rng` is.",
    "Draw every random number from the rng that is given, not from `np.random` and not from an "
    "rng of your own; and keep nothing from one call to the next.",
    "repeat",
)
