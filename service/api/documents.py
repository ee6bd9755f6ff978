"""Answer with a stored document. It never changes, so whoever has it can keep it."""

from fastapi import Request, Response


def document(request: Request, text: str, content_hash: str) -> Response:
    """Return the document, or 304 if the client says that it has it."""
    tag = f'"{content_hash}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=31536000, immutable"}
    known = request.headers.get("if-none-match", "")
    if tag in known or known.strip() == "*":
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="application/json", headers=headers)
