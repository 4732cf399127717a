"""The evaluator in compiled code. It is there where a C compiler was when Newsdex was installed;
elsewhere `arrays` does the same with NumPy, and gives the same answers.

    evaluator   `Compiled`: a query in, what was found out
    writer      expressions written into programs
    kernel      runs programs, in Cython; its parts, each of which uses what stands before it:
                arena · best · lists · program · facets · columns · matches · leaves · rows ·
                scores · hits · index
"""
