"""What people read of results: the HTML report, the sheet of a row, CSV, XLSX, captions, a comparison.

What they say was judged and stored before; nothing is judged here.
"""
