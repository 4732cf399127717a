"""Does a test notice when a line of the modules that matter most is wrong? Each is changed in one
place at a time, and the tests that judge it are run.

    targets          which modules are changed, and which tests judge each of them
    equivalents.toml changes that no test can notice, each with the reason
    mutants          all the changes of a module
    running          runs the tests over each change, in copies of the tree
    __main__         `make mutants`, or `make mutants MODULE=...` for some of the modules
"""
