"""What is tried with each library, and what each cannot do by itself."""

from dataclasses import dataclass

MORE, XMLENC = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2001/04/xmlenc#"
URIS = {name: MORE + name for name in ["rsa-sha256", "rsa-sha384", "rsa-sha512"]}
URIS |= {name: MORE + name for name in ["ecdsa-sha256", "ecdsa-sha384"]}
DIGESTS = {"rsa-sha256": XMLENC + "sha256", "rsa-sha512": XMLENC + "sha512"}
DIGESTS |= {"ecdsa-sha256": XMLENC + "sha256", "ecdsa-sha384": MORE + "sha384"}
LIBRARIES = {
    "python3_saml": "python3-saml",
    "pysaml2": "pysaml2",
    "node_saml": "node-saml",
    "samlify": "samlify",
}


@dataclass(frozen=True)
class Case:
    """One service provider of one library, and the row of the table that it fills."""

    library: str
    row: str
    binding: str = "redirect"
    sign_requests: bool = True
    request_algorithm: str = "rsa-sha256"
    request_key: str = "rsa"
    sign: str = "assertion"
    cipher: str | None = None
    key: str = "rsa"
    algorithm: str = "rsa-sha256"
    logout: str | None = None

    @property
    def slug(self):
        """Of at most 50 characters, and another for each case."""
        text = self.row.lower()
        for long, short in [("encrypted with ", ""), ("request by http", "request"), (" signed", ""), ("service provider begins", "sp"), ("rolecall begins", "idp")]:
            text = text.replace(long, short)
        return "-".join("".join(c if c.isalnum() else " " for c in f"{self.library} {text}").split())


def sign_on(library):
    """In the order of the table."""
    yield Case(library, "request by HTTP-Redirect, unsigned", sign_requests=False)
    yield Case(library, "request by HTTP-Redirect, RSA-SHA256")
    yield Case(library, "request by HTTP-Redirect, RSA-SHA512", request_algorithm="rsa-sha512")
    yield Case(library, "request by HTTP-POST, unsigned", binding="post", sign_requests=False)
    yield Case(library, "request by HTTP-POST, RSA-SHA256", binding="post")
    yield Case(library, "request by HTTP-POST, RSA-SHA512", binding="post", request_algorithm="rsa-sha512")
    for binding, name in [("redirect", "HTTP-Redirect"), ("post", "HTTP-POST")]:
        for key, algorithm in [("p256", "ecdsa-sha256"), ("p384", "ecdsa-sha384")]:
            row = f"request by {name}, {algorithm.upper()}, {key.upper()}"
            yield Case(library, row, binding=binding, request_algorithm=algorithm, request_key=key)
    for sign, words in [("response", "response signed"), ("both", "assertion and response signed")]:
        yield Case(library, words, sign=sign)
    for cipher in ["aes-256-gcm", "aes-128-gcm", "aes-256-cbc"]:
        for sign in ["assertion", "response", "both"]:
            yield Case(library, f"encrypted with {cipher.upper()}, {sign} signed", sign=sign, cipher=cipher)
    for algorithm in ["rsa-sha384", "rsa-sha512"]:
        yield Case(library, f"signed with {algorithm.upper()}", algorithm=algorithm)
    for key, algorithm in [("p256", "ecdsa-sha256"), ("p384", "ecdsa-sha384")]:
        yield Case(library, f"signed with {algorithm.upper()}, {key.upper()}", key=key, algorithm=algorithm)


def logouts(library):
    for who in ["service provider", "Rolecall"]:
        for binding in ["redirect", "post"]:
            name = {"redirect": "HTTP-Redirect", "post": "HTTP-POST"}[binding]
            yield Case(library, f"logout that {who} begins, {name}", binding=binding, logout=binding)


ONLY_REDIRECT = "sends its messages by HTTP-Redirect only"
NO_ECDSA = "verifies no ECDSA signature in XML"
SIGNS_NO_EC = "signs no request with a key on an elliptic curve"
# What a library cannot do: (library, row) → why. The run tries it all the same, and fails when it works after all.
CANNOT = {
    **{(one, c.row): SIGNS_NO_EC for one in LIBRARIES for c in sign_on(one) if c.request_key != "rsa"},
    **{("python3_saml", c.row): ONLY_REDIRECT for c in sign_on("python3_saml") if c.binding == "post"},
    **{("python3_saml", c.row): ONLY_REDIRECT for c in logouts("python3_saml") if c.binding == "post"},
    ("node_saml", "logout that service provider begins, HTTP-POST"): ONLY_REDIRECT,
    **{(one, c.row): NO_ECDSA for one in ("node_saml", "samlify") for c in sign_on(one) if c.key != "rsa"},
    **{(one, "signed with RSA-SHA384"): "verifies no RSA-SHA384 signature in XML" for one in ("node_saml", "samlify")},
}
