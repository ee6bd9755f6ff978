"""Problems as files of public formats (SMPS, MPS), and such files as problems."""
