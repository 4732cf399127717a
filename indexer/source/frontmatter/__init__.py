"""Front matter: a file's bytes to a tree of nodes with lines, its body, and what was wrong.

tree                                 bytes → events → nodes; the only module that knows YAML
sections      faults                 where the front matter is; what to do about a fault
              shape · indent · quotes · prose      the kinds of faults
nodes         lines                  what a tree is made of; what a remedy is
"""
