"""What makes the pages those of one site: its name, colours, logo and links, and who may embed it.

look       all of it, read once when the application is made
colours    an accent colour that can be read, and what follows from it
footer     the links at the bottom of every page
origins    other sites that may ask the API or show a page in a frame
"""
