"""What is said about each finding, in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.health_texts.words import FindingText

_C = HealthCode

FINDING_TEXTS: Final[Mapping[HealthCode, FindingText]] = {
    _C.AWAY: FindingText(
        "The kiosk does not reach the server.",
        "Go to the kiosk. If it is dark, check that it has power. If it says that it cannot reach us, "
        "check that the network cable sits firmly and that the lamp beside it is lit.",
    ),
    _C.NEVER_SEEN: FindingText(
        "The kiosk has never been connected.",
        "Start it and enter the code that you got when you added it. If the code is gone, make a new one.",
    ),
    _C.SILENT: FindingText(
        "The kiosk is connected but has stopped telling how it is.",
        "Restart the program from here. If it is no better after five minutes, restart the machine.",
    ),
    _C.SERVER_UNREACHED: FindingText(
        "The kiosk could hardly reach the server when it tried.",
        "Check that the network cable sits firmly. If it does, ask whoever looks after the branch's network "
        "whether the server's address is let through.",
    ),
    _C.SCREEN_NOT_DRAWN: FindingText(
        "The screen does not show what the program draws: it may be black or frozen.",
        "Restart the program from here. If the screen is still dark, check its power and the cable between screen and "
        "computer.",
    ),
    _C.CLOCK_WRONG: FindingText(
        "The kiosk's clock is wrong.",
        "Restart the machine: it sets its clock by the network. If it is wrong again tomorrow, ask whoever looks after "
        "the branch's network to let the time service (NTP, UDP port 123) through.",
    ),
    _C.RELAY_UNREACHED: FindingText(
        "The kiosk does not reach the relay by any way, so calls may not come about.",
        "Ask whoever looks after the branch's network to let the relay's address through by UDP, TCP and TLS. If "
        "several branches say the same, look at the relay itself.",
    ),
    _C.RELAY_REFUSED: FindingText(
        "The relay does not let the kiosk in, so calls may not come about.",
        "Tell whoever looks after the server: the secret must be the same in the server and in the relay, and both "
        "clocks must be right.",
    ),
    _C.CALL_FAILED: FindingText(
        "The kiosk's test call did not come about.",
        "Run the test once more. If it fails again, ask whoever looks after the branch's network whether something was "
        "changed there.",
    ),
    _C.CALL_NO_SOUND: FindingText(
        "In the kiosk's test call no sound came through.",
        "Restart the program from here, then run the test. If it stays so, tell whoever looks after the server.",
    ),
    _C.CALL_NO_PICTURE: FindingText(
        "In the kiosk's test call no picture came through.",
        "Restart the program from here, then run the test. If it stays so, tell whoever looks after the server.",
    ),
    _C.LOUDSPEAKER_MISSING: FindingText(
        "The kiosk finds no loudspeaker.",
        "Check that the loudspeaker's cable sits in the computer: the green socket, or USB. Pull it out and put it in "
        "again.",
    ),
    _C.LOUDSPEAKER_MUTED: FindingText(
        "The kiosk's sound is muted or turned all the way down.",
        "Turn the sound up: with the knob on the loudspeaker, or in the kiosk's service menu.",
    ),
    _C.LOUDSPEAKER_WRONG: FindingText(
        "The sound comes out of another loudspeaker than the one that is chosen.",
        "Open the kiosk's service menu and choose the loudspeaker that visitors are to hear. If a cable was moved, "
        "put it back.",
    ),
    _C.LOUDSPEAKER_SILENT: FindingText(
        "No sound is heard from the loudspeaker.",
        "Check that the loudspeaker's cable sits in the green socket, that its lamp is lit and that its volume is up.",
    ),
    _C.MICROPHONE_MISSING: FindingText(
        "The kiosk finds no microphone.",
        "Check that the microphone's cable sits in the computer: the pink socket, or USB. Pull it out and put it in "
        "again.",
    ),
    _C.MICROPHONE_WRONG: FindingText(
        "Another microphone hears the room than the one that is chosen.",
        "Open the kiosk's service menu and choose the microphone that visitors speak into.",
    ),
    _C.MICROPHONE_DEAF: FindingText(
        "The microphone hears nothing at all.",
        "Check that the microphone is not switched off and that its cable sits firmly. Take away whatever covers it.",
    ),
    _C.DISK_FULL: FindingText(
        "The kiosk's disk is full.",
        "Restart the machine, which clears what is temporary. If it stays so, ask technical support to free space.",
    ),
    _C.CAMERA_MISSING: FindingText(
        "The kiosk finds no camera. Visitors can talk, but not show themselves.",
        "Check that the camera's cable sits firmly in the computer. Pull it out, wait five seconds, put it in again.",
    ),
    _C.CAMERA_FROZEN: FindingText(
        "The camera's picture stands still.",
        "Pull out the camera's cable, wait five seconds, put it in again.",
    ),
    _C.CAMERA_BLACK: FindingText(
        "The camera's picture is black.",
        "Look whether the camera's lid is open and whether there is light in the room.",
    ),
    _C.CAMERA_COVERED: FindingText(
        "Something covers the camera.",
        "Take away whatever is in front of the lens: tape, a note, a lid.",
    ),
    _C.CAMERA_SLOW: FindingText(
        "The camera gives too few pictures a second: what visitors show looks jerky.",
        "Turn on more light in front of the kiosk. If that does not help, put the camera into another USB socket, "
        "without a hub in between.",
    ),
    _C.CAMERA_BLURRED: FindingText(
        "The camera's picture is blurred.",
        "Wipe the lens with a soft, dry cloth. If it has a focus ring, turn it until the picture in the service "
        "menu is "
        "sharp.",
    ),
    _C.CAMERA_UNEVEN_LIGHT: FindingText(
        "The light falls so unevenly that faces are hard to see.",
        "Draw the curtain if there is a window behind the visitor, or turn on a lamp that lights the face from the "
        "front.",
    ),
    _C.SOUND_TOO_LOUD: FindingText(
        "The sound is so loud that the microphone is overdriven.",
        "Turn the loudspeaker down a little, or lower the microphone in the kiosk's service menu.",
    ),
    _C.SOUND_TOO_QUIET: FindingText(
        "The loudspeaker is hardly heard.",
        "Turn the loudspeaker up, and see that nothing stands in front of it or of the microphone.",
    ),
    _C.SOUND_DISTORTED: FindingText(
        "The sound is distorted.",
        "Turn the loudspeaker down and run the test again. If it still rasps, change the loudspeaker or its cable.",
    ),
    _C.SOUND_LATE: FindingText(
        "The sound comes out late.",
        "Connect the loudspeaker by cable, not by Bluetooth, and restart the program.",
    ),
    _C.ECHO_LEFT: FindingText(
        "Librarians may hear an echo of themselves.",
        "Move loudspeaker and microphone further apart, or turn the loudspeaker down. Then run the test.",
    ),
    _C.RELAY_UDP_BLOCKED: FindingText(
        "The network does not let the kiosk reach the relay by UDP. Calls work, with more delay.",
        "Ask whoever looks after the branch's network to let UDP through to the relay's address.",
    ),
    _C.RELAY_TCP_BLOCKED: FindingText(
        "The network does not let the kiosk reach the relay by TCP. A spare way is missing.",
        "Ask whoever looks after the branch's network to let TCP through to the relay's address.",
    ),
    _C.RELAY_TLS_BLOCKED: FindingText(
        "The network does not let the kiosk reach the relay by TLS. A spare way is missing.",
        "Ask whoever looks after the branch's network to let TLS through to the relay's address, and whoever looks "
        "after "
        "the server to see that the relay's certificate is valid.",
    ),
    _C.TOO_HOT: FindingText(
        "The computer is too hot.",
        "See that nothing covers its openings, that its fan turns, and that the sun does not shine on it. Vacuum away "
        "dust.",
    ),
    _C.UNDERVOLTAGE: FindingText(
        "The computer gets too little power, and may stop at any time.",
        "Use the power supply that came with it, in a wall socket of its own. Change the supply if it stays so.",
    ),
    _C.DISK_NEARLY_FULL: FindingText(
        "The kiosk's disk is nearly full.",
        "Restart the machine, which clears what is temporary. If it stays so, ask technical support to free space.",
    ),
    _C.MEMORY_LOW: FindingText(
        "The kiosk has little memory left.",
        "Restart the program from here. If it comes back within days, tell technical support.",
    ),
    _C.RESTARTED_OFTEN: FindingText(
        "The program has restarted several times within a day.",
        "Restart the machine. If it goes on, export the log from the kiosk's service menu and send it to technical "
        "support.",
    ),
    _C.UPDATE_FAILED: FindingText(
        "The new version did not pass its test. The kiosk goes on with the one before.",
        "Nothing is urgent. Check that the version is spelled right in the kiosk's form, and tell technical support.",
    ),
    _C.SECOND_ENGINE: FindingText(
        "The kiosk uses its spare engine for calls. Picture and sound suffer more on a poor network.",
        "Restart the program from here. If it stays so, tell technical support.",
    ),
    _C.TOUCH_UNSEEN: FindingText(
        "Nobody has touched the screen for days.",
        "Touch the screen yourself. If nothing happens, wipe it, and check the touch cable (USB) between screen and "
        "computer.",
    ),
    _C.NOT_TESTED: FindingText(
        "There is no recent test of the whole kiosk.",
        "Run the test from here. If it does not start, restart the program.",
    ),
}

SCOPE_TEXTS: Final[Mapping[AlertScope, FindingText]] = {
    AlertScope.BRANCH: FindingText(
        "None of the branch's kiosks reaches the server.",
        "It is likely the branch's network or power. Check that the router has its lamps lit, then call whoever looks "
        "after the network.",
    ),
    AlertScope.NETWORK: FindingText(
        "Most kiosks lost the server at once.",
        "Nobody needs to go to the kiosks. It is likely the network in front of the server: call whoever looks after "
        "the server.",
    ),
}
