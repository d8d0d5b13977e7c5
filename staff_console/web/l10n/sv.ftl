app-name = Bibliotekarie på begäran
title-off = Ledig
title-on = I tjänst
title-visit = I samtal

## Signing in
signin-title = Vad bra att du är här
signin-lead = Logga in för att svara besökare på filialerna.
signin-login = Användarnamn
signin-password = Lösenord
signin-do = Logga in
signin-busy = Loggar in…
starting = Ett ögonblick…
unreachable-title = Servern svarar inte
unreachable-lead = Sidan försöker igen av sig själv. Ingenting har gått förlorat.
unreachable-do = Försök nu
insecure-title = Sidan behöver en adress med https
insecure-lead = Annars ger webbläsaren varken kamera eller mikrofon. Säg till den som sköter servern.
password-title = Välj ett eget lösenord
password-lead = Det du fick gäller bara den här första gången.
password-current = Lösenordet du fick
password-new = Nytt lösenord
password-hint = Minst 12 tecken. Några ord i rad är lätta att minnas och svåra att gissa.
password-do = Spara och fortsätt
password-busy = Sparar…
sign-out = Logga ut

## Top of the page
settings = Inställningar
language = Språk
theme = Färger
theme-system = Som datorn
theme-light = Ljust
theme-dark = Mörkt
shortcuts-on = Svara och styr med enstaka tangenter
shortcuts-lead = Tangenten står på knappen. När du skriver vilar de.
close = Stäng
link-connecting = Ansluter…
link-away = Anslutningen är borta. Försöker igen…
link-away-call = Anslutningen till servern är borta. Försöker igen, samtalet fortsätter.
link-forbidden = Ditt konto har ingen plats här. Be den som äger tjänsten om rollen bibliotekarie.
link-origin = Servern känner inte igen den här sidans adress. Säg till den som sköter servern.
outdated = Det finns en nyare version av sidan.
outdated-do = Hämta den

## Duty
duty-off = Du är ledig
duty-off-lead = Ingen kan ringa dig. Ett klick gör dig tillgänglig och spelar ringsignalen en gång, så att du känner igen den.
duty-green = Du är i tjänst: besökarna ser grönt
duty-green-lead = När någon trycker ringer det här. Du kan använda andra sidor under tiden, bara den här får vara öppen.
duty-pending = Du är i tjänst
duty-pending-lead = Strax ser besökarna grönt.
duty-broken = Du är i tjänst, men besökarna kan inte nå dig
duty-unknown = Du är i tjänst, och vi letar efter servern
duty-unknown-lead = Tills den är hittad kan besökarna se att ingen svarar.
duty-on-do = Gå i tjänst
duty-off-do = Gå ur tjänst
duty-named = Visa mitt förnamn på skärmarna i filialerna
mend-sound = Webbläsaren håller tyst: du skulle inte höra när det ringer.
mend-sound-do = Slå på ljudet
mend-microphone = Det kommer inget ljud från din mikrofon. Sitter den i, och är den på?
mend-microphone-do = Prova mikrofonen igen
mend-camera = Det kommer ingen bild från din kamera. Sitter den i, och används den inte av något annat?
mend-camera-do = Prova kameran igen

## Devices
devices-title = Bild och ljud
devices-check = Kontrollera bild och ljud
devices-lead = Webbläsaren frågar om kamera och mikrofon. Ingenting spelas någonsin in.
devices-own = Så här ser besökarna dig.
devices-none = Ingen bild
devices-level = Din mikrofon
devices-level-hint = Säg något: stapeln ska röra sig.
devices-test = Spela ringsignalen
devices-testing = Ringer…
device-microphone = Mikrofon
device-camera = Kamera
device-loudspeaker = Högtalare
device-default = Datorns val
condition-ok = Fungerar
condition-missing = Hittas inte
condition-failed = Ger ingenting
condition-closed = Inte öppnad än
condition-blocked = Inte tillåten
condition-silent = Tyst
blocked-hint = Klicka på tecknet till vänster om adressen högst upp, tillåt, och försök igen.

## The line
line-title = Kön
line-empty = Ingen väntar.
line-ringing = Ringer
line-returned = Blev avbruten och går först
line-answered = I samtal
line-held = parkerat
patience-fresh = nyss
patience-long = lång väntan
patience-very_long = alldeles för länge
colleagues-title = Kollegor i tjänst
colleagues-none = Ingen annan är i tjänst.
colleague-free = ledig
colleague-busy = i samtal
colleague-unreachable = går inte att nå

## The ring
ring-title = Besökare i { $branch }
ring-notice = Det ringer från { $kiosk }. Klicka för att svara.
ring-lead = En besökare ringer
ring-service = Tjänst
ring-language = Språk
ring-waited = Har väntat
ring-returned = Samtalet bröts, så den här besökaren går först.
ring-accept = Svara
ring-decline = Inte nu
ring-left = Ringer i { $seconds } s till
ring-answering = Svarar…

## The call
call-building = Tar kontakt
call-summoned = { $kiosk } startar bild och ljud…
call-verifying = Kontrollerar att det verkligen är vår skärm…
call-connecting = Bild och ljud är på väg…
call-shaky = Linjen är svag. Den kan komma tillbaka av sig själv…
call-renewing = Linjen bröts. En ny byggs upp, vänta kvar.
call-unverified = Det här är inte vår skärm
call-unverified-lead = Den som svarade har inte nyckeln till { $kiosk }. Ingen bild och inget ljud från dig har skickats. Kliv ur samtalet och säg till den som sköter skärmarna.
call-unsupported = Webbläsaren kan inte kontrollera att det är vår skärm
call-unsupported-lead = Ingen bild och inget ljud från dig har skickats. Kliv ur samtalet, uppdatera webbläsaren och försök igen.
call-verified = Kontrollerad skärm
call-connected = I samtal
call-held = Parkerat
call-held-lead = Besökaren varken ser eller hör dig nu, och du inte besökaren.
call-hidden = Besökarens kamera är av
call-hidden-lead = Besökarna väljer själva om de vill synas.
call-sent-both = Besökaren ser och hör dig
call-sent-sound = Besökaren hör dig, din kamera är av
call-sent-picture = Besökaren ser dig, din mikrofon är av
call-sent-none = Besökaren varken ser eller hör dig
call-sent-soon = Besökaren ser och hör dig inte än
call-kiosk-no-camera = Skärmens kamera fungerar inte.
call-kiosk-no-microphone = Skärmens mikrofon fungerar inte: be besökaren skriva.
call-kiosk-no-loudspeaker = Skärmens högtalare fungerar inte: skriv i stället.
call-kiosk-muted = Besökaren har stängt av mikrofonen.
call-kiosk-away = Skärmen har tappat anslutningen. Den brukar komma tillbaka av sig själv.
call-own-no-camera = Din kamera ger ingen bild. Samtalet fortsätter.
call-own-no-microphone = Din mikrofon ger inget ljud: skriv i stället.
call-playback = Webbläsaren spelar inte besökarens ljud.
call-playback-do = Slå på ljudet
call-try-again = Försök igen
visitor-picture = Besökaren
own-picture = Du
own-picture-off = Skickas inte
mute = Tysta mig
hide = Kamera av
hold = Parkera
resume = Tillbaka till besökaren
devices-choose = Enheter
finish = Avsluta
leave = Kliv ur…
leave-title = Vill du kliva ur samtalet?
leave-lead = Besökaren stannar kvar, får gå först i kön, och en kollega tillfrågas.
leave-do = Kliv ur
leave-not = Stanna

## Typed text
text-title = Skriven text
text-empty = Det du eller besökaren skriver syns här, bokstav för bokstav.
text-placeholder = Skriv här…
text-label = Skriv till besökaren. Det syns där medan du skriver.
text-send = Ny rad
text-you = Du
text-visitor = Besökaren
text-visitor-typing = Besökaren skriver

## Beside the call
beside = Till hjälp
help-title = Filialen
help-kiosk = Skärm
help-phone = Telefon
help-notes = Bra att veta
help-service = Tjänst
help-language = Språk
help-duration = Samtalstid

## Round off
closeout-title = Hur gick det i { $branch }?
closeout-topic = Vad gällde det?
closeout-outcome = Löste det sig?
closeout-skip = Hoppa över
closeout-back = Tillbaka
closeout-wrap = Det ringer här igen om { $seconds } s, eller så snart du har svarat.
topic-find_material = Hitta något
topic-loan_or_card = Lån eller kort
topic-digital_help = Digital hjälp
topic-room_or_machine = Lokalen eller en maskin
topic-other = Något annat
outcome-solved = Löst
outcome-referred = Hänvisad till någon annan
outcome-not_solved = Inte löst

## When something was refused
fault-close = Uppfattat
fault-not_authenticated = Användarnamn och lösenord hör inte ihop.
fault-too_fast = För många försök. Vänta { $retry_after_s } s och försök igen.
fault-too_fast-soon = För mycket på en gång. Vänta en stund och försök igen.
fault-weak_password = Välj ett annat: minst { $min_chars } tecken, och inte det du fick.
fault-wrong_password = Lösenordet du fick är ett annat.
fault-taken = { $winner } hann före och har besöket.
fault-taken-somebody = Någon annan hann före och har besöket.
fault-wrong_state = Det var redan över.
fault-not_found = Besöket är över.
fault-no_answer = Servern svarade inte. Försök igen.
fault-forbidden = Ditt konto får inte göra det.
fault-unavailable = Det går inte just nu. Försök igen om en stund.
fault-other = Det gick inte ({ $code }). Försök igen.

language-sv = Svenska
language-nb = Norsk bokmål
language-en = English
