"""Documents as flat tables, and tables as Parquet and CSV files."""
