"""What is said about each finding, in Norwegian (bokmål)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.health_texts.words import FindingText

_C = HealthCode

FINDING_TEXTS: Final[Mapping[HealthCode, FindingText]] = {
    _C.AWAY: FindingText(
        "Skjermen når ikke serveren.",
        "Gå til skjermen. Er den mørk, så sjekk at den har strøm. Står det at den ikke når oss, så sjekk at "
        "nettverkskabelen sitter godt i og at lampen ved siden av lyser.",
    ),
    _C.NEVER_SEEN: FindingText(
        "Skjermen har aldri vært tilkoblet.",
        "Start den og skriv inn koden du fikk da du la den til. Er koden borte, så lag en ny.",
    ),
    _C.SILENT: FindingText(
        "Skjermen er tilkoblet, men har sluttet å fortelle hvordan den har det.",
        "Start programmet på nytt herfra. Er det ikke bedre etter fem minutter, så start datamaskinen på nytt.",
    ),
    _C.SERVER_UNREACHED: FindingText(
        "Skjermen nådde nesten ikke serveren da den prøvde.",
        "Sjekk at nettverkskabelen sitter godt i. Gjør den det, så spør den som tar seg av nettverket i filialen, om "
        "adressen til serveren slippes gjennom.",
    ),
    _C.SCREEN_NOT_DRAWN: FindingText(
        "Det programmet tegner, vises ikke: Bildet kan være svart eller ha hengt seg opp.",
        "Start programmet på nytt herfra. Er bildet fortsatt mørkt, så sjekk at skjermen har strøm og at kabelen til "
        "datamaskinen sitter i.",
    ),
    _C.CLOCK_WRONG: FindingText(
        "Klokken på skjermen går feil.",
        "Start datamaskinen på nytt, så stiller den klokken etter nettet. Går den feil igjen i morgen, så be den "
        "som tar "
        "seg av nettverket i filialen, om å slippe gjennom tidstjenesten (NTP, UDP port 123).",
    ),
    _C.RELAY_UNREACHED: FindingText(
        "Skjermen når ikke reléet på noen måte, så samtaler blir kanskje ikke noe av.",
        "Be den som tar seg av nettverket i filialen, om å slippe gjennom adressen til reléet med UDP, TCP og TLS. "
        "Sier "
        "flere filialer det samme, så se på selve reléet.",
    ),
    _C.RELAY_REFUSED: FindingText(
        "Reléet slipper ikke inn skjermen, så samtaler blir kanskje ikke noe av.",
        "Si fra til den som tar seg av serveren: Hemmeligheten må være den samme i serveren og reléet, og begge "
        "klokkene "
        "må gå riktig.",
    ),
    _C.CALL_FAILED: FindingText(
        "Prøvesamtalen fra skjermen ble ikke noe av.",
        "Kjør prøven en gang til. Blir det likt, så spør den som tar seg av nettverket i filialen, om noe er endret "
        "der.",
    ),
    _C.CALL_NO_SOUND: FindingText(
        "I prøvesamtalen fra skjermen kom det ingen lyd fram.",
        "Start programmet på nytt herfra, og kjør så prøven. Er det fortsatt slik, så si fra til den som tar seg av "
        "serveren.",
    ),
    _C.CALL_NO_PICTURE: FindingText(
        "I prøvesamtalen fra skjermen kom det ikke noe bilde fram.",
        "Start programmet på nytt herfra, og kjør så prøven. Er det fortsatt slik, så si fra til den som tar seg av "
        "serveren.",
    ),
    _C.LOUDSPEAKER_MISSING: FindingText(
        "Skjermen finner ingen høyttaler.",
        "Sjekk at høyttalerkabelen sitter i datamaskinen: i den grønne kontakten eller i USB. Trekk den ut og sett "
        "den i "
        "igjen.",
    ),
    _C.LOUDSPEAKER_MUTED: FindingText(
        "Lyden på skjermen er slått av eller skrudd helt ned.",
        "Skru opp lyden: med hjulet på høyttaleren eller i servicemenyen på skjermen.",
    ),
    _C.LOUDSPEAKER_WRONG: FindingText(
        "Lyden kommer ut av en annen høyttaler enn den som er valgt.",
        "Åpne servicemenyen på skjermen og velg den høyttaleren de besøkende skal høre. Er en kabel flyttet, så "
        "flytt den "
        "tilbake.",
    ),
    _C.LOUDSPEAKER_SILENT: FindingText(
        "Det høres ingen lyd fra høyttaleren.",
        "Sjekk at høyttalerkabelen sitter i den grønne kontakten, at lampen lyser og at volumet er oppe.",
    ),
    _C.MICROPHONE_MISSING: FindingText(
        "Skjermen finner ingen mikrofon.",
        "Sjekk at mikrofonkabelen sitter i datamaskinen: i den rosa kontakten eller i USB. Trekk den ut og sett den i "
        "igjen.",
    ),
    _C.MICROPHONE_WRONG: FindingText(
        "En annen mikrofon hører rommet enn den som er valgt.",
        "Åpne servicemenyen på skjermen og velg den mikrofonen de besøkende snakker i.",
    ),
    _C.MICROPHONE_DEAF: FindingText(
        "Mikrofonen hører ingenting.",
        "Sjekk at mikrofonen ikke er slått av og at kabelen sitter godt i. Ta bort det som dekker den.",
    ),
    _C.DISK_FULL: FindingText(
        "Disken på skjermen er full.",
        "Start datamaskinen på nytt, så ryddes det som er midlertidig. Er den fortsatt full, så be teknisk støtte om å "
        "gjøre plass.",
    ),
    _C.CAMERA_MISSING: FindingText(
        "Skjermen finner ikke noe kamera. Besøkende kan snakke, men ikke vise seg.",
        "Sjekk at kamerakabelen sitter i datamaskinen. Trekk den ut, vent fem sekunder og sett den i igjen.",
    ),
    _C.CAMERA_FROZEN: FindingText(
        "Bildet fra kameraet står stille.",
        "Trekk ut kamerakabelen, vent fem sekunder og sett den i igjen.",
    ),
    _C.CAMERA_BLACK: FindingText(
        "Bildet fra kameraet er svart.",
        "Sjekk at lokket på kameraet er åpent og at det er lys i rommet.",
    ),
    _C.CAMERA_COVERED: FindingText(
        "Noe dekker kameraet.",
        "Ta bort det som sitter foran linsen: teip, en lapp, et lokk.",
    ),
    _C.CAMERA_SLOW: FindingText(
        "Kameraet gir for få bilder i sekundet: Det besøkende viser, ser hakkete ut.",
        "Slå på mer lys foran skjermen. Hjelper ikke det, så sett kameraet i en annen USB-kontakt, uten fordeler "
        "imellom.",
    ),
    _C.CAMERA_BLURRED: FindingText(
        "Bildet fra kameraet er uskarpt.",
        "Tørk av linsen med en myk, tørr klut. Har den en fokusring, så vri på den til bildet i servicemenyen er "
        "skarpt.",
    ),
    _C.CAMERA_UNEVEN_LIGHT: FindingText(
        "Lyset faller så ujevnt at ansikter er vanskelige å se.",
        "Trekk for gardinen hvis det er et vindu bak den besøkende, eller slå på en lampe som lyser på ansiktet "
        "forfra.",
    ),
    _C.SOUND_TOO_LOUD: FindingText(
        "Lyden er så høy at mikrofonen overstyres.",
        "Skru høyttaleren litt ned, eller demp mikrofonen i servicemenyen på skjermen.",
    ),
    _C.SOUND_TOO_QUIET: FindingText(
        "Høyttaleren høres nesten ikke.",
        "Skru opp høyttaleren, og se til at ingenting står foran den eller mikrofonen.",
    ),
    _C.SOUND_DISTORTED: FindingText(
        "Lyden er forvrengt.",
        "Skru ned høyttaleren og kjør prøven igjen. Skurrer det fortsatt, så bytt høyttaleren eller kabelen.",
    ),
    _C.SOUND_LATE: FindingText(
        "Lyden kommer for sent ut av høyttaleren.",
        "Koble til høyttaleren med kabel, ikke med Bluetooth, og start programmet på nytt.",
    ),
    _C.ECHO_LEFT: FindingText(
        "Bibliotekarer kan høre ekko av seg selv.",
        "Flytt høyttaler og mikrofon lenger fra hverandre, eller skru ned høyttaleren. Kjør så prøven.",
    ),
    _C.RELAY_UDP_BLOCKED: FindingText(
        "Nettverket slipper ikke skjermen fram til reléet med UDP. Samtaler virker, med mer forsinkelse.",
        "Be den som tar seg av nettverket i filialen, om å slippe gjennom UDP til adressen til reléet.",
    ),
    _C.RELAY_TCP_BLOCKED: FindingText(
        "Nettverket slipper ikke skjermen fram til reléet med TCP. En reservevei mangler.",
        "Be den som tar seg av nettverket i filialen, om å slippe gjennom TCP til adressen til reléet.",
    ),
    _C.RELAY_TLS_BLOCKED: FindingText(
        "Nettverket slipper ikke skjermen fram til reléet med TLS. En reservevei mangler.",
        "Be den som tar seg av nettverket i filialen, om å slippe gjennom TLS til adressen til reléet, og den som "
        "tar seg "
        "av serveren, om å sjekke at sertifikatet til reléet er gyldig.",
    ),
    _C.TOO_HOT: FindingText(
        "Datamaskinen er for varm.",
        "Se til at ingenting dekker åpningene, at viften går og at solen ikke skinner på den. Støvsug bort støv.",
    ),
    _C.UNDERVOLTAGE: FindingText(
        "Datamaskinen får for lite strøm og kan stoppe når som helst.",
        "Bruk strømforsyningen som fulgte med, i en egen stikkontakt. Bytt den hvis det ikke blir bedre.",
    ),
    _C.DISK_NEARLY_FULL: FindingText(
        "Disken på skjermen er nesten full.",
        "Start datamaskinen på nytt, så ryddes det som er midlertidig. Hjelper ikke det, så be teknisk støtte om å "
        "gjøre "
        "plass.",
    ),
    _C.MEMORY_LOW: FindingText(
        "Skjermen har lite minne igjen.",
        "Start programmet på nytt herfra. Kommer det tilbake i løpet av noen dager, så si fra til teknisk støtte.",
    ),
    _C.RESTARTED_OFTEN: FindingText(
        "Programmet har startet på nytt flere ganger på ett døgn.",
        "Start datamaskinen på nytt. Fortsetter det, så lagre loggen fra servicemenyen på skjermen og send den til "
        "teknisk støtte.",
    ),
    _C.UPDATE_FAILED: FindingText(
        "Den nye versjonen besto ikke prøven sin. Skjermen fortsetter med den forrige.",
        "Det haster ikke. Sjekk at versjonen er riktig skrevet i skjemaet for skjermen, og si fra til teknisk støtte.",
    ),
    _C.SECOND_ENGINE: FindingText(
        "Skjermen ringer med reservemotoren sin. Bilde og lyd tåler et dårlig nettverk dårligere.",
        "Start programmet på nytt herfra. Hjelper ikke det, så si fra til teknisk støtte.",
    ),
    _C.TOUCH_UNSEEN: FindingText(
        "Ingen har rørt skjermen på flere dager.",
        "Trykk på skjermen selv. Skjer det ingenting, så tørk av den og sjekk at berøringskabelen (USB) sitter i "
        "datamaskinen.",
    ),
    _C.NOT_TESTED: FindingText(
        "Det finnes ingen fersk prøve av hele skjermen.",
        "Kjør prøven herfra. Kommer den ikke i gang, så start programmet på nytt.",
    ),
}

SCOPE_TEXTS: Final[Mapping[AlertScope, FindingText]] = {
    AlertScope.BRANCH: FindingText(
        "Ingen av skjermene i filialen når serveren.",
        "Trolig er det nettverket eller strømmen i filialen. Sjekk at lampene på ruteren lyser, og ring så den som tar "
        "seg av nettverket.",
    ),
    AlertScope.NETWORK: FindingText(
        "De fleste skjermene mistet serveren på én gang.",
        "Ingen trenger å gå til skjermene. Trolig er det nettverket foran serveren: Ring den som tar seg av serveren.",
    ),
}
