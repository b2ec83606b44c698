"""The address of a database: taken apart as PostgreSQL does, shown without secrets, and encrypted unless it is near."""

from __future__ import annotations

import configparser
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from atlas.errors import InputError, UsageError

SCHEMES = ("postgresql://", "postgres://")
HIDDEN = "…"
_LEAST_SECRET = 4
# pathlib makes one slash of two; a password may have blanks; a word of a list such as host=… password=… may be quoted
_SCHEME = re.compile(r"(?<![\w+.-])[\w+.-]{2,}+:/", re.IGNORECASE)
_POSTGRES = re.compile(r"(?<![\w+.-])[\w+.-]*+(?:(?<=postgres)|(?<=postgresql)):/\S*", re.IGNORECASE)
_TO_BLANK = re.compile(r"\S*")
_ANY_URI = re.compile(r"^([a-z][a-z0-9+.-]+):/+.*", re.IGNORECASE | re.DOTALL)
_SECRET = re.compile(r"(?<!\w)(?=\w*?pass)(\w++)\s*+=\s*+('(?:[^'\\]|\\.)*+'?|\S+)", re.IGNORECASE)
_KEYWORDS = re.compile(r"(?:^|\s)(?:host|hostaddr|port|dbname|user|password|service|sslmode)\s*=", re.IGNORECASE)
_HOST = re.compile(r"[\w.:%/@~,\[\]-]*")
_PLAIN = re.compile(r"[\w .$~-]*")
_SAFE_MODES = ("require", "verify-ca", "verify-full")
_MODES = ("disable", "allow", "prefer", *_SAFE_MODES)
_REMEDY = (
    "write postgresql://USER@HOST:PORT/DATABASE and put the password into ~/.pgpass (or the file that PGPASSFILE "
    "names); in an address, : / ? # @ % and blanks of a name or password are %3A %2F %3F %23 %40 %25 %20"
)


def masked(text: str) -> str:
    """A text in which no address of a database and no password is left."""
    lines = "\n".join(_without_user(line) for line in text.split("\n"))
    return _SECRET.sub(rf"\1={HIDDEN}", _POSTGRES.sub(lambda uri: _hidden(uri[0]), lines))


def _without_user(line: str) -> str:
    """A line with nothing left between a scheme and the last sign that may end a password, nor the word after it."""
    last = line.rfind("@")
    scheme = _SCHEME.search(line, 0, last) if last >= 0 else None
    if scheme is None:
        return line
    rest = _TO_BLANK.match(line, last)
    return line[: scheme.start()] + _hidden(scheme[0]) + line[rest.end() if rest else last :]


def _hidden(uri: str) -> str:
    return f"{uri.partition(':')[0]}://{HIDDEN}"


def shown_address(text: str) -> str:
    """What somebody gave as an address, as a message may repeat it."""
    if scheme := _ANY_URI.match(text.strip()):
        return f"{scheme[1].lower()}://{HIDDEN}"
    if _KEYWORDS.search(text):
        return f"{text.strip().partition('=')[0]}={HIDDEN}"
    return masked(text)


def is_database_address(text: str) -> bool:
    """Whether a text is meant as the address of a database, and not as a path."""
    return bool(_ANY_URI.match(text.strip()) or _KEYWORDS.search(text))


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """An address as PostgreSQL reads it.

    Attributes
    ----------
    options
        What it says, by PostgreSQL's keywords; of a service only its name.
    """

    options: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, url: str) -> DatabaseAddress:
        """Take an address apart.

        Raises
        ------
        UsageError
            psycopg is not installed.
        InputError
            PostgreSQL does not read it so, or part of a password would be taken for something else.
        """
        try:
            from psycopg import Error  # noqa: PLC0415 - only for a store of this kind
            from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415 - as above
        except ImportError as error:
            msg = "a store in PostGIS needs psycopg: pip install -c constraints.txt '.[postgis]'"
            raise UsageError(msg) from error
        try:
            options = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
        except (Error, UnicodeError):
            options = None
        if options is None or not _is_plausible(options):
            # what PostgreSQL says of it may hold the password, and so does the error that it came with
            msg = f"this is no address that PostgreSQL reads: {shown_address(url)}; {_REMEDY}"
            raise InputError(msg)
        return cls(options)

    def __str__(self) -> str:
        """The address without password and options."""
        user, name = self.options.get("user", ""), self.options.get("dbname", "")
        places = ",".join(f"{_bracketed(host)}{port and ':'}{port}" for host, port in self._places())
        service = f"?service={self.options['service']}" if _PLAIN.fullmatch(self.options.get("service", "=")) else ""
        user = user if _PLAIN.fullmatch(user) else HIDDEN
        name = name if _PLAIN.fullmatch(name) else HIDDEN
        return f"{SCHEMES[0]}{user}{user and '@'}{places}/{name}{service}"

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes two addresses one database, as far as they say."""
        effective = self._effective()
        hosts = effective.get("hostaddr") or effective.get("host", "")
        port = effective.get("port") or "5432"
        return hosts.lower(), port, effective.get("dbname") or effective.get("user", "")

    def encryption(self) -> dict[str, str]:
        """What to add to the options so that nothing travels in clear; nothing for a server on this machine.

        Raises
        ------
        UsageError
            Somebody asks for a connection to another machine that need not be encrypted.
        """
        effective = self._effective()
        mode = effective.get("sslmode")
        if mode is not None and mode not in _MODES:
            msg = f"sslmode={mode!r:.20} is none that PostgreSQL knows; the modes are {', '.join(_MODES)}"
            raise UsageError(msg)
        if _is_local(effective):
            return {}
        if mode in _SAFE_MODES:
            return {}
        if mode is not None:
            msg = (
                f"sslmode={mode} lets field notes and the password travel to {self} in clear; leave it out, which "
                "verifies the server (sslmode=verify-full), or say sslmode=require"
            )
            raise UsageError(msg)
        known = effective.get("sslrootcert") or _root_certificate().exists()
        return {"sslmode": "verify-full"} | ({} if known else {"sslrootcert": "system"})

    def without_secrets(self, text: str) -> str:
        """A text without this address' password."""
        secret = self.options.get("password", "")
        # what is shorter is a part of many words
        return masked(text.replace(secret, HIDDEN) if len(secret) >= _LEAST_SECRET else text)

    def _places(self) -> list[tuple[str, str]]:
        hosts = self.options.get("host") or self.options.get("hostaddr") or ""
        ports = self.options.get("port", "").split(",")
        names = hosts.split(",")
        return [(host, ports[min(number, len(ports) - 1)]) for number, host in enumerate(names)]

    def _effective(self) -> dict[str, str]:
        """The options with what the service file and the environment add to them."""
        named = {keyword: value for keyword, variable in _VARIABLES.items() if (value := os.environ.get(variable))}
        service = _service(self.options.get("service") or named.get("service"))
        return {**named, **service, **self.options}


_VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def _is_plausible(options: Mapping[str, str]) -> bool:
    """Whether no part of a password that was not encoded stands where the host, the port or the database should."""
    ports = options.get("port", "").split(",")
    hosts = f"{options.get('host', '')},{options.get('hostaddr', '')}".split(",")
    return (
        all(not port or port.isdecimal() for port in ports)
        and all(_HOST.fullmatch(host) and "@" not in host[1:] for host in hosts)
        and not {"@", "/", ":"} & set(options.get("dbname", ""))
        and "@" not in options.get("user", "")[:-1]
    )


def _is_local(effective: Mapping[str, str]) -> bool:
    hosts = effective.get("hostaddr") or effective.get("host") or ""
    return all(_is_this_machine(host.strip()) for host in hosts.split(","))


def _is_this_machine(host: str) -> bool:
    # nothing is PostgreSQL's own socket; a folder or an abstract name is one, too
    if not host or host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _service(name: str | None) -> dict[str, str]:
    """What a service file says of a service, without its password."""
    if not name:
        return {}
    system = Path(os.environ.get("PGSYSCONFDIR", "/etc/postgresql-common")) / "pg_service.conf"
    for path in (Path(os.environ.get("PGSERVICEFILE") or Path.home() / ".pg_service.conf"), system):
        parser = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",), strict=False)
        try:
            parser.read_string(path.read_text("utf-8"))
        except (OSError, UnicodeError, configparser.Error):
            continue
        if parser.has_section(name):
            return {key: value for key, value in parser.items(name) if value and "pass" not in key}
    # PostgreSQL may know it all the same: as of another machine, it is encrypted
    return {"host": "unknown.invalid"}


def _root_certificate() -> Path:
    folder = Path(os.environ["APPDATA"]) / "postgresql" if os.environ.get("APPDATA") else Path.home() / ".postgresql"
    return folder / "root.crt"
