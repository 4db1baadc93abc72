"""Pupils, classes, families and staff out of the files that a school's own system writes.

`columns` says what may be in a file, `reading` makes rows of bytes, `cells` makes values of cells, `checking` says
what a row would do, `applying` does it, `services` holds it all together.
"""
