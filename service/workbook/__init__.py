"""Cases as workbooks that people edit: written, and read with every mistake's cell."""
