"""Front matter: the bytes of a file to a tree of nodes with lines, its body, and what is wrong.

front_matter   a whole file: its tree, its body, and every problem
yaml_tree      YAML events to nodes; the only module that knows YAML
object_tree    TOML and JSON to the same nodes
split          where the front matter ends, the body begins, and which language it is in
diagnosis/     what is wrong with a YAML text, where, and what to write instead
remarks        the warnings about what was left out
nodes          what a tree is made of
"""
