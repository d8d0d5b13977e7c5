app-name = Bibliotekar på skjerm
title-off = Ikke på vakt
title-on = På vakt
title-visit = I samtale

## Signing in
signin-title = Så fint at du er her
signin-lead = Logg inn for å svare besøkende i filialene.
signin-login = Brukernavn
signin-password = Passord
signin-do = Logg inn
signin-busy = Logger inn…
starting = Et øyeblikk…
unreachable-title = Serveren svarer ikke
unreachable-lead = Siden prøver igjen av seg selv. Ingenting er gått tapt.
unreachable-do = Prøv nå
insecure-title = Siden trenger en adresse med https
insecure-lead = Ellers gir nettleseren verken kamera eller mikrofon. Si fra til den som drifter serveren.
password-title = Velg ditt eget passord
password-lead = Det du fikk, gjelder bare denne første gangen.
password-current = Passordet du fikk
password-new = Nytt passord
password-hint = Minst 12 tegn. Noen ord på rad er lette å huske og vanskelige å gjette.
password-do = Lagre og gå videre
password-busy = Lagrer…
sign-out = Logg ut

## Top of the page
settings = Innstillinger
language = Språk
theme = Farger
theme-system = Som maskinen
theme-light = Lyst
theme-dark = Mørkt
shortcuts-on = Svar og styr med enkelttaster
shortcuts-lead = Tasten står på knappen. Tastene hviler mens du skriver.
close = Lukk
link-connecting = Kobler til…
link-away = Forbindelsen er borte. Prøver igjen…
link-away-call = Forbindelsen til serveren er borte. Prøver igjen, samtalen går videre.
link-forbidden = Kontoen din har ingen plass her. Be tjenesteeieren om rollen bibliotekar.
link-origin = Serveren kjenner ikke adressen til denne siden. Si fra til den som drifter den.
outdated = Det finnes en nyere versjon av siden.
outdated-do = Hent den

## Duty
duty-off = Du er ikke på vakt
duty-off-lead = Ingen kan ringe deg. Ett klikk setter deg på vakt og spiller ringesignalet én gang, så du kjenner det igjen.
duty-green = Du er på vakt: de besøkende ser grønt
duty-green-lead = Når noen trykker, ringer det her. Du kan bruke andre sider imens, bare la denne stå åpen.
duty-pending = Du er på vakt
duty-pending-lead = Om et øyeblikk ser de besøkende grønt.
duty-broken = Du er på vakt, men de besøkende kan ikke nå deg
duty-unknown = Du er på vakt, og vi leter etter serveren
duty-unknown-lead = Til den er funnet, kan de besøkende se at ingen svarer.
duty-on-do = Gå på vakt
duty-off-do = Gå av vakt
duty-named = Vis fornavnet mitt på skjermene i filialene
mend-sound = Nettleseren holder lyden tilbake: du ville ikke høre at det ringer.
mend-sound-do = Slå på lyden
mend-microphone = Det kommer ingen lyd fra mikrofonen din. Er den plugget i og slått på?
mend-microphone-do = Prøv mikrofonen igjen
mend-camera = Det kommer ikke noe bilde fra kameraet ditt. Er det plugget i, og ikke i bruk et annet sted?
mend-camera-do = Prøv kameraet igjen

## Devices
devices-title = Bilde og lyd
devices-check = Sjekk bilde og lyd
devices-lead = Nettleseren spør om kamera og mikrofon. Ingenting blir noen gang tatt opp.
devices-own = Slik ser de besøkende deg.
devices-none = Ikke noe bilde
devices-level = Mikrofonen din
devices-level-hint = Si noe: stolpen skal bevege seg.
devices-test = Spill ringesignalet
devices-testing = Ringer…
device-microphone = Mikrofon
device-camera = Kamera
device-loudspeaker = Høyttaler
device-default = Maskinens valg
condition-ok = Virker
condition-missing = Ikke funnet
condition-failed = Gir ingenting
condition-closed = Ikke åpnet ennå
condition-blocked = Ikke tillatt
condition-silent = Stille
blocked-hint = Klikk på tegnet til venstre for adressen øverst, tillat, og prøv igjen.

## The line
line-title = Køen
line-empty = Ingen venter.
line-ringing = Ringer
line-returned = Ble brutt og står først
line-answered = I samtale
line-held = på vent
patience-fresh = nettopp
patience-long = lang ventetid
patience-very_long = altfor lenge
colleagues-title = Kolleger på vakt
colleagues-none = Ingen andre er på vakt.
colleague-free = ledig
colleague-busy = i samtale
colleague-unreachable = kan ikke nås

## The ring
ring-title = Besøkende på { $branch }
ring-notice = Det ringer fra { $kiosk }. Klikk for å svare.
ring-lead = En besøkende ringer
ring-service = Tjeneste
ring-language = Språk
ring-waited = Har ventet
ring-returned = Samtalen ble brutt, så denne besøkende står først.
ring-accept = Svar
ring-decline = Ikke nå
ring-left = Ringer i { $seconds } s til
ring-answering = Svarer…

## The call
call-building = Tar kontakt
call-summoned = { $kiosk } starter bilde og lyd…
call-verifying = Sjekker at det virkelig er vår skjerm…
call-connecting = Bilde og lyd er på vei…
call-shaky = Linjen er svak. Den kan komme tilbake av seg selv…
call-renewing = Linjen ble brutt. En ny bygges opp, bli her.
call-unverified = Dette er ikke vår skjerm
call-unverified-lead = Den som svarte, har ikke nøkkelen til { $kiosk }. Verken bilde eller lyd fra deg er sendt. Gå ut av samtalen, og si fra til den som passer skjermene.
call-unsupported = Nettleseren kan ikke sjekke at det er vår skjerm
call-unsupported-lead = Verken bilde eller lyd fra deg er sendt. Gå ut av samtalen, oppdater nettleseren og prøv igjen.
call-verified = Bekreftet skjerm
call-connected = I samtale
call-held = På vent
call-held-lead = Den besøkende verken ser eller hører deg nå, og du ikke den besøkende.
call-hidden = Kameraet til den besøkende er av
call-hidden-lead = De besøkende velger selv om de vil bli sett.
call-sent-both = Den besøkende ser og hører deg
call-sent-sound = Den besøkende hører deg, kameraet ditt er av
call-sent-picture = Den besøkende ser deg, mikrofonen din er av
call-sent-none = Den besøkende verken ser eller hører deg
call-sent-soon = Den besøkende ser og hører deg ikke ennå
call-kiosk-no-camera = Kameraet på skjermen virker ikke.
call-kiosk-no-microphone = Mikrofonen på skjermen virker ikke: be den besøkende skrive.
call-kiosk-no-loudspeaker = Høyttaleren på skjermen virker ikke: skriv i stedet.
call-kiosk-muted = Den besøkende har slått av mikrofonen.
call-kiosk-away = Skjermen har mistet forbindelsen. Den kommer som regel tilbake av seg selv.
call-own-no-camera = Kameraet ditt gir ikke noe bilde. Samtalen går videre.
call-own-no-microphone = Mikrofonen din gir ingen lyd: skriv i stedet.
call-playback = Nettleseren spiller ikke lyden fra den besøkende.
call-playback-do = Slå på lyden
call-try-again = Prøv igjen
visitor-picture = Den besøkende
own-picture = Du
own-picture-off = Sendes ikke
mute = Demp meg
hide = Kamera av
hold = På vent
resume = Tilbake til den besøkende
devices-choose = Enheter
finish = Avslutt
leave = Gå ut…
leave-title = Vil du gå ut av samtalen?
leave-lead = Den besøkende blir, går først i køen, og en kollega blir spurt.
leave-do = Gå ut
leave-not = Bli

## Typed text
text-title = Skrevet tekst
text-empty = Det du eller den besøkende skriver, vises her, bokstav for bokstav.
text-placeholder = Skriv her…
text-label = Skriv til den besøkende. Det vises der mens du skriver.
text-send = Ny linje
text-you = Du
text-visitor = Den besøkende
text-visitor-typing = Den besøkende skriver

## Beside the call
beside = Til hjelp
help-title = Filialen
help-kiosk = Skjerm
help-phone = Telefon
help-notes = Greit å vite
help-service = Tjeneste
help-language = Språk
help-duration = Samtaletid

## Round off
closeout-title = Hvordan gikk det på { $branch }?
closeout-topic = Hva gjaldt det?
closeout-outcome = Løste det seg?
closeout-skip = Hopp over
closeout-back = Tilbake
closeout-wrap = Det ringer her igjen om { $seconds } s, eller så snart du har svart.
topic-find_material = Finne noe
topic-loan_or_card = Lån eller kort
topic-digital_help = Digital hjelp
topic-room_or_machine = Lokalet eller en maskin
topic-other = Noe annet
outcome-solved = Løst
outcome-referred = Henvist til noen andre
outcome-not_solved = Ikke løst

## When something was refused
fault-close = Greit
fault-not_authenticated = Brukernavn og passord hører ikke sammen.
fault-too_fast = For mange forsøk. Vent { $retry_after_s } s og prøv igjen.
fault-too_fast-soon = For mye på én gang. Vent litt og prøv igjen.
fault-weak_password = Velg et annet: minst { $min_chars } tegn, og ikke det du fikk.
fault-wrong_password = Passordet du fikk, er et annet.
fault-taken = { $winner } var raskere og har besøket.
fault-taken-somebody = Noen andre var raskere og har besøket.
fault-wrong_state = Det var allerede over.
fault-not_found = Besøket er over.
fault-no_answer = Serveren svarte ikke. Prøv igjen.
fault-forbidden = Kontoen din kan ikke gjøre det.
fault-unavailable = Det går ikke akkurat nå. Prøv igjen om litt.
fault-other = Det gikk ikke ({ $code }). Prøv igjen.

language-sv = Svenska
language-nb = Norsk bokmål
language-en = English
