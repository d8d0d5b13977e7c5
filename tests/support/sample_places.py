"""A branch as it might be: its services, its answer cards, and who is there, for pictures and tests of the screens."""

from __future__ import annotations

from kiosk.core.snapshot import AnswerCard, Availability, BranchFacts, ServiceFacts, Texts
from signaling.protocol.vocabulary import CardId, Language, ServiceId

SV, NB, EN = Language.SV, Language.NB, Language.EN

NAMES: dict[str, Texts] = {
    "library-help": {SV: "Bibliotekshjälp", NB: "Bibliotekhjelp", EN: "Library help"},
    "digital-help": {SV: "Digital hjälp", NB: "Digital hjelp", EN: "Digital help"},
    "building-permits": {SV: "Bygglov", NB: "Byggesaker", EN: "Building permits"},
    "tourist-office": {SV: "Turistbyrån", NB: "Turistkontoret", EN: "Tourist office"},
}
_WIFI_SV = (
    "Välj nätet Älvdalen Gäst på din telefon eller dator. En sida öppnas av sig själv. Skriv in numret på ditt "
    "lånekort och tryck på Anslut.\n\nÖppnas ingen sida? Gå till valfri adress i webbläsaren, så kommer den fram. "
    "Nätet räcker till i hela huset, men är bäst vid läsplatserna på övervåningen.\n\nHar du inget lånekort kan du "
    "få en dagskod: skriv ditt telefonnummer på samma sida, så kommer koden som sms.\n\nNätet är öppet. Gör inga "
    "bankärenden på det utan att först se efter att adressen börjar med https."
)
CARDS = (
    AnswerCard(
        CardId("wifi"),
        {SV: "Hur kommer jag ut på nätet här?", NB: "Hvordan kommer jeg på nett her?", EN: "How do I get online here?"},
        {
            SV: _WIFI_SV,
            NB: "Velg nettet Älvdalen Gäst. Det åpner seg en side der du skriver nummeret på lånekortet ditt.",
            EN: "Choose the network Älvdalen Gäst. A page opens by itself: type the number of your library card.",
        },
    ),
    AnswerCard(
        CardId("printer"),
        {SV: "Hur skriver jag ut?", NB: "Hvordan skriver jeg ut?", EN: "How do I print?"},
        {
            SV: "Skicka filen till utskrift@alvdalen.example. Koden i svaret skriver du in på skrivaren vid trappan.",
            NB: "Send filen til utskrift@alvdalen.example. Koden i svaret taster du inn på skriveren ved trappen.",
            EN: "Send the file to utskrift@alvdalen.example. Type the code of the reply at the printer by the stairs.",
        },
    ),
    AnswerCard(
        CardId("return"),
        {SV: "Var lämnar jag tillbaka böcker?", NB: "Hvor leverer jeg bøker?", EN: "Where do I return books?"},
        {
            SV: "I luckan till höger om dörren, dygnet runt.",
            NB: "I luken til høyre for døren, hele døgnet.",
            EN: "In the hatch to the right of the door, at any hour.",
        },
    ),
    AnswerCard(
        CardId("card"),
        {SV: "Hur skaffar jag lånekort?", NB: "Hvordan får jeg lånekort?", EN: "How do I get a library card?"},
        {SV: "Fyll i blanketten vid disken och lägg den i lådan.", EN: "Fill in the form at the desk."},
    ),
    AnswerCard(
        CardId("toilet"),
        {SV: "Var är toaletten?", NB: "Hvor er toalettet?", EN: "Where are the toilets?"},
        {SV: "En trappa ner, första dörren. Koden är 2468.", EN: "One floor down, the first door. The code is 2468."},
    ),
    AnswerCard(
        CardId("quiet"),
        {SV: "Finns det ett tyst rum att låna för grupper på upp till sex personer?", EN: "Is there a quiet room?"},
        {SV: "Ja, på övervåningen.", EN: "Yes, upstairs."},
    ),
    AnswerCard(
        CardId("lost"),
        {SV: "Jag har glömt något här", NB: "Jeg har glemt noe her", EN: "I have left something behind"},
        {SV: "Ring oss, så ser vi efter.", EN: "Call us, and we will look."},
    ),
)
BRANCH = BranchFacts(
    library_name="Älvdalens stadsbibliotek",
    branch_name="Norra filialen",
    phone="0251-55 01 20",
    cards=CARDS,
)


def one_service(availability: Availability) -> tuple[ServiceFacts, ...]:
    """What most branches have: one thing to ask for."""
    service_id = "library-help"
    return (ServiceFacts(ServiceId(service_id), NAMES[service_id], availability=availability),)


def services(*availabilities: Availability) -> tuple[ServiceFacts, ...]:
    """Several services, the most wanted first."""
    return tuple(
        ServiceFacts(ServiceId(service_id), NAMES[service_id], availability=availability)
        for service_id, availability in zip(NAMES, availabilities, strict=False)
    )
