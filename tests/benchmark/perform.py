"""The process of one request: read it, perform it, write what came of it."""

import pickle
import sys
from pathlib import Path


def main() -> None:
    """Perform the request in the first file, write the answer to the second."""
    request, answer = map(Path, sys.argv[1:])
    asked = pickle.loads(request.read_bytes())  # noqa: S301 - written by the benchmark
    answer.write_bytes(pickle.dumps(asked.perform()))


if __name__ == "__main__":
    main()
