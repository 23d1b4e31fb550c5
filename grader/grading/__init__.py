"""The grade of record: a stranger's notebook judged without ever sharing a process with it.

    submission   what is taken from a file: the text of its answer cells, nothing else
    assignment   the trusted notebook: which cells answer, which check, what a right answer prints
    sandbox      starts one isolated process      worker   what runs inside it
    wire         the bytes between the two        proxy    the learner's function, seen from here
    verdict      one answer judged                engines  one submission judged: fast or nbval
    kernel, plugin   the two ends of a run of nbval
    job, backends    many submissions: processes of this machine, or a Dask cluster
    report       grades.csv, results/, feedback/  command  ``python -m grader grade``

How to use it stands in chapters/instructors.md.
"""
