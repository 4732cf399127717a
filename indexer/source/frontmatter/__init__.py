"""Front matter: the bytes of a file to a tree of nodes with lines, its body, and what is wrong.

yaml_tree      YAML events to nodes; the only module that knows YAML
split          where the front matter ends and the body begins
diagnosis/     what is wrong with a YAML text, where, and what to write instead
nodes          what a tree is made of
"""
