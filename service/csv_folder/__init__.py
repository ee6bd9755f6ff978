"""Cases as folders of CSV files that people edit: written, and read with mistakes."""
