"""What is said of each finding, and what to do about it: one table, in words for whoever looks after the server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from signaling.adapters.doctor.findings import Code, Finding, Level

_OK, _HINT, _BAD = Level.OK, Level.HINT, Level.BAD
_C = Code


@dataclass(frozen=True, slots=True)
class Words:
    """One row.

    Attributes:
        level: What the finding means.
        sentence: What was found.
        remedy: What to do first; empty when there is nothing to do.
    """

    level: Level
    sentence: str
    remedy: str = ""


WORDS: Final[Mapping[Code, Words]] = {
    _C.DATABASE_OK: Words(_OK, "{kind} answers in {ms} ms, and its tables are of this version ({version})."),
    _C.DATABASE_AWAY: Words(
        _BAD,
        "The database does not answer: {error}.",
        "See that it runs (systemctl status postgresql), and that database.url names the right machine, database, "
        "user and password. For SQLite: see that the folder is there and belongs to the server's user.",
    ),
    _C.DATABASE_EMPTY: Words(
        _BAD,
        "The database has no tables.",
        "For a new installation: python -m signaling migrate. If there was one before, database.url names the wrong "
        "place, or a disk is not mounted; or take back a backup: python -m signaling restore FILE",
    ),
    _C.DATABASE_OLDER: Words(
        _BAD,
        "The database's tables are of an older version than this program.",
        "Make a backup with the older program, then: python -m signaling migrate",
    ),
    _C.DATABASE_NEWER: Words(
        _BAD,
        "The database's tables are of a newer version than this program.",
        "Install that version of the program or a newer one, or restore a backup that was made before the upgrade.",
    ),
    _C.DATABASE_FOREIGN: Words(
        _BAD,
        "The database holds tables of another program.",
        "Give this one a database of its own, and name it in database.url.",
    ),
    _C.PLACES_OK: Words(_OK, "{counts}."),
    _C.PLACES_MISSING: Words(_HINT, "{counts}.", "Next: python -m signaling {command}"),
    _C.CLOCK_OK: Words(_OK, "It agrees with {source} to {off_s:.1f} s."),
    _C.CLOCK_NOT_COMPARED: Words(
        _HINT,
        "It was compared with no other clock.",
        "Compare it with a web server that you trust: python -m signaling doctor --clock-from https://www.example.org",
    ),
    _C.CLOCK_WRONG: Words(
        _BAD,
        "This machine's clock is {off_s:.0f} s {way} {source}.",
        "Let the machine set its clock by the network: timedatectl set-ntp true; then look at timedatectl status. With "
        "a wrong clock relays refuse credentials, and kiosks and browsers are turned away.",
    ),
    _C.CLOCK_SILENT: Words(
        _HINT,
        "{source} gave no time to compare the clock with.",
        "Name a web server that answers from here after --clock-from.",
    ),
    _C.CERTIFICATE_OK: Words(_OK, "{host} shows a trusted certificate for its name, good for {days} more days."),
    _C.CERTIFICATE_NONE: Words(
        _HINT,
        "{url} is for a trial on this machine: browsers elsewhere give it neither camera nor microphone.",
        "Set server.public_url to the https address that people use.",
    ),
    _C.CERTIFICATE_ENDS_SOON: Words(
        _HINT,
        "The certificate of {host} is good for {days} more days only.",
        "Renew it now, and see why it did not renew itself (certbot: systemctl list-timers, certbot renew --dry-run).",
    ),
    _C.CERTIFICATE_RAN_OUT: Words(
        _BAD,
        "The certificate of {host} has run out: no browser and no kiosk connects any more.",
        "Renew it (certbot renew), then let the proxy read it: systemctl reload nginx",
    ),
    _C.CERTIFICATE_NOT_YET: Words(
        _BAD,
        "The certificate of {host} is not valid yet.",
        "Look at this machine's clock first (timedatectl). If it is right, get a new certificate.",
    ),
    _C.CERTIFICATE_OTHER_NAME: Words(
        _BAD,
        "The certificate at {host} is for another name.",
        "Get one for exactly this name, and name its files in the proxy's settings; or correct server.public_url.",
    ),
    _C.CERTIFICATE_UNTRUSTED: Words(
        _BAD,
        "The certificate of {host} comes from nobody that this machine trusts, or lacks a link of its chain.",
        "Give the proxy the full chain (fullchain.pem, not cert.pem). An authority of your own must be known to "
        "browsers, kiosks and, by SSL_CERT_FILE, to this machine.",
    ),
    _C.ADDRESS_UNKNOWN_HOST: Words(
        _BAD,
        "The name {host} has no address.",
        "Correct server.public_url, or enter the name at your name server.",
    ),
    _C.ADDRESS_UNREACHED: Words(
        _BAD,
        "Nobody answers at {host} port {port}.",
        "See that the proxy runs (systemctl status nginx, nginx -t) and that the firewall lets the port in.",
    ),
    _C.ADDRESS_NO_TLS: Words(
        _BAD,
        "{host} port {port} takes connections and does not speak TLS.",
        "The proxy must listen there with ssl; see what else listens: ss -lntp",
    ),
    _C.PROXY_OK: Words(_OK, "Pages and WebSockets come through at {url}."),
    _C.PROXY_NOT_COUNTED: Words(
        _HINT,
        "server.trusted_proxy_count is 0, though {url} can only be served by a proxy: everybody shares one limit "
        "for signing in.",
        "Set server.trusted_proxy_count = 1 (or as many proxies as add to X-Forwarded-For).",
    ),
    _C.PROXY_SERVER_AWAY: Words(
        _BAD,
        "The proxy at {url} answers, and says that the server behind it does not ({status}).",
        "Look at the server: systemctl status librarian; journalctl -u librarian -n 50. If it runs, compare "
        "server.host and server.port with proxy_pass in the proxy's settings.",
    ),
    _C.PROXY_WRONG_ANSWER: Words(
        _BAD,
        "What answers at {url}/healthz is not this server ({status}).",
        "See that the proxy passes this name on to the server, and that no other site takes it.",
    ),
    _C.PROXY_NO_WEBSOCKET: Words(
        _BAD,
        "Pages come through at {url}, and WebSockets do not ({status}): kiosks and consoles cannot connect.",
        "Let the proxy pass on the headers Upgrade and Connection (see deploy/server/nginx), and put {url} into "
        "server.public_url exactly as browsers write it.",
    ),
    _C.RELAY_OK: Words(_OK, "{url}: {sentence}."),
    _C.RELAY_NONE: Words(
        _HINT,
        "There is none: kiosks and browsers that cannot meet directly have no call.",
        "Set up coturn with deploy/server/turnserver.conf, and name it in turn.urls.",
    ),
    _C.RELAY_NOT_USABLE: Words(_BAD, "{url}: {sentence}.", "{remedy}."),
    _C.MAIL_OK: Words(_OK, "{host} lets us in and takes letters from {sender}; none was sent."),
    _C.MAIL_OFF: Words(
        _HINT,
        "It is off: nobody gets letters about kiosks that need somebody, or about visitors who wait.",
        "Set mail.host and mail.sender.",
    ),
    _C.MAIL_UNKNOWN_HOST: Words(_BAD, "The mail server's name {host} has no address.", "Correct mail.host."),
    _C.MAIL_UNREACHED: Words(
        _BAD,
        "The mail server does not answer at {host} port {port}.",
        "Compare mail.host and mail.port with what your mail provider says; many networks let port 25 out to nobody.",
    ),
    _C.MAIL_CERTIFICATE: Words(
        _BAD,
        "The mail server's certificate is not trusted, or not for {host}.",
        "Use the name that its certificate has in mail.host; an authority of your own must be known by SSL_CERT_FILE.",
    ),
    _C.MAIL_NO_TLS: Words(
        _BAD,
        "The mail server does not speak TLS as mail.tls says ({tls}).",
        'Port 587 goes with mail.tls = "starttls", port 465 with "tls".',
    ),
    _C.MAIL_LOGIN_REFUSED: Words(
        _BAD,
        "The mail server does not let us in ({status}).",
        "Compare mail.user and mail.password with the account at your mail provider; many want a password made for "
        "programs.",
    ),
    _C.MAIL_SENDER_REFUSED: Words(
        _BAD,
        "The mail server lets us in, and takes no letters from {sender} ({status}).",
        "Use an address in mail.sender that belongs to the account; if it wants a sign-in, set mail.user and "
        "mail.password.",
    ),
    _C.MAIL_WRONG_ANSWER: Words(
        _BAD,
        "What answers at {host} port {port} does not talk as a mail server does.",
        "Compare mail.host, mail.port and mail.tls with what your mail provider says.",
    ),
    _C.PUSH_OK: Words(_OK, "The key is good. The public one that browsers know begins with {public_key}."),
    _C.PUSH_OFF: Words(
        _HINT,
        "It is off: nobody gets notices in the browser.",
        "Make keys once: python -m signaling push keys",
    ),
    _C.PUSH_KEY_BROKEN: Words(
        _BAD,
        "push.private_key is no key.",
        "Take the one that was used before out of a backup of the settings: with a new one every browser must be "
        "asked anew. If there was none: python -m signaling push keys",
    ),
    _C.CALL_OK: Words(
        _OK, "A test call {way} stood after {connect_ms} ms; {frames} pictures and {sound_ms} ms of sound came back."
    ),
    _C.CALL_NOT_TRIED: Words(_HINT, "No test call was made.", "Run the doctor with --test-call."),
    _C.CALL_ECHO_BROKEN: Words(
        _BAD,
        "The echo that kiosks call to test themselves does not answer.",
        "Install the server's packages anew, exactly as in requirements/server.txt; see that memory is free.",
    ),
    _C.CALL_NO_PATH: Words(
        _BAD,
        "A test call {way} did not come about.",
        "If it went through the relay: the relay must be allowed to reach its own address. Set allowed-peer-ip to its "
        "relay address if that lies in a denied range, and open UDP from min-port to max-port.",
    ),
    _C.CALL_NO_PICTURE: Words(
        _BAD,
        "In a test call {way} no picture came back.",
        "Look at the machine's load (uptime); then install the server's packages anew.",
    ),
    _C.CALL_NO_SOUND: Words(
        _BAD,
        "In a test call {way} no sound came back.",
        "Look at the machine's load (uptime); then install the server's packages anew.",
    ),
    _C.LOOK_BROKE: Words(
        _BAD,
        "A look of the doctor itself broke ({error}).",
        "Send this line to whoever keeps the program, with the program's version.",
    ),
}


def level_of(finding: Finding) -> Level:
    """What it means."""
    return WORDS[finding.code].level


def sentence_of(finding: Finding) -> str:
    """What was found."""
    return WORDS[finding.code].sentence.format(**finding.said)


def remedy_of(finding: Finding) -> str:
    """What to do first; empty when there is nothing to do."""
    return WORDS[finding.code].remedy.format(**finding.said)


def as_text(findings: Sequence[Finding]) -> str:
    """Lines for a person: what is bad stands out, and its remedy stands below it."""
    lines = []
    marks = {Level.OK: "ok  ", Level.HINT: "note", Level.BAD: "BAD "}
    for finding in findings:
        lines.append(f"{marks[level_of(finding)]}  {finding.code.part:<11}  {sentence_of(finding)}")
        if remedy := remedy_of(finding):
            lines.append(f"{'':<19}→ {remedy}")
    return "\n".join(lines)


def as_data(findings: Sequence[Finding]) -> dict[str, object]:
    """The same for a program."""
    return {
        "ok": all(level_of(finding) is not Level.BAD for finding in findings),
        "findings": [
            {
                "part": finding.code.part,
                "code": finding.code.value,
                "level": level_of(finding).value,
                "sentence": sentence_of(finding),
                "remedy": remedy_of(finding),
            }
            for finding in findings
        ],
    }
