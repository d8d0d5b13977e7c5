"""What is said about each finding, in Swedish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from signaling.protocol.health import AlertScope, HealthCode
from signaling.protocol.health_texts.words import FindingText

_C = HealthCode

FINDING_TEXTS: Final[Mapping[HealthCode, FindingText]] = {
    _C.AWAY: FindingText(
        "Skärmen når inte servern.",
        "Gå till skärmen. Är den mörk, se efter att den har ström. Står det att den inte når oss, se efter att "
        "nätverkssladden sitter i ordentligt och att lampan bredvid den lyser.",
    ),
    _C.NEVER_SEEN: FindingText(
        "Skärmen har aldrig varit ansluten.",
        "Starta den och skriv in koden som du fick när du lade till den. Är koden borta, gör en ny.",
    ),
    _C.SILENT: FindingText(
        "Skärmen är ansluten men har slutat berätta hur den mår.",
        "Starta om programmet härifrån. Är det inte bättre efter fem minuter, starta om datorn.",
    ),
    _C.SERVER_UNREACHED: FindingText(
        "Skärmen nådde knappt servern när den provade.",
        "Se efter att nätverkssladden sitter i ordentligt. Gör den det, fråga den som sköter filialens nätverk om "
        "serverns adress släpps igenom.",
    ),
    _C.SCREEN_NOT_DRAWN: FindingText(
        "Det som programmet ritar syns inte: bilden kan vara svart eller ha fastnat.",
        "Starta om programmet härifrån. Är bilden ändå mörk, se efter att bildskärmen har ström och att sladden till "
        "datorn sitter i.",
    ),
    _C.CLOCK_WRONG: FindingText(
        "Skärmens klocka går fel.",
        "Starta om datorn, då ställer den klockan efter nätet. Går den fel igen i morgon, be den som sköter filialens "
        "nätverk att släppa igenom tidstjänsten (NTP, UDP port 123).",
    ),
    _C.RELAY_UNREACHED: FindingText(
        "Skärmen når inte reläet på något sätt, så samtal kanske inte blir av.",
        "Be den som sköter filialens nätverk att släppa igenom reläets adress med UDP, TCP och TLS. Säger flera "
        "filialer "
        "samma sak, titta på själva reläet.",
    ),
    _C.RELAY_REFUSED: FindingText(
        "Reläet släpper inte in skärmen, så samtal kanske inte blir av.",
        "Säg till den som sköter servern: hemligheten ska vara densamma i servern och reläet, och bådas klockor ska gå "
        "rätt.",
    ),
    _C.CALL_FAILED: FindingText(
        "Skärmens provsamtal blev inte av.",
        "Kör provet en gång till. Blir det likadant, fråga den som sköter filialens nätverk om något har ändrats där.",
    ),
    _C.CALL_NO_SOUND: FindingText(
        "I skärmens provsamtal kom inget ljud fram.",
        "Starta om programmet härifrån och kör sedan provet. Är det likadant då, säg till den som sköter servern.",
    ),
    _C.CALL_NO_PICTURE: FindingText(
        "I skärmens provsamtal kom ingen bild fram.",
        "Starta om programmet härifrån och kör sedan provet. Är det likadant då, säg till den som sköter servern.",
    ),
    _C.LOUDSPEAKER_MISSING: FindingText(
        "Skärmen hittar ingen högtalare.",
        "Se efter att högtalarens sladd sitter i datorn: i det gröna uttaget eller i USB. Dra ut den och sätt i den "
        "igen.",
    ),
    _C.LOUDSPEAKER_MUTED: FindingText(
        "Skärmens ljud är avstängt eller helt nedskruvat.",
        "Höj ljudet: med ratten på högtalaren eller i skärmens servicemeny.",
    ),
    _C.LOUDSPEAKER_WRONG: FindingText(
        "Ljudet kommer ur en annan högtalare än den som är vald.",
        "Öppna skärmens servicemeny och välj den högtalare som besökarna ska höra. Har en sladd flyttats, flytta "
        "tillbaka den.",
    ),
    _C.LOUDSPEAKER_SILENT: FindingText(
        "Inget ljud hörs ur högtalaren.",
        "Se efter att högtalarens sladd sitter i det gröna uttaget, att dess lampa lyser och att volymen är uppe.",
    ),
    _C.MICROPHONE_MISSING: FindingText(
        "Skärmen hittar ingen mikrofon.",
        "Se efter att mikrofonens sladd sitter i datorn: i det rosa uttaget eller i USB. Dra ut den och sätt i den "
        "igen.",
    ),
    _C.MICROPHONE_WRONG: FindingText(
        "En annan mikrofon hör rummet än den som är vald.",
        "Öppna skärmens servicemeny och välj den mikrofon som besökarna talar i.",
    ),
    _C.MICROPHONE_DEAF: FindingText(
        "Mikrofonen hör ingenting alls.",
        "Se efter att mikrofonen inte är avstängd och att sladden sitter i ordentligt. Ta bort det som täcker den.",
    ),
    _C.DISK_FULL: FindingText(
        "Skärmens disk är full.",
        "Starta om datorn, då rensas det som är tillfälligt. Är den ändå full, be teknisk support att göra plats.",
    ),
    _C.CAMERA_MISSING: FindingText(
        "Skärmen hittar ingen kamera. Besökare kan prata men inte visa sig.",
        "Se efter att kamerans sladd sitter i datorn. Dra ut den, vänta fem sekunder och sätt i den igen.",
    ),
    _C.CAMERA_FROZEN: FindingText(
        "Kamerans bild står stilla.",
        "Dra ut kamerans sladd, vänta fem sekunder och sätt i den igen.",
    ),
    _C.CAMERA_BLACK: FindingText(
        "Kamerans bild är svart.",
        "Se efter att kamerans lock är öppet och att det är tänt i rummet.",
    ),
    _C.CAMERA_COVERED: FindingText(
        "Något täcker kameran.",
        "Ta bort det som sitter framför linsen: tejp, en lapp, ett lock.",
    ),
    _C.CAMERA_SLOW: FindingText(
        "Kameran ger för få bilder i sekunden: det besökare visar ser hackigt ut.",
        "Tänd mer ljus framför skärmen. Hjälper inte det, sätt kameran i ett annat USB-uttag, utan dosa emellan.",
    ),
    _C.CAMERA_BLURRED: FindingText(
        "Kamerans bild är suddig.",
        "Torka linsen med en mjuk, torr duk. Har den en skärpering, vrid den tills bilden i servicemenyn är skarp.",
    ),
    _C.CAMERA_UNEVEN_LIGHT: FindingText(
        "Ljuset faller så ojämnt att ansikten är svåra att se.",
        "Dra för gardinen om det finns ett fönster bakom besökaren, eller tänd en lampa som lyser på ansiktet "
        "framifrån.",
    ),
    _C.SOUND_TOO_LOUD: FindingText(
        "Ljudet är så starkt att mikrofonen överstyrs.",
        "Sänk högtalaren lite, eller dra ned mikrofonen i skärmens servicemeny.",
    ),
    _C.SOUND_TOO_QUIET: FindingText(
        "Högtalaren hörs knappt.",
        "Höj högtalaren, och se till att inget står framför den eller mikrofonen.",
    ),
    _C.SOUND_DISTORTED: FindingText(
        "Ljudet är förvrängt.",
        "Sänk högtalaren och kör provet igen. Raspar det ändå, byt högtalaren eller dess sladd.",
    ),
    _C.SOUND_LATE: FindingText(
        "Ljudet kommer för sent ur högtalaren.",
        "Anslut högtalaren med sladd, inte med Bluetooth, och starta om programmet.",
    ),
    _C.ECHO_LEFT: FindingText(
        "Bibliotekarier kan höra sitt eget eko.",
        "Flytta isär högtalare och mikrofon, eller sänk högtalaren. Kör sedan provet.",
    ),
    _C.RELAY_UDP_BLOCKED: FindingText(
        "Nätverket släpper inte fram skärmen till reläet med UDP. Samtal fungerar, med mer fördröjning.",
        "Be den som sköter filialens nätverk att släppa igenom UDP till reläets adress.",
    ),
    _C.RELAY_TCP_BLOCKED: FindingText(
        "Nätverket släpper inte fram skärmen till reläet med TCP. En reservväg saknas.",
        "Be den som sköter filialens nätverk att släppa igenom TCP till reläets adress.",
    ),
    _C.RELAY_TLS_BLOCKED: FindingText(
        "Nätverket släpper inte fram skärmen till reläet med TLS. En reservväg saknas.",
        "Be den som sköter filialens nätverk att släppa igenom TLS till reläets adress, och den som sköter servern "
        "att se "
        "efter att reläets certifikat gäller.",
    ),
    _C.TOO_HOT: FindingText(
        "Datorn är för varm.",
        "Se till att inget täcker dess öppningar, att fläkten snurrar och att solen inte ligger på. Dammsug bort damm.",
    ),
    _C.UNDERVOLTAGE: FindingText(
        "Datorn får för lite ström och kan stanna när som helst.",
        "Använd nätdelen som följde med, i ett eget vägguttag. Byt nätdelen om det inte blir bättre.",
    ),
    _C.DISK_NEARLY_FULL: FindingText(
        "Skärmens disk är nästan full.",
        "Starta om datorn, då rensas det som är tillfälligt. Hjälper inte det, be teknisk support att göra plats.",
    ),
    _C.MEMORY_LOW: FindingText(
        "Skärmen har lite minne kvar.",
        "Starta om programmet härifrån. Kommer det tillbaka inom några dagar, säg till teknisk support.",
    ),
    _C.RESTARTED_OFTEN: FindingText(
        "Programmet har startat om flera gånger på ett dygn.",
        "Starta om datorn. Fortsätter det, spara loggen från skärmens servicemeny och skicka den till teknisk support.",
    ),
    _C.UPDATE_FAILED: FindingText(
        "Den nya versionen klarade inte sitt prov. Skärmen fortsätter med den förra.",
        "Det är ingen brådska. Se efter att versionen är rätt skriven i skärmens formulär och säg till teknisk "
        "support.",
    ),
    _C.SECOND_ENGINE: FindingText(
        "Skärmen ringer med sin reservmotor. Bild och ljud tål ett dåligt nätverk sämre.",
        "Starta om programmet härifrån. Hjälper inte det, säg till teknisk support.",
    ),
    _C.TOUCH_UNSEEN: FindingText(
        "Ingen har rört vid skärmen på flera dagar.",
        "Tryck själv på skärmen. Händer ingenting, torka av den och se efter att pekskärmens sladd (USB) sitter i "
        "datorn.",
    ),
    _C.NOT_TESTED: FindingText(
        "Det finns inget färskt prov av hela skärmen.",
        "Kör provet härifrån. Går det inte igång, starta om programmet.",
    ),
}

SCOPE_TEXTS: Final[Mapping[AlertScope, FindingText]] = {
    AlertScope.BRANCH: FindingText(
        "Ingen av filialens skärmar når servern.",
        "Troligen är det filialens nätverk eller ström. Se efter att routerns lampor lyser och ring sedan den som "
        "sköter "
        "nätverket.",
    ),
    AlertScope.NETWORK: FindingText(
        "De flesta skärmarna tappade servern på en gång.",
        "Ingen behöver gå till skärmarna. Troligen är det nätverket framför servern: ring den som sköter servern.",
    ),
}
