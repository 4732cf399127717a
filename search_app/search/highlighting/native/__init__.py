"""What `plain` does, in compiled code: it is there if a C compiler was when Newsdex was installed.

scan      searches texts for keys while it folds them
html      writes texts as HTML, with marks
"""
