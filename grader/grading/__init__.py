"""The grade of record: a stranger's notebook judged without ever sharing a process with it.

What is handed in
    submission   whose, which assignment, the answers   owner      whose it is, from where it lies
    folders, files, archives   the notebooks that are found, within bounds
    systems, roll   what Canvas, Moodle and Gradescope add; who of a class left no notebook
    notebook     the text of the code cells, nothing else
    assignment   the trusted notebook: which cells answer, which check, what a right answer prints
How it is judged
    sandbox, seccomp   one isolated process             worker, cells   what runs inside it
    wire         the bytes between the two              proxy      the learner's function, from here
    verdict      one answer judged                      engines    one submission: fast or nbval
    nbval, recorder, kernel   the one way to run nbval  bounds     every limit
    job, backends      many submissions: processes of this machine, or a Dask cluster
    scratch      temporary folders, removed even when their process cannot
    attacks, selftest  what a stranger might try, run on the machine that will grade
What comes out
    command, run       ``python -m grader grade``       store      --out: whole files, many graders
    table        grades.csv                             feedback, flags   what the student may read
    course       an instructor's own rules              report, exports   what a teacher needs next

How to use it stands in chapters/instructors.md.
"""
