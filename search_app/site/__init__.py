"""What settings say of a site: its colours and links, and which others may embed it.

colours    an accent colour that can be read, and what follows from it
footer     the links at the bottom of every page
origins    other sites that may ask the API or show a page in a frame
"""
