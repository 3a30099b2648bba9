"""What is tried with each library, and what each cannot do by itself."""

from dataclasses import dataclass, replace

MORE, XMLENC = "http://www.w3.org/2001/04/xmldsig-more#", "http://www.w3.org/2001/04/xmlenc#"
URIS = {name: MORE + name for name in ["rsa-sha256", "rsa-sha384", "rsa-sha512"]}
URIS |= {name: MORE + name for name in ["ecdsa-sha256", "ecdsa-sha384", "ecdsa-sha512"]}
DIGESTS = {"256": XMLENC + "sha256", "384": MORE + "sha384", "512": XMLENC + "sha512"}
DIGESTS = {name: DIGESTS[name[-3:]] for name in URIS}
LIBRARIES = {
    "python3_saml": "python3-saml",
    "pysaml2": "pysaml2",
    "node_saml": "node-saml",
    "samlify": "samlify",
}
RSA = ["rsa-sha256", "rsa-sha384", "rsa-sha512"]
ECDSA = [("p256", "ecdsa-sha256"), ("p384", "ecdsa-sha384")]
SIGNING = [*(("rsa", algorithm) for algorithm in RSA), *ECDSA]
SIGNS = ["assertion", "response", "both"]
CIPHERS = ["aes-256-gcm", "aes-128-gcm", "aes-256-cbc"]
BINDINGS = {"redirect": "HTTP-Redirect", "post": "HTTP-POST"}
BEGINNERS = {"sp": "service provider", "idp": "Rolecall"}


@dataclass(frozen=True)
class Case:
    """One service provider of one library, and the row of the table that it is in."""

    library: str
    row: str
    # What sets it apart in its row.
    variant: str = ""
    binding: str = "redirect"
    sign_requests: bool = True
    request_algorithm: str = "rsa-sha256"
    request_key: str = "rsa"
    sign: str = "assertion"
    cipher: str | None = None
    key: str = "rsa"
    algorithm: str = "rsa-sha256"
    # Who begins the logout after the sign-on, if there is one: "sp" or "idp".
    begins: str | None = None
    encrypted_name_id: bool = False
    number: int = 0

    @property
    def name(self):
        return f"{self.row} ({self.variant})" if self.variant else self.row

    @property
    def slug(self):
        return f"{self.library.replace('_', '-')}-{self.number}"


def algorithm_name(key, algorithm):
    return algorithm.upper() if key == "rsa" else f"{algorithm.upper()}, {key.upper()}"


def requests(library):
    """Each binding with each signature: answered in clear, and encrypted in every way."""
    for binding, name in BINDINGS.items():
        ways = [("unsigned", {"sign_requests": False})]
        ways += [(algorithm_name(k, a), {"request_key": k, "request_algorithm": a}) for k, a in SIGNING]
        for turn, (words, given) in enumerate(ways):
            row = f"request by {name}, {words}"
            yield Case(library, row, binding=binding, **given)
            # None of the libraries has these, and one attempt shows it.
            if given.get("request_key", "rsa") != "rsa":
                continue
            row += ", answer encrypted"
            for number, cipher in enumerate(CIPHERS):
                sign = SIGNS[(number + turn) % 3]
                yield Case(library, row, f"{cipher}, {sign} signed", binding=binding, sign=sign, cipher=cipher, **given)


def answers(library):
    """Each algorithm with each cipher and none, over the assertion, the response and both."""
    for key, algorithm in [*SIGNING, ("p384", "ecdsa-sha512")]:
        for cipher in [None, *CIPHERS]:
            hidden = f"encrypted with {cipher.upper()}" if cipher else "in clear"
            row = f"answer signed with {algorithm_name(key, algorithm)}, {hidden}"
            for sign in SIGNS:
                yield Case(library, row, f"{sign} signed", sign=sign, cipher=cipher, key=key, algorithm=algorithm)


def logouts(library):
    """Each way, with each algorithm on both sides where both have it, and after every encrypted sign-on."""
    for begins, who in BEGINNERS.items():
        for binding, name in BINDINGS.items():
            way = f"logout that {who} begins, {name}"
            for key, algorithm in SIGNING:
                asked = algorithm if key == "rsa" else "rsa-sha256"
                row = f"{way}, {algorithm_name(key, algorithm)}"
                yield Case(library, row, binding=binding, begins=begins, request_algorithm=asked, key=key, algorithm=algorithm)
            for cipher in CIPHERS:
                row = f"{way}, after a sign-on encrypted with {cipher.upper()}"
                for sign in SIGNS:
                    yield Case(library, row, f"{sign} signed", binding=binding, begins=begins, sign=sign, cipher=cipher)
            if begins == "sp":
                row = f"{way}, NameID encrypted"
                yield Case(library, row, binding=binding, begins=begins, cipher=CIPHERS[0], encrypted_name_id=True)


def cases(library):
    """In the order of the table."""
    found = [*requests(library), *answers(library), *logouts(library)]
    return [replace(case, number=number) for number, case in enumerate(found, 1)]


ONLY_REDIRECT = "The library sends its messages by HTTP-Redirect only."
SIGNS_NO_EC = "The library signs no request with a key on an elliptic curve."
SIGNS_NO_384 = "The library signs no request with RSA-SHA384."
READS_NO_384 = "The library verifies no RSA-SHA384 signature in XML."
READS_NO_EC = "The library verifies no ECDSA signature in XML."
READS_NO_EC_QUERY = "The library verifies no ECDSA signature of a query."
NO_ENCRYPTED_NAME_ID = "The library encrypts no NameID."
# A library may not say so, and send what is refused here.
SIGNS_NONE = (SIGNS_NO_EC, SIGNS_NO_384)
NODE = ("node_saml", "samlify")


def cannot(case):
    """Why it does not work, or None. The run tries it all the same, and fails when it works after all."""
    library = case.library
    if library == "python3_saml" and case.binding == "post":
        return ONLY_REDIRECT
    if case.request_key != "rsa":
        return SIGNS_NO_EC
    if library in NODE and case.request_algorithm == "rsa-sha384":
        return SIGNS_NO_384
    if library == "node_saml" and case.binding == "post" and case.begins == "sp":
        return ONLY_REDIRECT
    if library in NODE and case.algorithm == "rsa-sha384":
        return READS_NO_384
    if library in NODE and case.key != "rsa":
        return READS_NO_EC
    if case.begins and case.binding == "redirect" and case.key != "rsa":
        return READS_NO_EC_QUERY
    if case.encrypted_name_id and library != "python3_saml":
        return NO_ENCRYPTED_NAME_ID
    return None
