"""A browser without JavaScript: it keeps cookies, follows redirects on our own server, fills in the sign-in form, and says
where it would go next when that is somewhere else."""

import html
import http.cookiejar
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass

PASSWORD = "analytical-engine-1843"


@dataclass(frozen=True)
class Elsewhere:
    """The browser goes to a service provider, by GET with a query or by POST with fields."""

    url: str
    query: str | None
    fields: dict | None

    @property
    def binding(self):
        return "redirect" if self.fields is None else "post"


@dataclass(frozen=True)
class Page:
    """The browser stays here."""

    status: int
    body: str


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Browser:
    def __init__(self, url, username):
        self.url, self.username = url, username
        jar = http.cookiejar.CookieJar(http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https")))
        cookies = urllib.request.HTTPCookieProcessor(jar)
        self.opener = urllib.request.build_opener(cookies, urllib.request.ProxyHandler({}), Stay)

    def send(self, url, fields=None):
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        try:
            with self.opener.open(urllib.parse.urljoin(self.url, url), data, timeout=60) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def go(self, carried):
        """From {"url"} or {"url", "fields"} to a Page or Elsewhere."""
        url, fields = carried["url"], carried.get("fields")
        for _ in range(10):
            target = urllib.parse.urljoin(self.url, url)
            if not target.startswith(self.url + "/"):
                return Elsewhere(target, urllib.parse.urlsplit(target).query if fields is None else None, fields)
            status, headers, body = self.send(target, fields)
            if status in (302, 303):
                url, fields = headers["Location"], None
            elif onward := re.search(r'<meta[^>]*http-equiv="refresh"[^>]*content="\d+;\s*url=([^"]*)"', body):
                url, fields = html.unescape(onward[1]), None
            elif action := re.search(r'<form id="loginForm" method="post" action="([^"]*)"', body):
                url, fields = html.unescape(action[1]), {"username": self.username, "password": PASSWORD}
            elif found := re.findall(r'name="(SAMLRe\w+|RelayState)" value="([^"]*)"', body):
                action = re.search(r'<form[^>]* action="([^"]*)"', body)
                url, fields = html.unescape(action[1]), {name: html.unescape(value) for name, value in found}
            else:
                return Page(status, body)
        raise AssertionError("the browser goes in a circle")

    def signed_in(self):
        """The sign-in page sends on who is. The portal would draw hundreds of tiles to tell."""
        return self.send("/login")[0] == 303
