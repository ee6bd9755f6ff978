"""An OpenID provider on this machine, as a process of its own.

It has discovery, keys, and a token endpoint for programs (client credentials). Beyond
what a provider does, a test may have it sign anything, change its keys, fail, and say
how often it was asked. As a program it prints its address.
"""

import base64
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests.service.processes import end

REALM = "/realms/vault"
DISCOVERY = f"{REALM}/.well-known/openid-configuration"
KEYS, TOKEN, LARGE = f"{REALM}/keys", f"{REALM}/token", "/large"
ROOT = Path(__file__).parents[4]
MODULE = "tests.service.identity.openid.provider_process"
# Programs that it knows, and their secrets.
PROGRAMS = {"erp": "the secret of the ERP", "stranger": "another secret"}
LIFETIME_S = 300


class Provider:
    """The provider, as a test sees it."""

    def __init__(self, origin: str) -> None:
        self.issuer = f"{origin}{REALM}"
        self.http = httpx2.Client(base_url=origin, trust_env=False)

    def token(self, program: str = "erp", **form: str) -> str:
        """Return a token that the provider gives a program, as any program asks."""
        answer = self.http.post(
            TOKEN,
            data={"grant_type": "client_credentials", **form},
            auth=(program, PROGRAMS[program]),
        )
        return str(answer.raise_for_status().json()["access_token"])

    def signed(
        self, header: Mapping[str, object] | None = None, **claims: object
    ) -> str:
        """Return a token with some claims changed, signed all the same.

        A claim that is None is left out.
        """
        body = {"header": header or {}, "claims": claims}
        return self.http.post("/sign", json=body).raise_for_status().text

    def rotate(self) -> None:
        """Have it take another key in place of its own."""
        self.http.post("/rotate").raise_for_status()

    def public_keys(self) -> Any:  # noqa: ANN401 - JSON
        """Return the keys that it shows."""
        return self.http.get(KEYS).json()

    def behave(self, how: str) -> None:
        """Have it answer in some way from now on when it is asked for its keys."""
        self.http.post("/behave", content=how).raise_for_status()

    def times_asked(self) -> int:
        """Return how often it was asked where its keys are."""
        return int(self.http.get("/count").text)


@contextmanager
def running_provider() -> Generator[Provider]:
    """Start a provider; yield it; end it."""
    process = subprocess.Popen(  # noqa: S603 - the same Python
        [sys.executable, "-m", MODULE], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield Provider(process.stdout.readline().decode().strip())
    finally:
        end(process)
        process.stdout.close()


class _Answers(BaseHTTPRequestHandler):
    """Answers of the provider. It has one key at a time, of another kind each time."""

    key: RSAKey | ECKey = RSAKey.generate_key(2048, {"alg": "RS256"}, auto_kid=True)
    behaviour = "usual"
    count: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """Answer what is read."""
        self.count[self.path] += 1
        if self.path == "/count":
            self._send(str(self.count[DISCOVERY]))
        elif self.behaviour == "down":
            self._send("no", 500)
        elif self.behaviour == "elsewhere":
            self._send("", 302, Location=f"{self._issuer()}/keys")
        elif self.path == DISCOVERY:
            other = self.behaviour == "impostor"
            issuer = "https://other.example" if other else self._issuer()
            keys = LARGE if self.behaviour == "large" else KEYS
            jwks_uri = f"{self._origin()}{keys}"
            self._send(json.dumps({"issuer": issuer, "jwks_uri": jwks_uri}))
        elif self.path == KEYS:
            self._send(json.dumps(KeySet([self.key]).as_dict(private=False)))
        elif self.path == LARGE:
            self._send(json.dumps({"keys": [], "more": "x" * 1_000_000}))

    def do_POST(self) -> None:
        """Answer what is asked for."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        answers = type(self)
        if self.path == TOKEN:
            self._give_token(parse_qs(body))
        elif self.path == "/sign":
            asked = json.loads(body)
            self._send(self._signed(asked["header"], asked["claims"]))
        elif self.path == "/behave":
            answers.behaviour = body
            self._send("")
        elif self.path == "/rotate":
            answers.key = (
                ECKey.generate_key("P-256", {"alg": "ES256"}, auto_kid=True)
                if isinstance(self.key, RSAKey)
                else RSAKey.generate_key(2048, {"alg": "RS256"}, auto_kid=True)
            )
            self._send("")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Log nothing."""

    def _give_token(self, form: Mapping[str, list[str]]) -> None:
        login = self.headers.get("Authorization", "").removeprefix("Basic ")
        program, _, secret = base64.b64decode(login).decode().partition(":")
        if PROGRAMS.get(program) != secret:
            self._send("{}", 401)
            return
        scope = form.get("scope", ["openid"])[0]
        claims = {"sub": f"service-{program}", "azp": program, "scope": scope}
        token = self._signed({}, claims)
        answer = {"access_token": token, "token_type": "Bearer"}
        self._send(json.dumps(answer | {"expires_in": LIFETIME_S}))

    def _signed(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        now = int(time.time())
        usual = {
            "iss": self._issuer(),
            "aud": "strongroom",
            "sub": "service-erp",
            "azp": "erp",
            "iat": now,
            "exp": now + LIFETIME_S,
        }
        # The times of a test are from now on.
        moved = {
            name: now + value
            for name, value in claims.items()
            if name in {"iat", "exp", "nbf"} and isinstance(value, int)
        }
        whole = {k: v for k, v in {**usual, **claims, **moved}.items() if v is not None}
        key = self.key
        named = {"alg": key.get("alg"), "kid": key.kid, "typ": "at+jwt", **header}
        kept = {name: value for name, value in named.items() if value is not None}
        return jwt.encode(kept, whole, key, default_type=None)

    def _origin(self) -> str:
        # The name by which it was reached.
        return f"http://{self.headers['Host']}"

    def _issuer(self) -> str:
        return f"{self._origin()}{REALM}"

    def _send(self, text: str, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())


def main() -> None:
    """Serve on a free port until the process is ended."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answers) as server:
        sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    main()
