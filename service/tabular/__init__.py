"""Documents as flat tables, and tables as Parquet, CSV and Excel files."""
