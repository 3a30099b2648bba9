"""What a judge by itself cannot see, by the names of the cases. These are tried all the same: that it takes what was signed, with the
values that were signed, is asserted, so that nobody believes in a refusal that there is none of."""

BLIND = {
    "judge_xmlsec1": {
        # Nobody meddled with the signed assertion. What else is in the document, it does not ask.
        "evil assertion before",
        "evil assertion after",
        # Signed by the right key, and not meant for us, or not now: that is SAML.
        "another issuer, signed",
        "another audience, signed",
        "another recipient, signed",
        "answers no request of ours",
        "answers a request without there being one",
        "too late",
        "too early",
    },
}


def sees(judge, what):
    return what not in BLIND.get(judge, ())
