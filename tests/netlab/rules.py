"""The nftables rules of a gateway: loss each way, and what its NAT does. Text from data; `lab` loads it.

What is not here: rate caps with a queue, delay, jitter and reordering. nftables can drop a packet but cannot keep
one waiting, so these belong to the link.
"""

from __future__ import annotations

from tests.netlab.conditions import Access, Nat

#: The gateway's interfaces: to the house, and to the world.
HOUSE, WORLD = "home", "up"
_PARTS = 100_000


def gateway(access: Access) -> str:
    """The whole table, replacing the one before in one step; connections that are known stay known."""
    lines = [
        "table inet lab",
        "delete table inet lab",
        "table inet lab {",
        *[f"  counter {name} {{ }}" for name in ("passed_up", "lost_up", "passed_down", "lost_down")],
        "  chain way {",
        "    type filter hook forward priority filter;",
    ]
    if access.nat is not Nat.NONE:
        lines.append(f'    iifname "{WORLD}" ct state != {{ established, related }} drop')
    for interface, name, loss in (("oifname", "up", access.up.loss), ("iifname", "down", access.down.loss)):
        chosen = f'    {interface} "{WORLD}"'
        if loss > 0:
            share = round(loss * _PARTS)
            lines.append(f"{chosen} numgen random mod {_PARTS} < {share} counter name lost_{name} drop")
        lines.append(f"{chosen} counter name passed_{name}")
    lines.append("  }")
    if access.nat is not Nat.NONE:
        ports = " random,fully-random" if access.nat is Nat.SYMMETRIC else ""
        lines += [
            "  chain itself {",
            "    type filter hook input priority filter;",
            f'    iifname "{WORLD}" ct state != {{ established, related }} drop',
            "  }",
            "  chain leaving {",
            "    type nat hook postrouting priority srcnat;",
            f'    oifname "{WORLD}" meta l4proto {{ tcp, udp }} masquerade{ports}',
            f'    oifname "{WORLD}" masquerade',
            "  }",
        ]
    lines.append("}")
    return "\n".join(lines) + "\n"


def localhost_leads_to(address: str, ports: tuple[int, ...]) -> str:
    """So that a browser may say `localhost` to a server elsewhere: only so is a page of plain HTTP a safe one to it."""
    numbers = ", ".join(map(str, ports))
    return f"""table ip here
delete table ip here
table ip here {{
  chain asked {{
    type nat hook output priority -100;
    ip daddr 127.0.0.1 tcp dport {{ {numbers} }} dnat to {address}
  }}
  chain leaving {{
    type nat hook postrouting priority srcnat;
    ip saddr 127.0.0.1 ip daddr {address} masquerade
  }}
}}
"""
