"""The few things that the kiosk reads from and writes into session descriptions (RFC 8866), as plain text rules.

What it is for: the fingerprint that gets signed, bitrate hints that libwebrtc and browsers read from the other
side's description, and keeping name look-ups out of candidates. What it does not do: parse a whole description.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping

from kiosk.core.media import IceCandidate, PeerSettings

#: Fields of a candidate line before the address: foundation, component, transport, priority (RFC 8839 5.1).
_FIELDS_BEFORE_ADDRESS = 4


def fingerprint(sdp: str) -> str:
    """Find the DTLS fingerprint of the description's sender.

    Args:
        sdp: A description whose sections share one certificate, as bundled ones do.

    Returns:
        Hash name in lower case, a space, the hash in upper case: `sha-256 AB:CD:...` (RFC 8122), or an empty
        string if there is none.
    """
    for line in with_one_fingerprint(sdp).splitlines():
        if line.startswith("a=fingerprint:"):
            name, _, value = line.removeprefix("a=fingerprint:").partition(" ")
            return f"{name.lower()} {value.strip().upper()}"
    return ""


def with_one_fingerprint(sdp: str) -> str:
    """Keep the sha-256 fingerprint alone where there are several: what is signed is then all that can be used."""
    lines = sdp.splitlines()
    if not any(line.lower().startswith("a=fingerprint:sha-256 ") for line in lines):
        return sdp
    kept = [
        line
        for line in lines
        if not line.startswith("a=fingerprint:") or line.lower().startswith("a=fingerprint:sha-256 ")
    ]
    return "\r\n".join(kept) + "\r\n"


def with_format_parameters(sdp: str, codec: str, parameters: Mapping[str, int | None]) -> str:
    """Add format parameters (`a=fmtp`) to every payload type of one codec; those already there are replaced.

    Args:
        sdp: The description.
        codec: Encoding name as in `a=rtpmap`, in any case, e.g. `VP8`.
        parameters: Name and value of each; one of None is taken out.

    Returns:
        The description, unchanged if it does not have the codec.
    """
    lines = sdp.splitlines()
    wanted = codec.lower()
    for payload_type in list(_payload_types(lines, wanted)):
        prefix = f"a=fmtp:{payload_type} "
        at = next((index for index, line in enumerate(lines) if line.startswith(prefix)), None)
        before = [] if at is None else lines.pop(at).removeprefix(prefix).split(";")
        kept = [one for one in before if one.split("=")[0].strip() not in parameters]
        all_of_it = [*kept, *(f"{name}={value}" for name, value in parameters.items() if value is not None)]
        if all_of_it:
            mapped = next(i for i, line in enumerate(lines) if line.startswith(f"a=rtpmap:{payload_type} "))
            lines.insert(mapped + 1 if at is None else at, prefix + ";".join(all_of_it))
    return "\r\n".join(lines) + "\r\n"


def with_codec_first(sdp: str, codec: str) -> str:
    """Put the payload types of one codec first in the `m=` lines that have them: what is preferred is sent.

    Args:
        sdp: The description.
        codec: Encoding name as in `a=rtpmap`, in any case, e.g. `red`.
    """
    lines = sdp.splitlines()
    first = set(_payload_types(lines, codec.lower()))
    for index, line in enumerate(lines):
        if line.startswith("m="):
            kind, port, profile, *types = line.split(" ")
            ordered = sorted(types, key=lambda payload_type: payload_type not in first)
            lines[index] = " ".join([kind, port, profile, *ordered])
    return "\r\n".join(lines) + "\r\n"


def with_bandwidth(sdp: str, kind: str, kbps: int | None) -> str:
    """Say in the sections of one kind what they may be sent at most (`b=AS`), kbit/s; None: nothing of it."""
    lines, inside, found = sdp.splitlines(), False, list[str]()
    for line in lines:
        if line.startswith("m="):
            inside = line.startswith(f"m={kind} ")
        if inside and line.startswith("b=AS:"):
            continue
        found.append(line)
        if inside and kbps is not None and line.startswith("c="):
            found.append(f"b=AS:{kbps}")
    return "\r\n".join(found) + "\r\n"


def without_retransmission(sdp: str) -> str:
    """Have nothing sent again that was lost (generic NACK, RFC 4585 6.2.1); a whole picture may still be asked for.

    A path that turns much too thin at once loses some hundred packets of the picture before congestion control has come
    down. Each is asked for up to ten times, and goes out again past what congestion control allows: 0.8 to 1.9 Mbit/s
    for some 20 s into a path of 110 kbit/s, with the picture long given up (measured). The sound drowns in it.
    """
    kept = [line for line in sdp.splitlines() if not (line.startswith("a=rtcp-fb:") and line.endswith(" nack"))]
    return "\r\n".join(kept) + "\r\n"


def video_hints(settings: PeerSettings) -> dict[str, int]:
    """Format parameters for VP8 that tell the sender who reads them where to start and stop, kbit/s.

    Chromium and libwebrtc read them from the other side's description. Without a start their estimate begins at
    300 kbit/s and the picture stays 320 to 640 wide for the first ten seconds (measured).
    """
    return {"x-google-start-bitrate": settings.video_start_kbps, "x-google-max-bitrate": settings.video_max_kbps}


def audio_hints(settings: PeerSettings) -> dict[str, int]:
    """Format parameters for Opus (RFC 7587): what we want to be sent. In-band correction covers single losses."""
    return {"maxaveragebitrate": settings.audio_max_kbps * 1000, "stereo": 0, "useinbandfec": 1}


def split_candidates(sdp: str) -> tuple[str, list[IceCandidate]]:
    """Take the candidates out of a description, so that they go the same way as trickled ones.

    One way, because aiortc loses those of all bundled sections but the last, and because each must be looked at
    before an engine sees it (`candidate_has_address`).

    Returns:
        The description without `a=candidate` and `a=end-of-candidates`, and the candidates in order.
    """
    kept: list[str] = []
    found: list[IceCandidate] = []
    section = -1
    for line in sdp.splitlines():
        if line.startswith("m="):
            section += 1
        if line.startswith("a=candidate:"):
            found.append(IceCandidate(line.removeprefix("a="), None, section))
        elif line != "a=end-of-candidates":
            kept.append(line)
    return "\r\n".join(kept) + "\r\n", found


def with_candidates(sdp: str, candidates: Iterable[IceCandidate]) -> str:
    """Put candidates that were found after the description into it, each in its section: one message holds it all.

    Args:
        sdp: The description.
        candidates: With the index of their section; without one they belong to the first.
    """
    by_section: dict[int, list[str]] = {}
    for candidate in candidates:
        by_section.setdefault(candidate.sdp_m_line_index or 0, []).append(f"a={candidate.candidate}")
    lines: list[str] = []
    section = -1
    for line in sdp.splitlines():
        if line.startswith("m="):
            lines += by_section.get(section, [])
            section += 1
        lines.append(line)
    return "\r\n".join([*lines, *by_section.get(section, [])]) + "\r\n"


def candidate_has_address(candidate: str) -> bool:
    """Tell whether a candidate line (`candidate:...`) is complete and names an IP address rather than a host.

    Resolving a host would ask a name server (or, for `.local`, the whole local network) about a stranger. Nothing
    is lost without: the other side finds our address and so shows its own (peer reflexive, RFC 8445 7.3.1.3).
    """
    fields = candidate.removeprefix("candidate:").split()
    if len(fields) < _FIELDS_BEFORE_ADDRESS + 4:
        return False
    try:
        ipaddress.ip_address(fields[_FIELDS_BEFORE_ADDRESS])
    except ValueError:
        return False
    return True


def _payload_types(lines: list[str], codec: str) -> Iterator[str]:
    for line in lines:
        if line.startswith("a=rtpmap:"):
            payload_type, _, encoding = line.removeprefix("a=rtpmap:").partition(" ")
            if encoding.split("/")[0].lower() == codec:
                yield payload_type
